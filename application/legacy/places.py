"""Which body a file means: by its code, by the place and its level, or by a channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from application.directory import BodyRow, Directory
from application.jurisdiction import JurisdictionRegister
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
    term_until: date | None


class Place(Value):
    id: AreaId
    level: Level
    parent: str
    """The code of the area that it lies in."""


@dataclass(frozen=True)
class Places:
    """Areas and bodies as they stand on the day of the import: what many rows ask for, asked once."""

    areas: Mapping[str, Place]
    bodies: Mapping[str, Desk]
    seated: Mapping[AreaId, tuple[Desk, ...]] = field(default_factory=dict)
    """The bodies in an area itself, those meant first in front."""

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
    known = register.known_areas(day)
    places = {code: Place(id=one.id, level=one.level, parent=one.parent) for code, one in known.items()}
    rows = [row for root in directory.roots(day) for row in directory.bodies_in(root.id, day)]
    seated: dict[AreaId, list[BodyRow]] = defaultdict(list)
    for row in rows:
        if row.kind in FIRST:
            seated[row.area].append(row)
    ordered = {
        area: tuple(_desk(row) for row in sorted(found, key=lambda one: (FIRST.index(one.kind), one.code)))
        for area, found in seated.items()
    }
    return Places(places, {row.code: _desk(row) for row in rows}, ordered)


def _desk(row: BodyRow) -> Desk:
    return Desk(**{name: getattr(row, name) for name in Desk.model_fields})
