"""期限届满 Clocks: which of a case's limits run now, and what happens when the day of one is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from domain.case.begun import by_end, still_waits
from domain.case.case import DisputeCase, Status
from domain.case.clock_names import OF_THE_CASE, CaseClock, CaseClockKind, CaseClockName
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.kinds import EndGround
from domain.case.mediating.mediation import ended_by
from domain.case.mediations import Agreement, Confirmation, Mediation, Stage
from domain.case.record import read_from_state
from domain.shared.errors import Conflict
from domain.shared.law import Due, Effect
from domain.shared.occasion import Occasion
from domain.shared.states import without
from domain.shared.values import Day

CONCLUDING = frozenset({Stage.OPENED, Stage.CONSENTED, Stage.UNDER_WAY})
"""While it is paused its clock stands; an agreement that awaits signatures is concluded."""


def running(case: DisputeCase) -> dict[CaseClock, Due]:
    """By name. A clock that has run out is not listed again until its day was moved."""
    return {name: due for name, due in going(case).items() if due.key(str(name)) not in case.run_out}


def going(case: DisputeCase) -> dict[CaseClock, Due]:
    """By name: those whose matter is not done yet, run out or not."""
    return dict(_all(case)) if case.status in UNTIL_CLOSED else {}


def _all(case: DisputeCase) -> Iterator[tuple[CaseClock, Due]]:
    if case.held_until and case.resolved_at is None:
        yield CaseClock(CaseClockKind.HOLDER), case.held_until
    if case.dispute_until and case.resolved_at is None:
        yield CaseClock(CaseClockKind.DISPUTE), case.dispute_until
    yield from _beside(case)
    if case.accept_by and case.status is Status.REGISTERED and case.held_since == case.registered_at:
        yield CaseClock(CaseClockKind.ACCEPT), case.accept_by
    for number, matter in case.matters.items():
        if matter.due and not matter.over:
            yield CaseClock(CaseClockKind.MATTER, number), matter.due
    for mediation in case.mediations.values():
        yield from _of_mediation(case, mediation)


def _beside(case: DisputeCase) -> Iterator[tuple[CaseClock, Due]]:
    for number, report in case.risk_reports.items():
        if report.answer_by and not report.answered:
            yield CaseClock(CaseClockKind.RISK, number), report.answer_by
    for code, due in case.begun.items():
        if still_waits(case, due):
            yield CaseClock(CaseClockKind.BEGUN, code=code), due


def _of_mediation(case: DisputeCase, mediation: Mediation) -> Iterator[tuple[CaseClock, Due]]:
    if mediation.conclude and mediation.stage in CONCLUDING:
        yield CaseClock(CaseClockKind.CONCLUDE, mediation.number), mediation.conclude
    for due in mediation.also:
        consents_awaited = mediation.stage is Stage.OPENED and bool(case.parties_without_consent(mediation))
        waits = consents_awaited if due.clock == "COUNTERPARTY_CONSENT" else mediation.stage in CONCLUDING
        if waits:
            yield CaseClock(CaseClockKind.ALSO, mediation.number, due.clock), due
    if mediation.agreement and mediation.stage is Stage.IN_EFFECT:
        yield from _of_agreement(mediation.number, mediation.agreement)


def _of_agreement(number: int, agreement: Agreement) -> Iterator[tuple[CaseClock, Due]]:
    """Until the court is asked, until it accepts, until it rules; then until it is asked to enforce."""
    match agreement.confirmation:
        case None if agreement.confirm:
            yield CaseClock(CaseClockKind.CONFIRM, number), agreement.confirm
        case Confirmation.APPLIED if agreement.decide:
            yield CaseClock(CaseClockKind.DECIDE, number), agreement.decide
        case Confirmation.APPLIED if agreement.admit:
            yield CaseClock(CaseClockKind.ADMIT, number), agreement.admit
        case Confirmation.GRANTED if agreement.enforce and agreement.remedy is None and _owes(agreement):
            yield CaseClock(CaseClockKind.ENFORCE, number), agreement.enforce


def _owes(agreement: Agreement) -> bool:
    return any(one.is_owed for one in agreement.obligations.values())


class NotRunningOut(Conflict):
    """This clock does not run, or its day is not over."""


class LetClockRunOut(CaseCommand):
    """期限届满"""

    allowed_in = UNTIL_CLOSED
    by_clock: ClassVar = True
    clock: CaseClockName
    day: Day
    """The day that it was due, so that a moved date is not acted on."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        due = running(case).get(self.clock)
        if due is None or due.day != self.day or not due.fires(on.now):
            raise NotRunningOut(clock=str(self.clock), day=self.day)
        over = ClockRanOut(clock=self.clock, due=due)
        if self.clock.kind is CaseClockKind.CONCLUDE and due.effect is Effect.CLOSE_AS_FAILED:
            channel = case.mediation(self.clock.number).channel
            begins = by_end(case, channel, EndGround.TIME_LIMIT, on)
            return (over, ended_by(self.clock.number, EndGround.TIME_LIMIT, begins))
        return (over,)


