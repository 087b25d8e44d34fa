"""查阅记录 Who looked at which case: collected while a request is answered, and recorded before its answer is given.

This is the fenced room of one piece of magic: what a request has looked at stands in a variable of its context, so that
no path can forget to tell it. Where nobody asks over HTTP, nothing is collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.office.officer import Role
from domain.shared.values import BodyId, OfficerId


@dataclass(frozen=True)
class Looker:
    """Who asks, and as what."""

    officer: OfficerId
    body: BodyId | None
    role: Role | None


@dataclass
class Looks:
    """Of one request. `cases`: in the order in which they were looked at."""

    looker: Looker | None = None
    cases: dict[UUID, None] = field(default_factory=dict)


_LOOKS: ContextVar[Looks | None] = ContextVar("looks", default=None)


@contextmanager
def collected() -> Iterator[Looks]:
    looks = Looks()
    before = _LOOKS.set(looks)
    try:
        yield looks
    finally:
        _LOOKS.reset(before)


def asked_by(looker: Looker) -> None:
    if (looks := _LOOKS.get()) is not None:
        looks.looker = looker


def looked_at(cases: Iterable[UUID]) -> None:
    """What of these cases is shown, or goes into what is shown."""
    if (looks := _LOOKS.get()) is not None:
        looks.cases.update(dict.fromkeys(cases))


@dataclass(frozen=True)
class Look:
    """A line of the log. `through`: the method and the route, as the contract has it, without anything personal."""

    number: int
    at: datetime
    officer: UUID
    body: UUID | None
    role: str
    through: str
    cases: Sequence[UUID]


@dataclass(frozen=True)
class LooksAsked:
    """Which lines; each left out: any. The latest first, before that number."""

    case: UUID | None = None
    officer: UUID | None = None
    body: UUID | None = None
    before: int | None = None
    limit: int = 50


class LookLog(Protocol):
    """Only ever added to; what is older than its rule keeps is thrown away."""

    def add(self, looker: Looker, through: str, cases: Sequence[UUID]) -> None:
        """Raises StoreAway: then nothing is shown."""
        ...

    def looks(self, asked: LooksAsked) -> Sequence[Look]: ...

    def count(self, asked: LooksAsked) -> int: ...
