"""开始调解 Starting: once all consent; of a road accident before the police, with the day that its time begins."""

from __future__ import annotations

from datetime import datetime, time
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.laws import (
    RIGHTS,
)
from domain.case.limits import TRAFFIC_CONCLUDE
from domain.case.mediating.mediation import ready_to_mediate
from domain.case.mediations import Mediation, Stage
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.errors import Refused
from domain.shared.law import Due
from domain.shared.occasion import Occasion
from domain.shared.values import Day


class StartMediation(MediationCommand):
    """开始调解"""

    allowed_in = frozenset({Stage.CONSENTED})
    rule = RIGHTS
    harm_settled_on: Day | None = None
    """Of a road accident before the police: when the funeral or the treatment was over, or disability or loss were
    established, if that was after they accepted it (道路交通事故处理程序规定 90)."""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        ready_to_mediate(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        due = self._counted_later(case.mediation(self.mediation), on)
        return (MediationStarted(mediation=self.mediation, conclude=due),)

    def _counted_later(self, mediation: Mediation, on: Occasion) -> Due | None:
        """Mediation of a road accident begins on that day, and its ten days with it."""
        day, due = self.harm_settled_on, mediation.conclude
        if day is None or due is None:
            return None
        if due.clock != TRAFFIC_CONCLUDE.code:
            raise OnlyOfRoadAccidents(clock=due.clock, basis=str(TRAFFIC_CONCLUDE.basis))
        if not local_day(mediation.opened_at) <= day <= on.day:
            raise SettledBetween(opened=local_day(mediation.opened_at), day=on.day)
        return on.due(TRAFFIC_CONCLUDE, datetime.combine(day, time(12), SHANGHAI))


class OnlyOfRoadAccidents(Refused):
    """Only the mediation of a road accident by the police begins with the day on which the harm was settled."""


class SettledBetween(Refused):
    """That day lies between the acceptance and the start of the mediation."""


class MediationStarted(MediationEvent):
    name: ClassVar = "case.mediation_started"
    of = (StartMediation,)
    conclude: Due | None = None
    """None: it is counted from the acceptance."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.conclude:
            return case.with_mediation(self.mediation, stage=Stage.UNDER_WAY, since=at, conclude=self.conclude)
        return case.with_mediation(self.mediation, stage=Stage.UNDER_WAY, since=at)
