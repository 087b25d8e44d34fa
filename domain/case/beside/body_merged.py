"""机构合并 Body merged: what is open of a case goes on with the body into which another one was merged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from domain.case.beside.turns import asked_above, gone
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationEvent
from domain.case.course import Replaced
from domain.shared.marks import Framed
from domain.shared.slices import Slice
from domain.shared.succession import instead
from domain.shared.values import BodyId, Level, Value


def is_at(case: DisputeCase, body: BodyId) -> bool:
    """Whether something of the case is still to be done by the body."""
    active = case.active_mediation
    mediating = {active.body, *active.joint} if active else set()
    warned = {one.to for one in case.risk_reports.values() if not one.answered}
    return body in {case.holder, *mediating, *warned, *asked_above(case)}


def body_merged(case: DisputeCase, was: BodyId, into: BodyId, level: Level) -> Iterator[CaseEvent]:
    """`level`: of the body that goes on, at which the matter stays."""
    assert case.holder
    assert case.level
    assert case.registered_by
    read = was not in gone(case)  # what it read no more, the other one reads as that body alone
    seeing = frozenset(instead(body, was, into) for body in case.seeing) if read else case.seeing
    given = (GivenTo(body=instead(body, was, into) if read else body, content=one) for body, one in case.given.items())
    yield BodyReplaced(
        was=was,
        into=into,
        holder=instead(case.holder, was, into),
        level=level if case.holder == was else case.level,
        registered_by=instead(case.registered_by, was, into) if read else case.registered_by,
        registered_for=instead(case.registered_for, was, into) if read else case.registered_for,
        seeing=tuple(sorted(seeing)),
        given=tuple(given),
    )
    active = case.active_mediation
    if active and was in {active.body, *active.joint}:
        joint = tuple(sorted(instead(body, was, into) for body in active.joint))
        yield MediationGivenOver(mediation=active.number, body=instead(active.body, was, into), joint=joint)
    for number, report in case.risk_reports.items():
        if report.to == was and not report.answered:
            yield RiskReportGivenOver(report=number, to=into)


class GivenTo(Value):
    """What part of the case was handed to a body."""

    body: BodyId
    content: Slice


class BodyReplaced(CaseEvent):
    """Whatever stands before it keeps the body that did it, and its name."""

    name: ClassVar = "case.body_replaced"
    framed: ClassVar = True
    immutable = True
    was: Framed[BodyId]
    into: Framed[BodyId]
    holder: Framed[BodyId]
    level: Framed[Level]
    registered_by: BodyId
    registered_for: BodyId | None
    seeing: tuple[BodyId, ...]
    given: tuple[GivenTo, ...]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(
            holder=self.holder,
            level=self.level,
            registered_by=self.registered_by,
            registered_for=self.registered_for,
            seeing=frozenset(self.seeing),
            given={one.body: one.content for one in self.given},
            course=(*case.course, Replaced(was=self.was, into=self.into)),
        )


class MediationGivenOver(MediationEvent):
    """It goes on with the body that takes the place of the one that mediated; its mediators stay."""

    name: ClassVar = "case.mediation_given_over"
    framed: ClassVar = True
    immutable = True
    body: Framed[BodyId]
    joint: Framed[tuple[BodyId, ...]]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_mediation(self.mediation, body=self.body, joint=frozenset(self.joint))


class RiskReportGivenOver(CaseEvent):
    """What was reported to an organ is answered by the one that takes its place."""

    name: ClassVar = "case.risk_report_given_over"
    immutable = True
    report: int
    to: BodyId

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.report in state.risk_reports

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        report = case.risk_reports[self.report].but(to=self.to)
        return case.but(risk_reports={**case.risk_reports, self.report: report})
