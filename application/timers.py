"""期限 Timers: what is due is acted on exactly once, with the effect that its rule names; the clock is the actor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID, uuid5

from application.case.service import Cases
from application.escalation.service import Escalations
from application.logs import get_logger
from application.naming import acting_as
from application.ports import Asked, Ledger, Unit
from application.referral.service import Referrals
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.case.case import DisputeCase
from domain.case.clock_names import CaseClock
from domain.case.clocks import FixDue, LetClockRunOut, running
from domain.case.course import EscalationPhase
from domain.escalation.clock_names import EscalationClock
from domain.escalation.kinds import Ground
from domain.escalation.raising import RequestEscalation
from domain.escalation.running_out import FixEscalationDue, LetEscalationRunOut
from domain.referral.clock_names import ReferralClock
from domain.referral.running_out import FixReferralDue, LetReferralRunOut
from domain.shared.acting import NoOfficer
from domain.shared.calendar import local_day
from domain.shared.decider import History
from domain.shared.errors import Conflict, Missing, Refused, Stale, Unavailable
from domain.shared.law import Due, Effect
from domain.shared.values import BodyId, CaseId, EscalationId, OfficerId, ReferralId, Value

log = get_logger("tiaojie.timers")
_CLOCK = UUID("5a0f3c62-7d1e-4b7c-9a41-0c6d2f8e1b55")
THE_CLOCK = OfficerId(uuid5(_CLOCK, "the clock"))
"""The officer who acts when a deadline does."""
PAGE = 100


class DueClock(Value):
    """A clock whose time is over, or whose day can now be fixed."""

    kind: Literal["case", "referral", "escalation"]
    id: UUID
    clock: str
    day: date
    ends_at: datetime


class Clocks(Protocol):
    """The clocks that run, as the read models know them; in the order of their ends."""

    def due(self, now: datetime, after: DueClock | None, limit: int) -> Sequence[DueClock]: ...

    def to_be_fixed(self, published_until: date, after: DueClock | None, limit: int) -> Sequence[DueClock]:
        """Provisional ones whose year's holidays are published now."""
        ...

    def body_above(self, holder: BodyId, day: date) -> BodyId | None:
        """The centre or committee that answers for the nearest area above the holder's."""
        ...


