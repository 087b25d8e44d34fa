"""What officers, bodies and areas were called at a moment, and as what somebody acted: the registers as they stood."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from application.jurisdiction import JurisdictionRegister
from application.moments import KnownAt
from domain.shared.acting import ActingAs
from domain.shared.decider import Entry
from domain.shared.marks import ids
from domain.shared.values import AreaId, BodyId, OfficerId

CALLED = (OfficerId, BodyId, AreaId)
"""Ids of what the registers give names."""


@dataclass(frozen=True)
class NameGiven:
    """That something is called so from a day on. `area`: where a body stands."""

    id: UUID
    position: int
    recorded_at: datetime
    since: date
    name: str
    area: UUID | None = None


@dataclass(frozen=True)
class Post:
    """That an officer holds an appointment, or, recorded later, until when."""

    officer: UUID
    number: int
    position: int
    recorded_at: datetime
    body: UUID
    role: str
    since: date
    until: date | None


class NameBook:
    """Every name of some officers, bodies and areas, and every post of the officers, in the order of the ledger."""

    def __init__(self, namings: Iterable[NameGiven] = (), posts: Iterable[Post] = ()) -> None:
        self._namings: dict[UUID, list[NameGiven]] = {}
        for one in namings:
            self._namings.setdefault(one.id, []).append(one)
        self._posts = list(posts)

    def name(self, id: Any, at: KnownAt) -> str:
        """Empty where the registers know nothing of it. Before it had a name, its first one stands."""
        found = self._naming(id, at)
        return found.name if found else ""

    def acting(self, entry: Entry[Any]) -> ActingAs:
        """As the entry itself fixed it; of an older one, as the registers stood when it was recorded."""
        stamp = entry.stamp
        if stamp.acting:
            return stamp.acting
        at = KnownAt.with_entry(entry)
        body = self._naming(stamp.body, at)
        return ActingAs(
            role=self._role(stamp.by, stamp.body, at),
            officer=self.name(stamp.by, at),
            body=body.name if body else "",
            area=body.area if body else None,
            place=self.name(body.area, at) if body else "",
        )

    def _naming(self, id: Any, at: KnownAt) -> NameGiven | None:
        known = self._namings.get(id, [])
        then = [one for one in known if at.had_by_then(one.recorded_at, one.position) and one.since <= at.day]
        return then[-1] if then else next(iter(known), None)

    def _role(self, officer: UUID, body: UUID, at: KnownAt) -> str:
        """Of the first of their appointments to the body that was in force."""
        known = (one for one in self._posts if one.officer == officer and at.had_by_then(one.recorded_at, one.position))
        held = {one.number: one for one in known}
        posts = (held[number] for number in sorted(held))
        in_force = (one.role for one in posts if one.body == body and one.since <= at.day and _lasts(one, at.day))
        return next(in_force, "")


def _lasts(post: Post, day: date) -> bool:
    return post.until is None or day < post.until


def named_in(entries: Iterable[Entry[Any]]) -> set[UUID]:
    """Every officer, body and area that entries name, and those who recorded them."""
    found = set[UUID]()
    for one in entries:
        found |= {one.stamp.by, one.stamp.body, *(id for kind in CALLED for id in ids(one.event, kind))}
    return found


def acting_as(register: JurisdictionRegister, body: BodyId | None, day: date, role: str, officer: str = "") -> ActingAs:
    known = register.called(body, day) if body else None
    if known is None:
        return ActingAs(role, officer)
    return ActingAs(role, officer, known.name, known.area, known.place)


class NameRegister(Protocol):
    def book(self, ids: Collection[UUID]) -> NameBook:
        """Of these officers, bodies and areas, and of the areas in which the bodies stand."""
        ...
