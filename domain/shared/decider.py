"""Decide and evolve: the whole of event sourcing, as far as the domain knows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from types import ModuleType
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import AwareDatetime

from domain.shared.acting import ActingAs
from domain.shared.errors import BeforeWhatItBuildsOn, DomainError, InTheFuture, NotAllowedNow
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import (
    BodyId,
    Moment,
    OfficerId,
    PersonId,
    Value,
)

S = TypeVar("S")


class Event(Value, Generic[S]):
    """Something that happened. `name` is what the store keeps: never change it."""

    name: ClassVar[str]
    schema_version: ClassVar[int] = 1
    derived: ClassVar[bool] = False
    """Whether it only follows from other entries: it is worked out anew when one of them is corrected."""

    framed: ClassVar[bool] = False
    """Whether a body sees it to which only a part of the case was handed over, and one of several receivers hears it
    of the others: that it is there, and what of it is marked as `Framed`."""

    @abstractmethod
    def evolve(self, state: S, at: datetime) -> S:
        """The state after this event, which occurred at `at`. No checks, no clock: history is not up for debate."""

    def shown_from(self, occurred_at: datetime) -> datetime:
        """The moment from which a state of that time shows it."""
        return occurred_at

    def has_place_in(self, state: S) -> bool:
        """Whether the state knows what the event points at: a state of an earlier time may not know it yet."""
        return True


class Series(Value):
    """A row of numbers that belongs to a body and a year, for example its case codes."""

    body: BodyId
    kind: str


class Numbered(Event[S]):
    """An event that takes the next number of a series when it is appended, under the feed's lock."""

    @abstractmethod
    def series(self) -> Series: ...

    @abstractmethod
    def numbered(self, year: int, serial: int) -> Numbered[S]: ...

    @property
    @abstractmethod
    def given(self) -> str:
        """The number that it took."""


@dataclass(frozen=True)
class Stamp:
    """On whose word an event was recorded, and when it happened."""

    by: OfficerId
    body: BodyId
    occurred_at: datetime
    on_behalf_of: PersonId | None
    request: UUID
    correlation: UUID
    causation: UUID | None
    acting: ActingAs | None = None
    """None: of an entry that is older than this. The registers of that day tell it."""


@dataclass(frozen=True)
class Entry(Generic[S]):
    """An event where it stands: in its stream and in the feed."""

    id: UUID
    stream: UUID
    version: int
    position: int
    recorded_at: datetime
    event: Event[S]
    stamp: Stamp

    @property
    def occurred_at(self) -> datetime:
        return self.stamp.occurred_at

    def read_as(self, place: Rewritten) -> Entry[S]:
        """This entry reads as the one that it rewrites, in its place; or as itself, where it only follows one."""
        version = self.version if place.behind else place.entry
        return replace(self, version=version, stamp=replace(self.stamp, occurred_at=place.occurred_at))


class Rewritten(Value):
    """An entry that reads otherwise after a correction: which, and when it happened."""

    entry: int
    occurred_at: AwareDatetime
    behind: bool = False
    """What stands there stays: the new entry follows from it only now, and stands right behind it."""


class Amending(Event[S]):
    """An event that changes how earlier entries of its stream read (更正, 作废).

    The entries that follow it, one for each of `rewritten` and in that order, stand in the old ones' place, or behind
    them.
    """

    framed: ClassVar = True
    struck: Framed[tuple[int, ...]]
    rewritten: Framed[tuple[Rewritten, ...]]

    def evolve(self, state: S, at: datetime) -> S:
        """Nothing by itself: the entries that it amends are read anew."""
        return state


def standing(entries: Iterable[Entry[S]]) -> list[Entry[S]]:
    """The entries as they read after every correction among them, struck ones left out."""
    kept: dict[int, Entry[S]] = {}
    awaited: list[Rewritten] = []
    behind: dict[int, int] = {}
    for entry in entries:
        if awaited:
            read = entry.read_as(place := awaited.pop(0))
            kept[read.version] = read
            if place.behind:
                behind[read.version] = place.entry
            continue
        kept[entry.version] = entry
        if isinstance(entry.event, Amending):
            for version in entry.event.struck:
                kept.pop(version, None)
            awaited = list(entry.event.rewritten)
    return _in_order(kept, behind) if behind else list(kept.values())


def _in_order(kept: Mapping[int, Entry[S]], behind: Mapping[int, int]) -> list[Entry[S]]:
    """`behind`: of an entry that stands behind an earlier one, that one's version."""
    return sorted(kept.values(), key=lambda one: (behind.get(one.version, one.version), one.version in behind))


