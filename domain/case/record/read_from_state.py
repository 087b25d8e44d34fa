"""读自状态 What an entry leaves to the state before it: older than the rule that `evolve` only carries (0022).

These events say less than they lead to, and the rest is chosen whenever they are read: here, by rules of their own
that ask nothing of today's. Never change this, it would change history: give the event a next form that tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from domain.case.case import DisputeCase, Status
from domain.case.clock_names import CaseClock, CaseClockKind
from domain.case.kinds import EndGround, Extent, Result
from domain.case.mediations import Agreement, Confirmation, Mediation, Stage
from domain.shared.law import Due, Effect
from domain.shared.values import BodyId, Level


def accepted(case: DisputeCase, at: datetime) -> DisputeCase:
    """A case that is open already stays as it is, with a further mediation."""
    return case if case.status is Status.OPEN else case.entered(Status.OPEN, at)


def reopened_as(case: DisputeCase) -> Status:
    return Status.OPEN if case.mediations else Status.REGISTERED


def seeing(case: DisputeCase, body: BodyId) -> frozenset[BodyId]:
    """Who mediates sees all of it, unless only a part was handed over."""
    return case.seeing if body in case.given else case.seeing | {body}


def highest(case: DisputeCase, level: Level) -> Level:
    assert case.highest
    return max(case.highest, level, key=lambda one: one.rank)


def number_of_matter(case: DisputeCase, told: int) -> int:
    """0: of an entry older than these numbers."""
    return told or max(case.matters, default=0) + 1


def resolved_by_effect(case: DisputeCase, agreement: Agreement, at: datetime) -> datetime | None:
    return at if agreement.extent is Extent.ALL_CLAIMS else case.resolved_at


def resolved_by_closing(case: DisputeCase, result: Result, at: datetime) -> datetime | None:
    """Of a case that had been reopened: when its agreement took effect, or the parties settled it, is so again."""
    if case.resolved_at:
        return case.resolved_at
    last = case.mediations[max(case.mediations)] if case.mediations else None
    if result in {Result.AGREEMENT_WRITTEN, Result.AGREEMENT_ORAL}:
        return last.since if last and last.stage is Stage.IN_EFFECT else None
    if result is not Result.SELF_SETTLED:
        return None
    return last.since if last and last.ground is EndGround.SELF_SETTLED else at


def after_pause(due: Due | None, day: date | None, provisional: bool) -> Due | None:
    return due.but(day=day, provisional=provisional) if due and day else due


def extended(due: Due | None, until: date, at: datetime) -> Due:
    """The date that the parties agreed on."""
    agreed = due or Due(
        clock="AGREED_BY_PARTIES", since=at, day=until, basis="", calendar="", effect=Effect.FLAG, soft=True
    )
    return agreed.but(day=until, calendar="", provisional=False)


def fixed(
    case: DisputeCase, clock: CaseClock, due: Due, with_due: Callable[[DisputeCase, CaseClock, Due], DisputeCase]
) -> DisputeCase:
    return with_due(case, clock, due) if _is_that_count(case, clock, due) else case


def _is_that_count(case: DisputeCase, clock: CaseClock, due: Due) -> bool:
    """Not where a correction took the clock away, or counted it anew with the holidays of that year."""
    return any(name == clock and one.since == due.since for name, one in _clocks(case))


def _clocks(case: DisputeCase) -> Iterator[tuple[CaseClock, Due]]:
    if case.held_until and case.resolved_at is None:
        yield CaseClock(CaseClockKind.HOLDER), case.held_until
    if case.accept_by and case.status is Status.REGISTERED and case.held_since == case.registered_at:
        yield CaseClock(CaseClockKind.ACCEPT), case.accept_by
    for number, matter in case.matters.items():
        if matter.due and not matter.over:
            yield CaseClock(CaseClockKind.MATTER, number), matter.due
    for mediation in case.mediations.values():
        yield from _of_mediation(case, mediation)


def _of_mediation(case: DisputeCase, mediation: Mediation) -> Iterator[tuple[CaseClock, Due]]:
    concluding = mediation.stage in (Stage.OPENED, Stage.CONSENTED, Stage.UNDER_WAY)
    if mediation.conclude and concluding:
        yield CaseClock(CaseClockKind.CONCLUDE, mediation.number), mediation.conclude
    missing = [id for id, party in case.parties.items() if not party.withdrawn and id not in mediation.consents]
    awaited = mediation.stage is Stage.OPENED and bool(missing)
    for due in mediation.also:
        if awaited if due.clock == "COUNTERPARTY_CONSENT" else concluding:
            yield CaseClock(CaseClockKind.ALSO, mediation.number, due.clock), due
    if mediation.agreement and mediation.stage is Stage.IN_EFFECT:
        yield from _of_agreement(mediation.number, mediation.agreement)


def _of_agreement(number: int, agreement: Agreement) -> Iterator[tuple[CaseClock, Due]]:
    owed = agreement.obligations.values()
    match agreement.confirmation:
        case None if agreement.confirm:
            yield CaseClock(CaseClockKind.CONFIRM, number), agreement.confirm
        case Confirmation.APPLIED if agreement.decide:
            yield CaseClock(CaseClockKind.DECIDE, number), agreement.decide
        case Confirmation.APPLIED if agreement.admit:
            yield CaseClock(CaseClockKind.ADMIT, number), agreement.admit
        case Confirmation.GRANTED if agreement.enforce and any(not one.done_at for one in owed):
            yield CaseClock(CaseClockKind.ENFORCE, number), agreement.enforce
