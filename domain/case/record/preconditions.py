"""What an entry stands on: whether it could still be recorded where it stands, after others were amended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.case.beside.proceedings import ProceedingsNoted
from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, CaseEvent, MediationCommand, check_references
from domain.case.mediating.consent_outcomes import ConsentOutcome
from domain.case.mediating.effect import AgreementTookEffect, took_effect
from domain.shared.decider import Entry, Event, History, StageSince, standing
from domain.shared.errors import DomainError, Missing
from domain.shared.occasion import Occasion

CaseEntry = Entry[DisputeCase]


@dataclass(frozen=True)
class Reading:
    """How a history reads after an amendment."""

    lost: list[int]
    """Entries that had a footing before, and have none any more."""
    corrected: list[CaseEntry]
    """The corrected entries that say more than was changed: what follows from them was worked out anew."""
    rederived: list[CaseEntry]
    vanished: list[int]
    following: list[CaseEntry]
    """What follows only now, each as the entry behind which it stands."""
    newly: list[Event[DisputeCase]]
    """What follows only now, after all that stands."""
    state: DisputeCase
    sued: set[int]
    """Mediations that a suit ends which was filed, as it reads now, while they went on."""


def read_anew(history: History[DisputeCase], amended: Mapping[int, CaseEntry | None], on: Occasion) -> Reading:
    """Reads the history with these entries in place of the old ones; None: struck out."""
    before = list(_walk(history))
    firm = {entry.version for entry, case in before if has_footing(entry, case)}
    placed = {entry.version for entry, case in before if _finds_place(entry, case)}
    reading = Reading([], [], [], [], [], [], history.blank, set())
    state, awaited = history.blank, None
    for old in standing(history.entries):
        if awaited and not isinstance(old.event, ConsentOutcome):
            reading.following.append(awaited)
            state, awaited = awaited.event.evolve(state, awaited.occurred_at), None
        entry, awaited = _derived_anew(amended.get(old.version, old), awaited, state, on, reading), None
        if entry is None:
            continue
        if (old.version in firm and not has_footing(entry, state)) or (
            old.version in placed and not _finds_place(entry, state)
        ):
            reading.lost.append(old.version)
            continue
        entry = _worked_out(entry, state, reading, amended, on)
        awaited = _what_follows(entry, state)
        if isinstance(entry.event, ProceedingsNoted) and (ended := entry.event.ends(state)):
            reading.sued.add(ended)
        state = entry.event.evolve(state, entry.occurred_at)
    if awaited:
        reading.newly.append(awaited.event)
        state = awaited.event.evolve(state, awaited.occurred_at)
    return replace(reading, state=state)


def _derived_anew(
    entry: CaseEntry | None, awaited: CaseEntry | None, state: DisputeCase, on: Occasion, reading: Reading
) -> CaseEntry | None:
    """The entry as it reads now, where it only follows from others; None: it does not any more, or was struck out."""
    match entry.event if entry else None:
        case ConsentOutcome() if entry:
            return _as_it_follows(entry, awaited, reading)
        case AgreementTookEffect() if entry:
            return _rederived(entry, state, on, reading)
        case CaseEvent() as event if entry and event.vanishes_from(state):
            reading.vanished.append(entry.version)
            return None
    return entry


def _what_follows(entry: CaseEntry, state: DisputeCase) -> CaseEntry | None:
    """As the entry itself would read if it said that: it happened then, and stands right behind it."""
    assert isinstance(entry.event, CaseEvent)
    follows = entry.event.followed_by(state, entry.occurred_at)
    return replace(entry, event=follows) if follows else None


def _as_it_follows(entry: CaseEntry, follows: CaseEntry | None, reading: Reading) -> CaseEntry | None:
    """What followed from the entry before it, as it follows from that now."""
    if follows is None:
        reading.vanished.append(entry.version)
        return None
    if (follows.event, follows.occurred_at) == (entry.event, entry.occurred_at):
        return entry
    fresh = replace(entry, event=follows.event, stamp=follows.stamp)
    reading.rederived.append(fresh)
    return fresh


def _worked_out(
    entry: CaseEntry,
    state: DisputeCase,
    reading: Reading,
    amended: Mapping[int, CaseEntry | None],
    on: Occasion,
) -> CaseEntry:
    assert isinstance(entry.event, CaseEvent)
    if not entry.event.finds_place_in(state):
        return entry
    event = entry.event.worked_out(state, entry.occurred_at, on)
    if event == entry.event:
        return entry
    fresh = replace(entry, event=event)
    (reading.corrected if entry.version in amended else reading.rederived).append(fresh)
    return fresh


def _finds_place(entry: CaseEntry, state: DisputeCase) -> bool:
    assert isinstance(entry.event, CaseEvent)
    return entry.event.finds_place_in(state)


def _walk(history: History[DisputeCase]) -> Iterator[tuple[CaseEntry, DisputeCase]]:
    state = history.blank
    for entry in standing(history.entries):
        yield entry, state
        state = entry.event.evolve(state, entry.occurred_at)


def _rederived(entry: CaseEntry, state: DisputeCase, on: Occasion, reading: Reading) -> CaseEntry | None:
    assert isinstance(entry.event, AgreementTookEffect)
    if entry.event.told and entry.event.has_place_in(state):
        return entry
    known = entry.event.mediation in state.mediations
    effect = took_effect(state, entry.event.mediation, on) if known else None
    if effect is None:
        reading.vanished.append(entry.version)
        return None
    if effect.effective_at == entry.event.effective_at and effect.confirm_by == entry.event.confirm_by:
        return entry
    fresh = replace(entry, event=effect)
    reading.rederived.append(fresh)
    return fresh


def has_footing(entry: CaseEntry, case: DisputeCase) -> bool:
    """Whether some command that leads to this entry would be allowed in this state, and might say so."""
    event = entry.event
    assert isinstance(event, CaseEvent)
    try:
        check_references(event, case)
    except Missing:
        return False
    allowed = not event.of or any(_allows(command, event, case, entry.occurred_at) for command in event.of)
    return allowed and event.fits(case, entry.occurred_at)


def _allows(command: type[CaseCommand], event: Any, case: DisputeCase, at: datetime) -> bool:
    try:
        ground = _ground(command, event, case)
    except DomainError:
        return False
    return ground.stage in command.allowed_in and not (ground.since and at < ground.since)


def _ground(command: type[CaseCommand], event: Any, case: DisputeCase) -> StageSince:
    if not issubclass(command, MediationCommand):
        command.guard_case(case)
        return command.footing_of(case)
    mediation = case.mediation(event.mediation)
    command.guard_mediation(case, mediation)
    return command.footing_in(mediation) if case.status is Status.OPEN else StageSince(case.status, None)
