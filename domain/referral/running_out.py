"""期限届满 Running out: what an offer's silence means, by the rule of its clock."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.clock_names import ReferralClockKind, ReferralClockName
from domain.referral.commands import ReferralCommand, ReferralEvent
from domain.referral.referral import OPEN, UNANSWERED, Referral, ReferralStage, running
from domain.shared.errors import Conflict
from domain.shared.law import Due
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Day
from domain.shared.vocabulary import Asker


class NotRunOut(Conflict):
    """This clock does not run, or its day is not over."""


class LetReferralRunOut(ReferralCommand):
    """期限届满(移送)"""

    allowed_in = OPEN | {ReferralStage.ACCEPTED}
    asker = Asker.CLOCK
    clock: ReferralClockName
    day: Day
    """The day that it was due, so that a moved date is not acted on."""

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        due = running(referral).get(self.clock)
        if due is None or due.day != self.day or not due.fires(on.now):
            raise NotRunOut(clock=str(self.clock), day=self.day)
        over = ReferralClockRanOut(clock=self.clock, due=due)
        silent = not over.evolve(referral, on.occurred_at).expected
        return (over, ReferralLapsed(due=due)) if silent and referral.stage in UNANSWERED else (over,)


class ReferralClockRanOut(ReferralEvent):
    name: ClassVar = "referral.clock_ran_out"
    framed: ClassVar = True
    of = (LetReferralRunOut,)
    clock: Framed[ReferralClockName]
    due: Framed[Due]

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.but(run_out=referral.run_out | {self.due.key(str(self.clock))})


class ReferralLapsed(ReferralEvent):
    """Nobody who could still accept answered in time: the matter stays with its sender."""

    name: ClassVar = "referral.lapsed"
    framed: ClassVar = True
    of = (LetReferralRunOut,)
    due: Framed[Due]

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(ReferralStage.LAPSED, at)


class FixReferralDue(ReferralCommand):
    """核定暂定期限(移送)"""

    allowed_in = OPEN | {ReferralStage.ACCEPTED}
    asker = Asker.CLOCK
    clock: ReferralClockName

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        due = running(referral).get(self.clock)
        if due is None or not due.provisional or on.calendar.is_provisional(due.day):
            raise NotRunOut(clock=str(self.clock))
        return (ReferralDueFixed(clock=self.clock, due=due.fixed(on.calendar)),)


class ReferralDueFixed(ReferralEvent):
    """The holidays of that year are published: later, never earlier."""

    name: ClassVar = "referral.due_fixed"
    framed: ClassVar = True
    of = (FixReferralDue,)
    clock: Framed[ReferralClockName]
    due: Framed[Due]

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        if self.clock.body is None:
            return referral.but(answer_by=self.due)
        match self.clock.kind:
            case ReferralClockKind.ACCEPT:
                return referral.with_reception(self.clock.body, accept_by=self.due)
            case ReferralClockKind.OBJECT:
                return referral.with_reception(self.clock.body, object_by=self.due)
            case ReferralClockKind.NOTIFY:
                return referral.with_reception(self.clock.body, notify_by=self.due)
        return referral.with_reception(self.clock.body, feedback_by=self.due)