@dataclass(frozen=True)
class History(Generic[S]):
    """What was recorded of one thing, in record order, and the state that it leads to."""

    id: UUID
    blank: S
    entries: tuple[Entry[S], ...]
    state: S

    @property
    def version(self) -> int:
        return self.entries[-1].version if self.entries else 0

    @classmethod
    def of(cls, id: UUID, blank: S, entries: Iterable[Entry[S]]) -> Self:
        known = tuple(entries)
        return cls(id, blank, known, evolve(blank, standing(known)))

    def then(self, entries: Sequence[Entry[S]]) -> History[S]:
        """The history with these added; folded anew only where one of them amends."""
        if any(isinstance(entry.event, Amending) for entry in entries):
            return History.of(self.id, self.blank, (*self.entries, *entries))
        return History(self.id, self.blank, (*self.entries, *entries), evolve(self.state, entries))

    def until(self, condition: Callable[[Entry[S]], bool]) -> History[S]:
        """The history as it was recorded while the condition held, for example up to a version."""
        return History.of(self.id, self.blank, takewhile(condition, self.entries))

    def effective_at(self, moment: datetime) -> S:
        """The state by what had happened by then, as it is known in this history."""
        state = self.blank
        for entry in standing(self.entries):
            if entry.event.shown_from(entry.occurred_at) <= moment and entry.event.has_place_in(state):
                state = entry.event.evolve(state, entry.occurred_at)
        return state


def evolve(state: S, entries: Iterable[Entry[S]]) -> S:
    for entry in entries:
        state = entry.event.evolve(state, entry.occurred_at)
    return state


@dataclass(frozen=True)
class StageSince:
    """What a command stands on: the stage of its thing, and since when."""

    stage: StrEnum
    since: datetime | None


class Command(Value, Generic[S]):
    """Something asked for. Answers with what happens, or raises a refusal."""

    allowed_in: ClassVar[frozenset[Any]]
    """Stages in which it may be asked."""
    needs_desks: ClassVar[bool] = False
    """Whether it is decided by which organs have desks here."""

    occurred_at: Moment | None = None
    """When it happened; left out: now."""
    on_behalf_of: PersonId | None = None
    """For whom the officer acts, for example a party who is not online."""

    @abstractmethod
    def ground(self, state: S) -> StageSince: ...

    def moves_case(self, state: S) -> bool:
        """Says of a command of another context whether the holder or the mediation of its case moves with it."""
        return False

    def true_reason(self, state: S) -> DomainError | None:
        """What is said where its stage is still to come, in place of the stage: who or what is waited for."""
        return None

    def guard(self, state: S) -> None:
        """Refuses what no content of the command could mend."""

    def guard_occasion(self, state: S, on: Occasion) -> None:
        """Refuses for who acts in it, and on that day."""

    def guard_record(self, state: S, events: Iterable[Event[S]]) -> None:
        """Refuses to record what was decided, for what stands in it."""

    @abstractmethod
    def decide(self, state: S, on: Occasion) -> tuple[Event[S], ...]: ...


class Amendment(Command[S]):
    """A command about the record itself: it needs to see the entries."""

    def decide(self, state: S, on: Occasion) -> tuple[Event[S], ...]:
        raise AssertionError("an amendment is decided on the history")

    @abstractmethod
    def amend(self, history: History[S], on: Occasion) -> tuple[Event[S], ...]: ...


def decide(history: History[S], command: Command[S], on: Occasion) -> tuple[Event[S], ...]:
    """What happens. Raises a DomainError where it may not."""
    ground = command.ground(history.state)
    if ground.stage not in command.allowed_in and (reason := command.true_reason(history.state)):
        raise reason
    check(ground, type(command), on)
    if on.case:
        _refuse_before(on.case.last_step if command.moves_case(history.state) else on.case.registered_at, on)
    command.guard(history.state)
    command.guard_occasion(history.state, on)
    events = command.amend(history, on) if isinstance(command, Amendment) else command.decide(history.state, on)
    command.guard_record(history.state, events)
    return events


def check(ground: StageSince, command: type[Command[Any]], on: Occasion) -> None:
    if ground.stage not in command.allowed_in:
        raise NotAllowedNow(command.__name__, ground.stage, sorted(command.allowed_in))
    if on.occurred_at > on.now:
        raise InTheFuture(occurred_at=on.occurred_at)
    if ground.since:
        _refuse_before(ground.since, on)


def _refuse_before(since: datetime, on: Occasion) -> None:
    if on.occurred_at < since:
        raise BeforeWhatItBuildsOn(occurred_at=on.occurred_at, since=since)


def defined(base: type[Any], module: ModuleType) -> list[type[Any]]:
    """The classes below `base` that the module itself defines, in its order."""
    return [
        thing
        for name, thing in vars(module).items()
        if isinstance(thing, type) and issubclass(thing, base) and thing.__module__ == module.__name__
        if not name.startswith("_")
    ]
