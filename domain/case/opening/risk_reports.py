"""风险报告 Reports of a danger to the police or another competent organ, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from domain.case.beside.turns import asked_above, reads_all
from domain.case.case import DisputeCase
from domain.case.commands import WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.course import Warned, WarningAnswered
from domain.case.kinds import OrganKind
from domain.case.laws import REPORT_RISK
from domain.case.organ_papers import RiskReport
from domain.case.service_limits import RISK_ANSWER
from domain.shared.errors import Missing, Refused
from domain.shared.law import Due
from domain.shared.marks import Correctable, Framed, OfAnOfficial
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.slices import NOTHING, Slice
from domain.shared.values import BodyId, BodyKind, Line, Narrative, Text, Told

_OTHERS = frozenset({BodyKind.ORGAN, BodyKind.CENTRE})
DESKS: Mapping[OrganKind, frozenset[BodyKind]] = {
    OrganKind.COURT: frozenset({BodyKind.COURT}),
    OrganKind.POLICE: frozenset({BodyKind.POLICE}),
    OrganKind.ARBITRATION: _OTHERS,
    OrganKind.ADMINISTRATIVE: _OTHERS,
    OrganKind.PETITION: frozenset({BodyKind.PETITION}),
    OrganKind.OTHER: _OTHERS,
}
"""The kinds of desk that are such an organ's: a village's committee is none."""


class DeskOfAnotherKind(Refused):
    """The body named is no organ of the kind that it is reported to."""


class DeskToBeNamed(Refused):
    """That organ has a desk here: a report reaches it there, and not by a name that is typed in (人民调解法 25)."""


class ReportedToOneself(Refused):
    """A body does not report to itself."""


class ReportRisk(CaseCommand):
    """向公安机关等报告风险"""

    allowed_in = WHILE_KEPT
    rule = REPORT_RISK
    needs_desks: ClassVar = True
    recipient: OrganKind = OrganKind.POLICE
    recipient_name: OfAnOfficial[Line]
    recipient_body: BodyId | None = None
    """The organ itself, where it has a desk here: it then sees the case, and answers."""
    account: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.recipient_body:
            self._check_desk(on.receiving_body(self.recipient_body), on)
        elif self._has_desk(on):
            raise DeskToBeNamed(recipient=self.recipient, basis=str(REPORT_RISK))
        whole = on.body.id in reads_all(case)
        return (
            RiskReported(
                in_part=not whole,
                opens=self.recipient_body not in reads_all(case),
                content=None if whole else case.given.get(on.body.id),
                report_number=max(case.risk_reports, default=0) + 1 if self.recipient_body else 0,
                recipient_body=self.recipient_body,
                answer_by=on.due(RISK_ANSWER) if self.recipient_body else None,
                recipient=self.recipient,
                recipient_name=self.recipient_name,
                account=on.narrative(self.account),
            ),
        )

    def _has_desk(self, on: Occasion) -> bool:
        """Of the organs with a kind of desk of their own: of the others nobody knows whether it is this one's."""
        kinds = DESKS[self.recipient]
        return kinds != _OTHERS and on.body.kind not in kinds and bool(kinds & on.desks)

    def _check_desk(self, desk: BodyFacts, on: Occasion) -> None:
        if desk.id == on.body.id:
            raise ReportedToOneself
        if desk.kind not in DESKS[self.recipient]:
            raise DeskOfAnotherKind(body=desk.id, recipient=self.recipient)


class RiskReported(CaseEvent):
    """Reported to the police or another competent organ, at the time it occurred (人民调解法 25)."""

    name: ClassVar = "case.risk_reported"
    framed: ClassVar = True
    of = (ReportRisk,)
    recipient: Framed[Correctable[OrganKind]]
    recipient_name: Correctable[OfAnOfficial[Line]]
    account: Correctable[Narrative]
    report_number: Framed[int] = 0
    recipient_body: Framed[BodyId | None] = None
    """None: it has no desk here, or the entry is older than this."""
    in_part: bool = False
    """Nobody shows another one more than they read themselves: who reads a part tells of that part, `content`."""
    content: Slice | None = None
    opens: bool = False
    """Whether the recipient reads the case for this reason alone, and so until it has answered."""
    answer_by: Framed[Due | None] = None

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        reported = case.but(risk_reported=True)
        if self.recipient_body is None:
            return reported
        report = RiskReport(to=self.recipient_body, answer_by=self.answer_by, opened=self.opens and not self.in_part)
        told = reported.but(risk_reports={**case.risk_reports, self.report_number: report})
        if self.in_part:
            return told.but(given={self.recipient_body: self.content or NOTHING, **case.given})
        course = (*case.course, Warned(body=self.recipient_body))
        return told.but(seeing=case.seeing | {self.recipient_body}, course=course)


class NoSuchReport(Missing):
    """No report of this number waits for your answer."""


class AnswerRiskReport(CaseCommand):
    """答复风险报告"""

    allowed_in = WHILE_KEPT
    rule = REPORT_RISK
    report: Annotated[int, Ge(1), Le(1_000)]
    answer: Told

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        found = case.risk_reports.get(self.report)
        if found is None or found.answered or found.to != on.body.id:
            raise NoSuchReport(report=self.report)
        ends = self._ends_its_turn(case, on.body.id)
        return (RiskReportAnswered(report=self.report, ends_turn=ends, answer=on.narrative(self.answer)),)

    def _ends_its_turn(self, case: DisputeCase, body: BodyId) -> bool:
        """Whether it read the case to answer, and for nothing else."""
        others = [one for number, one in case.risk_reports.items() if number != self.report and one.to == body]
        opened = any(one.opened for one in (case.risk_reports[self.report], *others))
        free = body != case.holder and body not in asked_above(case)
        return opened and free and all(one.answered for one in others)


class RiskReportAnswered(CaseEvent):
    name: ClassVar = "case.risk_report_answered"
    of = (AnswerRiskReport,)
    report: int
    answer: Correctable[Narrative]
    ends_turn: bool = False
    """Whether its organ reads no further."""

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.report in state.risk_reports

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        answered = case.risk_reports[self.report].but(answered=True)
        told = case.but(risk_reports={**case.risk_reports, self.report: answered})
        if not self.ends_turn:
            return told
        return told.but(course=(*case.course, WarningAnswered(body=case.risk_reports[self.report].to)))
