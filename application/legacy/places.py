"""Which body a file means: by its code, by the place and its level, or by a channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from application.directory import BodyRow, Directory
from application.jurisdiction import AreaVersion, JurisdictionRegister
from domain.shared.values import AreaId, BodyId, BodyKind, Channel, Level, Value

FIRST = (BodyKind.COMMITTEE, BodyKind.CENTRE, BodyKind.ORGAN, BodyKind.COURT, BodyKind.POLICE, BodyKind.PETITION)
"""Which kind is meant where only a place or a level is named."""


class Desk(Value):
    """A body, as far as an import asks."""

    id: BodyId
    code: str
    kind: BodyKind
    level: Level
    channel: Channel | None
    short_name: str
    name: str = ""
    term_until: date | None


class Place(Value):
    """`now`: the code by which it is known today, or what it went into; empty: the one that it is found by."""

    id: AreaId
    level: Level
    parent: str
    """The code of the area that it lies in."""
    now: str = ""
    codes: tuple[str, ...] = ()
    """All that it ever had, the first one first; none: the one that it is found by."""


@dataclass(frozen=True)
class Spell:
    """While which days a place was known by a code."""

    since: date
    until: date
    place: Place


@dataclass(frozen=True)
class Places:
    """Areas and bodies as they stand on the day of the import: what many rows ask for, asked once."""

    areas: Mapping[str, Place]
    bodies: Mapping[str, Desk]
    seated: Mapping[AreaId, tuple[Desk, ...]] = field(default_factory=dict)
    """The bodies in an area itself, those meant first in front."""
    spells: Mapping[str, Sequence[Spell]] = field(default_factory=dict)
    """By code, also of areas that have ended and of codes that have changed; the last one last."""

    def known_as(self, code: str, day: date) -> Place | None:
        """Which place had the code on that day; else which has it today, or had it last."""
        spells = self.spells.get(code, ())
        then = next((one.place for one in spells if one.since <= day < one.until), None)
        return then or self.areas.get(code) or (spells[-1].place if spells else None)

    def codes_of(self, code: str, day: date) -> tuple[str, ...]:
        place = self.known_as(code, day)
        return (place.codes or (code,)) if place else ()

    def path(self, code: str) -> Iterator[Place]:
        """The place and the areas that it lies in."""
        while place := self.areas.get(code):
            yield place
            code = place.parent

    def near(self, code: str) -> Iterator[Desk]:
        """The bodies that the place may mean, from the place itself upwards."""
        for place in self.path(code):
            yield from self.seated.get(place.id, ())

    def holder(self, area: str, level: Level | None) -> Desk | None:
        return next((one for one in self.near(area) if level in (None, one.level)), None)

    def receiver(self, area: str, channel: Channel, other_than: BodyId | None) -> Desk | None:
        found = (one for one in self.near(area) if one.channel is channel and one.id != other_than)
        return next(found, None)


def places_of(register: JurisdictionRegister, directory: Directory, day: date) -> Places:
    rows = [row for root in directory.roots(day) for row in directory.bodies_in(root.id, day)]
    history = _History(register.area_history(), day)
    seated: dict[AreaId, list[tuple[bool, BodyRow]]] = defaultdict(list)
    for row in rows:
        if row.kind in FIRST and (area := history.now(row.area)):
            seated[area].append((area != row.area, row))
    ordered = {
        area: tuple(
            _desk(row) for _, row in sorted(found, key=lambda one: (one[0], FIRST.index(one[1].kind), one[1].code))
        )
        for area, found in seated.items()
    }
    return Places(history.today(), {row.code: _desk(row) for row in rows}, ordered, history.spells())


class _History:
    """Which codes areas had, and what became of those that have ended."""

    def __init__(self, versions: Sequence[AreaVersion], day: date) -> None:
        self._day = day
        self._of: dict[AreaId, list[AreaVersion]] = defaultdict(list)
        for one in versions:
            self._of[one.id].append(one)

    def today(self) -> dict[str, Place]:
        found = (one for known in self._of.values() for one in known if self._is_today(one))
        return {one.code: self._place(one) for one in found}

    def spells(self) -> dict[str, list[Spell]]:
        found: dict[str, list[Spell]] = defaultdict(list)
        for one in sorted((one for known in self._of.values() for one in known), key=lambda one: one.since):
            found[one.code].append(Spell(one.since, one.until, self._place(one)))
        return dict(found)

    def now(self, id: AreaId) -> AreaId | None:
        """The area itself while it is in force; else what it went into, or what it lay in last."""
        seen = set[AreaId]()
        while id in self._of and id not in seen:
            seen.add(id)
            last = self._of[id][-1]
            if self._day < last.until:
                return id
            heir = last.successors[0] if len(last.successors) == 1 else last.parent
            if heir is None:
                return None
            id = heir
        return None

    def _is_today(self, one: AreaVersion) -> bool:
        return one.since <= self._day < one.until

    def _place(self, one: AreaVersion) -> Place:
        now = self.now(one.id)
        codes = tuple(dict.fromkeys(version.code for version in self._of[one.id]))
        return Place(id=one.id, level=one.level, parent=self._code(one.parent), now=self._code(now), codes=codes)

    def _code(self, id: AreaId | None) -> str:
        """As it is known today; else as it was known last."""
        known = self._of.get(id, []) if id else []
        return next((one.code for one in known if self._is_today(one)), known[-1].code if known else "")


def _desk(row: BodyRow) -> Desk:
    return Desk(**{name: getattr(row, name) for name in Desk.model_fields})