class ClockRanOut(CaseEvent):
    """Once for each clock and day: what is flagged, and what follows where its rule names it."""

    name: ClassVar = "case.clock_ran_out"
    immutable = True
    clock: CaseClockName
    due: Due

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(run_out=case.run_out | {self.due.key(str(self.clock))})


class FixDue(CaseCommand):
    """核定暂定期限"""

    allowed_in = frozenset({Status.REGISTERED, Status.OPEN})
    by_clock: ClassVar = True
    clock: CaseClockName

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        due = running(case).get(self.clock)
        if due is None or not due.provisional or on.calendar.is_provisional(due.day):
            raise NotRunningOut(clock=str(self.clock))
        return (DueFixed(clock=self.clock, due=due.fixed(on.calendar)),)


class DueFixed(CaseEvent):
    """The holidays of that year are published: later, never earlier."""

    name: ClassVar = "case.due_fixed"
    schema_version: ClassVar = 2
    immutable = True
    clock: CaseClockName
    due: Due
    asks_state: bool = False
    """Only of entries that a correction left standing where nothing of them was left: those are read by the rule of
    then."""

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.asks_state or self._is_that_count(state)

    def vanishes_from(self, case: DisputeCase) -> bool:
        return not (self.asks_state or self._is_that_count(case))

    def _is_that_count(self, case: DisputeCase) -> bool:
        """Not where a correction took the clock away, or counted it anew with the holidays of that year."""
        known = dict(_all(case)).get(self.clock)
        return known is not None and known.since == self.due.since

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.asks_state:
            return read_from_state.fixed(case, self.clock, self.due, _with_due)
        return _with_due(case, self.clock, self.due)


def _with_due(case: DisputeCase, clock: CaseClock, due: Due) -> DisputeCase:
    number = clock.number
    match clock.kind:
        case CaseClockKind.MATTER:
            return case.with_matter(number, case.matters[number].but(due=due))
        case CaseClockKind.CONCLUDE:
            return case.with_mediation(number, conclude=due)
        case CaseClockKind.ALSO:
            others = without({one.clock: one for one in case.mediations[number].also}, due.clock)
            return case.with_mediation(number, also=(*others.values(), due))
        case CaseClockKind.RISK:
            report = case.risk_reports[number].but(answer_by=due)
            return case.but(risk_reports={**case.risk_reports, number: report})
        case kind if kind in OF_THE_CASE:
            return _of_the_case(case, kind, due)
    return case.with_mediation(number, agreement=_with_date(case.mediations[number].reached, clock.kind, due))


def _of_the_case(case: DisputeCase, kind: CaseClockKind, due: Due) -> DisputeCase:
    match kind:
        case CaseClockKind.ACCEPT:
            return case.but(accept_by=due)
        case CaseClockKind.DISPUTE:
            return case.but(dispute_until=due)
        case CaseClockKind.BEGUN:
            return case.with_begun((due,))
    return case.but(held_until=due)


def _with_date(agreement: Agreement, kind: CaseClockKind, due: Due) -> Agreement:
    match kind:
        case CaseClockKind.CONFIRM:
            return agreement.but(confirm=due)
        case CaseClockKind.ADMIT:
            return agreement.but(admit=due)
        case CaseClockKind.DECIDE:
            return agreement.but(decide=due)
    return agreement.but(enforce=due)
