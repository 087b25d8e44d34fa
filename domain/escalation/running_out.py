"""期限届满 Running out: a request that nobody answered, a report that did not come; both are flagged."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.escalation.clock_names import EscalationClock
from domain.escalation.commands import EscalationCommand, EscalationEvent
from domain.escalation.escalation import Escalation, EscalationStage, running
from domain.shared.errors import Conflict
from domain.shared.law import Due
from domain.shared.occasion import Occasion
from domain.shared.values import Day
from domain.shared.vocabulary import Asker

WAITING = frozenset({EscalationStage.REQUESTED, EscalationStage.SUPERVISED})


class NothingRunsOut(Conflict):
    """This clock does not run, or its day is not over."""


class LetEscalationRunOut(EscalationCommand):
    """期限届满(上行、督办)"""

    allowed_in = WAITING
    asker = Asker.CLOCK
    clock: EscalationClock
    day: Day

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        due = running(escalation).get(self.clock)
        if due is None or due.day != self.day or not due.fires(on.now):
            raise NothingRunsOut(clock=self.clock, day=self.day)
        return (EscalationClockRanOut(clock=self.clock, due=due),)


class EscalationClockRanOut(EscalationEvent):
    name: ClassVar = "escalation.clock_ran_out"
    of = (LetEscalationRunOut,)
    clock: EscalationClock
    due: Due

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.but(run_out=escalation.run_out | {self.due.key(self.clock)})


class FixEscalationDue(EscalationCommand):
    """核定暂定期限(上行)"""

    allowed_in = WAITING
    asker = Asker.CLOCK
    clock: EscalationClock

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        due = running(escalation).get(self.clock)
        if due is None or not due.provisional or on.calendar.is_provisional(due.day):
            raise NothingRunsOut(clock=self.clock)
        return (EscalationDueFixed(clock=self.clock, due=due.fixed(on.calendar)),)


class EscalationDueFixed(EscalationEvent):
    """The holidays of that year are published: later, never earlier."""

    name: ClassVar = "escalation.due_fixed"
    of = (FixEscalationDue,)
    clock: EscalationClock
    due: Due

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.but(answer_by=self.due)
