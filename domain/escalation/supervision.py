"""督办 Supervision: the level above sets a day, urges, hears a report and ends it; the matter stays where it is."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.escalation.commands import EscalationCommand, EscalationEvent, NotAbove, refuse_unless_above
from domain.escalation.escalation import Escalation, EscalationStage
from domain.escalation.kinds import EscalationKind, Ground
from domain.escalation.raising import NEW
from domain.shared.errors import Refused
from domain.shared.law import Due, Effect
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, CaseId, Day, Narrative, Reason, Text, Told
from domain.shared.vocabulary import Asker

UNDER_SUPERVISION = frozenset({EscalationStage.SUPERVISED})


class DayIsOver(Refused):
    """What is demanded is due on a later day than today."""


class SuperviseCase(EscalationCommand):
    """督办"""

    allowed_in = NEW
    asker = Asker.ABOVE
    because: Ground
    report_by: Day
    demand: Reason

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        holder = on.case_facts.holder
        refuse_unless_above(on.body.id, holder, on, NotAbove)
        if self.report_by <= on.day:
            raise DayIsOver(report_by=self.report_by)
        set_day = Due(
            clock="SUPERVISION",
            since=on.occurred_at,
            day=self.report_by,
            basis="",
            calendar="",
            effect=Effect.FLAG,
        )
        supervised = CaseSupervised(
            case=on.case_facts.id,
            below=holder,
            above=on.body.id,
            ground=self.because,
            demand=on.narrative(self.demand, 67),
            report_by=set_day,
        )
        return (supervised,)


class CaseSupervised(EscalationEvent):
    name: ClassVar = "escalation.supervised"
    of = (SuperviseCase,)
    case: CaseId
    below: BodyId
    above: BodyId
    ground: Ground | None
    """None: the file that it was imported from names none."""
    demand: Narrative
    report_by: Due | None
    """None: it was imported, and no day is told."""

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(
            EscalationStage.SUPERVISED,
            at,
            case=self.case,
            kind=EscalationKind.SUPERVISION,
            below=self.below,
            above=self.above,
            answer_by=self.report_by,
        )


class UrgeSupervision(EscalationCommand):
    """催办"""

    allowed_in = UNDER_SUPERVISION
    asker = Asker.ABOVE
    words: Reason

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        return (SupervisionUrged(words=on.narrative(self.words, 68)),)


class SupervisionUrged(EscalationEvent):
    """Moves no date: the day that was set stands."""

    name: ClassVar = "escalation.urged"
    of = (UrgeSupervision,)
    words: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.but(urged=escalation.urged + 1, reported=False)


class ReportSupervision(EscalationCommand):
    """报告督办办理情况"""

    allowed_in = UNDER_SUPERVISION
    asker = Asker.BELOW
    account: Told

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        return (SupervisionReported(account=on.narrative(self.account, 69)),)


class SupervisionReported(EscalationEvent):
    name: ClassVar = "escalation.reported"
    of = (ReportSupervision,)
    account: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.but(reported=True)


class EndSupervision(EscalationCommand):
    """结束督办"""

    allowed_in = UNDER_SUPERVISION
    asker = Asker.ABOVE
    finding: Text = ""

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        return (SupervisionEnded(finding=on.narrative(self.finding, 70) if self.finding else None),)


class SupervisionEnded(EscalationEvent):
    name: ClassVar = "escalation.supervision_ended"
    of = (EndSupervision,)
    finding: Narrative | None

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(EscalationStage.ENDED, at, answer_by=None)