class Timers:
    def __init__(
        self,
        ledger: Ledger,
        cases: Cases,
        referrals: Referrals,
        escalations: Escalations,
        clocks: Clocks,
        catch_up: Callable[[], int],
    ) -> None:
        self._ledger = ledger
        self._cases = cases
        self._referrals = referrals
        self._escalations = escalations
        self._clocks = clocks
        self._catch_up = catch_up

    def fire(self, now: datetime) -> int:
        """Everything that is due, page by page: none is passed over, however many there are. Answers how many."""
        return self._all(lambda after: self._clocks.due(now, after, PAGE), self._run_out, now)

    def fix(self, now: datetime, published_until: date) -> int:
        """The days that were provisional until the notice came."""
        return self._all(lambda after: self._clocks.to_be_fixed(published_until, after, PAGE), self._fix, now)

    def _all(
        self,
        read: Callable[[DueClock | None], Sequence[DueClock]],
        act: Callable[[Unit, DueClock, datetime], None],
        now: datetime,
    ) -> int:
        done, after = 0, None
        while page := read(after):
            done += self._page(page, act, now)
            after = page[-1]
        self._catch_up()
        return done

    def _page(self, page: Sequence[DueClock], act: Callable[[Unit, DueClock, datetime], None], now: datetime) -> int:
        """In one transaction; where another worker was faster with one of them, or one cannot be, one by one."""
        try:
            self._in_one(page, act, now)
        except Unavailable:
            raise
        except Exception:
            return sum(self._alone(one, act, now) for one in page)
        return len(page)

    def _alone(self, one: DueClock, act: Callable[[Unit, DueClock, datetime], None], now: datetime) -> int:
        try:
            self._in_one([one], act, now)
        except (Conflict, Stale, Refused, Missing):
            return 0  # somebody acted, or it was moved: the next look tells
        except Unavailable:
            raise
        except Exception as error:  # one that cannot be acted on keeps none of the others waiting
            log.error("a clock does not run out", kind=one.kind, id=str(one.id), fault=type(error).__name__)
            return 0
        return 1

    def _in_one(self, page: Sequence[DueClock], act: Callable[[Unit, DueClock, datetime], None], now: datetime) -> None:
        def work(unit: Unit) -> UUID:
            for one in page:
                act(unit, one, now)
            return page[-1].id

        self._ledger.carry_out(self._asked(page[0], BodyId(_CLOCK), now), work)

    def _asked(self, one: DueClock, body: BodyId, now: datetime, what: str = "") -> Asked:
        """The same for everybody who acts on this clock and day, so that the ledger lets only one of them."""
        request = uuid5(_CLOCK, f"{what} {one.kind} {one.id} {one.clock} {one.day}")
        acting = acting_as(self._cases.register, body, local_day(now), NoOfficer.CLOCK)
        return Asked(by=THE_CLOCK, body=body, acting=acting, request=request, correlation=request, now=now)

    def _run_out(self, unit: Unit, one: DueClock, now: datetime) -> None:
        match one.kind:
            case "case":
                self._case_ran_out(unit, one, now)
            case "referral":
                referral = unit.history(REFERRALS, one.id).state
                told = self._asked(one, referral.sender or BodyId(_CLOCK), now)
                command = LetReferralRunOut(clock=ReferralClock.read(one.clock), day=one.day)
                self._referrals.act(unit, ReferralId(one.id), command, told)
            case "escalation":
                escalation = unit.history(ESCALATIONS, one.id).state
                told = self._asked(one, escalation.above or BodyId(_CLOCK), now)
                let = LetEscalationRunOut(clock=EscalationClock(one.clock), day=one.day)
                self._escalations.act(unit, EscalationId(one.id), let, told)

    def _case_ran_out(self, unit: Unit, one: DueClock, now: datetime) -> None:
        case = unit.history(CASES, one.id)
        due = running(case.state).get(clock := CaseClock.read(one.clock))
        asked = self._asked(one, _holder(case), now)
        self._cases.act(unit, CaseId(one.id), LetClockRunOut(clock=clock, day=one.day), asked)
        if due and due.effect is Effect.ESCALATE:
            self._escalate(unit, one, due, now)

    def _escalate(self, unit: Unit, one: DueClock, due: Due, now: datetime) -> None:
        """Asked for by the clock, where somebody above could answer and nobody has asked yet."""
        case = unit.history(CASES, one.id)
        above = self._clocks.body_above(_holder(case), local_day(now))
        if above is None or _is_asked_for(case.state):
            return
        request = RequestEscalation(to=above, because=Ground.OVERDUE)
        try:
            self._escalations.act_begin(unit, case, request, self._asked(one, _holder(case), now, "up"), due)
        except Refused:
            return  # its holder answers for no level: a court or an organ is flagged, not escalated

    def _fix(self, unit: Unit, one: DueClock, now: datetime) -> None:
        match one.kind:
            case "case":
                case = unit.history(CASES, one.id)
                self._cases.act(
                    unit, CaseId(one.id), FixDue(clock=CaseClock.read(one.clock)), self._asked(one, _holder(case), now)
                )
            case "referral":
                body = unit.history(REFERRALS, one.id).state.sender or BodyId(_CLOCK)
                fix = FixReferralDue(clock=ReferralClock.read(one.clock))
                self._referrals.act(unit, ReferralId(one.id), fix, self._asked(one, body, now, "fix"))
            case "escalation":
                body = unit.history(ESCALATIONS, one.id).state.above or BodyId(_CLOCK)
                fixed = FixEscalationDue(clock=EscalationClock(one.clock))
                self._escalations.act(unit, EscalationId(one.id), fixed, self._asked(one, body, now, "fix"))


def _holder(case: History[Any]) -> BodyId:
    """Raises Missing before it is registered."""
    if not case.state.holder:
        raise NoHolderYet(case=case.id)
    return BodyId(case.state.holder)


class NoHolderYet(Missing):
    """The case has no holder: it is not registered, or its registration was struck out."""


def _is_asked_for(case: DisputeCase) -> bool:
    return any(phase is EscalationPhase.REQUESTED for phase in case.escalations.values())
