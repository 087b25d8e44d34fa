"""导入区划 What an imported sheet changes in the register: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from domain.jurisdiction.sheet import AreaRow, read_sheet
from domain.shared.sheets import Fault, Reason, in_order
from domain.shared.values import AreaId, Level, Value


class KnownArea(Value):
    """An area in force in the register."""

    id: AreaId
    code: str
    name: str
    level: Level
    parent: str
    """Its parent's code; empty: none."""


class Plan(Value):
    """What is to be done, parents first."""

    founded: tuple[AreaRow, ...]
    renamed: tuple[AreaRow, ...]
    moved: tuple[AreaRow, ...]
    unchanged: int
    vanished: tuple[str, ...]
    """Codes under the sheet's own roots that the register has and the sheet has not: left alone."""


class _Place(Value):
    level: Level
    parent: str


def plan(sheet: bytes, known: Mapping[str, KnownArea]) -> Plan:
    """Raises SheetRefused with everything that is wrong."""
    rows, faults = read_sheet(sheet)
    faults += _duplicates(rows)
    places = {area.code: _Place(level=area.level, parent=area.parent) for area in known.values()}
    places |= {row.code: _Place(level=row.level, parent=row.parent) for row in rows}
    divided = _divided_cities(places)
    faults += chain.from_iterable(_faults(row, places, known, divided) for row in rows)
    if faults:
        raise in_order(faults)
    return _changes(sorted(rows, key=lambda row: (-row.level.rank, row.code)), known)


def lies_in_a_county(above: Iterable[Level], city_is_divided: bool) -> bool:
    """Whether the levels above hold a county, or an undivided city (不设区的市: 东莞)."""
    levels = set(above)
    return Level.COUNTY in levels or (Level.CITY in levels and not city_is_divided)


def _duplicates(rows: Iterable[AreaRow]) -> list[Fault]:
    seen: set[str] = set()
    again = [row for row in rows if row.code in seen or seen.add(row.code)]  # type: ignore[func-returns-value]
    return [Fault(row=row.number, reason=Reason.DUPLICATE_CODE, code=row.code) for row in again]


def _divided_cities(places: Mapping[str, _Place]) -> frozenset[str]:
    return frozenset(place.parent for place in places.values() if place.level is Level.COUNTY)


def _faults(
    row: AreaRow, places: Mapping[str, _Place], known: Mapping[str, KnownArea], divided: frozenset[str]
) -> list[Fault]:
    reasons = [_misplaced(row, places, divided)]
    if (before := known.get(row.code)) and before.level is not row.level:
        reasons.append(Reason.LEVEL_CHANGED)
    return [Fault(row=row.number, reason=reason, code=row.code) for reason in reasons if reason]


def _misplaced(row: AreaRow, places: Mapping[str, _Place], divided: frozenset[str]) -> Reason | None:
    if row.parent and row.parent not in places:
        return Reason.MISSING_PARENT
    if row.parent and places[row.parent].level.rank <= row.level.rank:
        return Reason.PARENT_NOT_HIGHER
    if row.level.rank >= Level.COUNTY.rank:
        return None
    above = _above(row, places)
    if lies_in_a_county((places[code].level for code in above), not divided.isdisjoint(above)):
        return None
    return Reason.NO_COUNTY_ABOVE


def _above(row: AreaRow, places: Mapping[str, _Place]) -> list[str]:
    """The codes above a row; never more than there are levels, even where the sheet goes in circles."""
    path: list[str] = []
    code = row.parent
    while code in places and len(path) < len(Level):
        path.append(code)
        code = places[code].parent
    return path


def _changes(rows: list[AreaRow], known: Mapping[str, KnownArea]) -> Plan:
    old = [(row, known[row.code]) for row in rows if row.code in known]
    renamed = tuple(row for row, area in old if row.name != area.name)
    moved = tuple(row for row, area in old if row.parent and row.parent != area.parent)
    changed = {row.code for row in (*renamed, *moved)}
    return Plan(
        founded=tuple(row for row in rows if row.code not in known),
        renamed=renamed,
        moved=moved,
        unchanged=len(old) - len(changed),
        vanished=_vanished({row.code: row for row in rows}, known),
    )


def _vanished(rows: Mapping[str, AreaRow], known: Mapping[str, KnownArea]) -> tuple[str, ...]:
    """Areas that the sheet does not list, though it lists others of their level beside them."""
    listed = {(row.parent, row.level) for row in rows.values()}
    gone = (area.code for area in known.values() if (area.parent, area.level) in listed)
    return tuple(sorted(code for code in gone if code not in rows))
