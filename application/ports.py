"""What the application needs from outside, as it would like to have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from domain.shared.acting import ActingAs
from domain.shared.decider import Entry, Event, History
from domain.shared.errors import Conflict, Refused, Stale, Unavailable
from domain.shared.values import BodyId, OfficerId, PersonId, Value

S = TypeVar("S")


class Receipt(Value):
    """Where a decision was recorded: `version` is the next If-Match, `position` the read models' mark."""

    id: UUID
    version: int
    position: int
    numbers: tuple[str, ...] = ()
    """Case code and file number, where the decision gave any."""
    replayed: bool = False


class VersionMismatch(Stale):
    """Somebody else decided first."""


class KeyReused(Refused):
    """This Idempotency-Key was used for another request."""


class InFlight(Conflict):
    """The same request is being carried out at this moment."""


class OwnerErased(Conflict):
    """Nothing more is recorded of a person or a text that was erased."""


class StoreAway(Unavailable):
    """The ledger cannot be reached. Repeat the request with the same Idempotency-Key."""


class NotOurs(Unavailable):
    """What stands at this `position` was not recorded by this program, or was altered since: nothing goes by it, and
    nothing is added to it. `tiaojie check` tells all such places."""


class ReadModelsFilling(Unavailable):
    """The boards are being made anew from the events. Ask again in a moment."""


@dataclass(frozen=True)
class Stream(Generic[S]):
    """A kind of thing that has a history: its name in stored events (`case.…`) and the state before the first one."""

    name: str
    blank: Callable[[UUID], S]


@dataclass(frozen=True)
class Idempotency:
    """Per officer: the key that the client chose, and a keyed hash of method, path and body."""

    key: str
    digest: bytes


@dataclass(frozen=True)
class Asked:
    """Who asks, and under which marks the answer is recorded."""

    by: OfficerId
    body: BodyId
    acting: ActingAs
    request: UUID
    correlation: UUID
    now: datetime
    causation: UUID | None = None
    idempotency: Idempotency | None = None


class Unit(Protocol):
    """One all-or-nothing piece of work on the ledger."""

    def history(self, stream: Stream[S], id: UUID) -> History[S]:
        """Everything recorded of it, this unit's own appends included; empty where nothing is."""
        ...

    def append(
        self,
        stream: Stream[S],
        id: UUID,
        expected: int,
        events: Sequence[Event[Any]],
        occurred_at: datetime,
        on_behalf_of: PersonId | None = None,
        asked: Asked | None = None,
    ) -> None:
        """`asked`: on whose word, where the unit of work serves several.

        Raises VersionMismatch, now or at the end of the work, where the stream is not at `expected`."""
        ...


class Ledger(Protocol):
    """Every event of every stream, in one order."""

    def carry_out(self, asked: Asked, work: Callable[[Unit], UUID], *, from_memory: bool = False) -> Receipt:
        """Runs the work and records what it appended, in one transaction. The work answers with the stream that
        the receipt is about. Raises KeyReused, InFlight, VersionMismatch, StoreAway; then nothing is recorded.

        `from_memory`: it may first be decided by what is remembered of recent histories; refused or overtaken, it is
        run once more by what is recorded. So the work changes nothing but its unit."""
        ...

    def history(self, stream: Stream[S], id: UUID) -> History[S]: ...

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        """The next entries of all streams, contiguous from `after` + 1."""
        ...

    def head(self) -> int: ...

    def position_at(self, moment: datetime) -> int:
        """Of the last entry that was recorded before it; 0: none was."""
        ...
