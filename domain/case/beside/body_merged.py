"""机构合并 Body merged: what is open of a case goes on with the body into which another one was merged."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.beside.turns import gone
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.course import Answered, AskedAbove, Moved, Warned, WarningAnswered
from domain.case.mediations import ACTIVE, Mediation
from domain.shared.marks import Framed
from domain.shared.succession import One, instead
from domain.shared.values import BodyId, Level

Step = Moved | AskedAbove | Answered | Warned | WarningAnswered


def body_merged(case: DisputeCase, was: BodyId, into: BodyId, level: Level) -> BodyReplaced:
    """`level`: of the body that goes on, at which the matter stays."""
    return BodyReplaced(was=was, into=into, level=level, reads=was not in gone(case))


class BodyReplaced(CaseEvent):
    """Whatever stands before it keeps the body that did it, and its name."""

    name: ClassVar = "case.body_replaced"
    framed: ClassVar = True
    immutable = True
    was: Framed[BodyId]
    into: Framed[BodyId]
    level: Framed[Level]
    reads: Framed[bool]
    """Whether the turn of the one that was merged went on: the other one reads what it read."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediations = {number: self._mediated(one) for number, one in case.mediations.items()}
        reports = {
            number: one.but(to=self._one(one.to)) if not one.answered else one
            for number, one in case.risk_reports.items()
        }
        acting = case.but(holder=self._one(case.holder), mediations=mediations, risk_reports=reports)
        return self._as_read(acting) if self.reads else acting

    def _as_read(self, case: DisputeCase) -> DisputeCase:
        given = {self._one(body): one for body, one in case.given.items()}
        return case.but(
            registered_by=self._one(case.registered_by),
            registered_for=self._one(case.registered_for),
            seeing=frozenset(self._one(body) for body in case.seeing),
            given=given,
            course=tuple(self._step(one) for one in case.course),
        )

    def _one(self, body: One) -> One:
        return instead(body, self.was, self.into)

    def _mediated(self, one: Mediation) -> Mediation:
        """What goes on; a mediation that came to its end stays the other body's."""
        if one.stage not in ACTIVE:
            return one
        return one.but(body=self._one(one.body), joint=frozenset(self._one(body) for body in one.joint))

    def _step(self, step: Step) -> Step:
        match step:
            case Moved():
                return step.but(was=self._one(step.was), holder=self._one(step.holder))
            case AskedAbove() | Warned() | WarningAnswered():
                return step.but(body=self._one(step.body))
        return step
