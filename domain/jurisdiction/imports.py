"""导入区划 What an imported sheet changes in the register: all of it, or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain

from domain.jurisdiction.sheet import AreaRow, read_sheet
from domain.jurisdiction.successions import KnownArea, Successions, is_alike, renumbered
from domain.shared.sheets import Fault, Reason, in_order
from domain.shared.values import Level, Value


class Recoded(Value):
    """An area that goes on under another code. `row`: as the sheet has it now."""

    code: str
    row: AreaRow


class Vanished(Value):
    """An area whose code the sheet has no more, with nothing in it that seems to go on from it."""

    code: str
    name: str
    level: Level
    inside: int
    """The areas that lie right in it."""
    beside: tuple[str, ...]
    """The codes of what may have taken it in: what lies where it lay."""


class Plan(Value):
    """What is to be done, parents first. What a person must decide stands in `recoded`, `unlike`, `again`, `gone`."""

    founded: tuple[AreaRow, ...]
    renamed: tuple[AreaRow, ...]
    moved: tuple[AreaRow, ...]
    unchanged: int
    vanished: tuple[str, ...]
    """Codes that the register has and the sheet has not, though it lists others of their level there."""
    recoded: tuple[Recoded, ...] = ()
    gone: tuple[Vanished, ...] = ()
    """The rest of what vanished."""
    unlike: tuple[str, ...] = ()
    """Codes of `renamed` whose new name is not like the old one: it may be another area."""
    again: tuple[str, ...] = ()
    """Codes of `founded` that an area had which has ended."""


class _Place(Value):
    level: Level
    parent: str


def plan(sheet: bytes, known: Mapping[str, KnownArea], ended: Set[str] = frozenset()) -> Plan:
    """`ended`: codes that were in force once. Raises SheetRefused with everything that is wrong."""
    rows, faults = read_sheet(sheet, known)
    faults += _duplicates(rows)
    places = {area.code: _Place(level=area.level, parent=area.parent) for area in known.values()}
    places |= {row.code: _Place(level=row.level, parent=row.parent) for row in rows}
    divided = _divided_cities(places)
    faults += chain.from_iterable(_faults(row, places, known, divided) for row in rows)
    if faults:
        raise in_order(faults)
    return _changes(sorted(rows, key=lambda row: (-row.level.rank, row.code)), known, ended)


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


def _changes(rows: list[AreaRow], known: Mapping[str, KnownArea], ended: Set[str]) -> Plan:
    by_code = {row.code: row for row in rows}
    vanished = _vanished(by_code, known)
    went_to = _went_to(rows, by_code, known, vanished)
    owners = {code: known[code] for code in by_code if code in known and code not in went_to}
    owners |= {new: known[old] for old, new in went_to.items()}
    going_on = [(row, owners[row.code]) for row in rows if row.code in owners]
    renamed = tuple(row for row, area in going_on if row.name != area.name)
    moved = tuple(row for row, area in going_on if row.parent and row.parent != went_to.get(area.parent, area.parent))
    recoded = tuple(Recoded(code=area.code, row=row) for row, area in going_on if row.code != area.code)
    changed = {row.code for row in (*renamed, *moved, *(one.row for one in recoded))}
    founded = tuple(row for row in rows if row.code not in owners)
    kept = {area.code for area in owners.values()}
    touched = dict.fromkeys((*vanished, *by_code))
    return Plan(
        founded=founded,
        renamed=renamed,
        moved=moved,
        unchanged=len(going_on) - len(changed),
        vanished=vanished,
        recoded=recoded,
        gone=_gone([known[code] for code in touched if code in known and code not in kept], known, by_code, went_to),
        unlike=tuple(row.code for row, area in going_on if row.code == area.code and not is_alike(row.name, area.name)),
        again=tuple(row.code for row in founded if row.code in ended),
    )


def _went_to(
    rows: Iterable[AreaRow], by_code: Mapping[str, AreaRow], known: Mapping[str, KnownArea], vanished: Iterable[str]
) -> dict[str, str]:
    """The new code of each area that has another one now."""
    given_away = renumbered(rows, known) & by_code.keys()
    gone = {code: known[code] for code in (*vanished, *given_away)}
    if not gone:
        return {}
    new = {row.code: row for row in rows if row.code not in known or row.code in given_away}
    found = Successions(gone, new, _inside(known.values()), _inside(by_code.values())).match()
    return {old: new for old, new in found.items() if old != new}


def _inside(areas: Iterable[KnownArea | AreaRow]) -> dict[str, set[str]]:
    """The names of what lies right in each area."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in areas:
        found[one.parent].add(one.name)
    return found


def _gone(
    found: Sequence[KnownArea],
    known: Mapping[str, KnownArea],
    rows: Mapping[str, AreaRow],
    went_to: Mapping[str, str],
) -> tuple[Vanished, ...]:
    inside = Counter(area.parent for area in known.values()) if found else Counter[str]()
    beside: dict[tuple[str, Level], list[str]] = defaultdict(list)
    for row in rows.values() if found else ():
        beside[row.parent, row.level].append(row.code)
    return tuple(
        Vanished(
            code=area.code,
            name=area.name,
            level=area.level,
            inside=inside[area.code],
            beside=tuple(beside[went_to.get(area.parent, area.parent), area.level]),
        )
        for area in found
    )


def _vanished(rows: Mapping[str, AreaRow], known: Mapping[str, KnownArea]) -> tuple[str, ...]:
    """Areas that the sheet does not list, though it lists others of their level in what they lie in; and all that lies
    in those."""
    listed = {(above, row.level) for row in rows.values() for above in _chain(row.parent, rows)}
    gone = (area for area in known.values() if area.code not in rows)
    return tuple(
        sorted(
            area.code
            for area in gone
            if (above := next((code for code in _chain(area.parent, known) if code in rows), None)) is not None
            and (above, area.level) in listed
        )
    )


def _chain(code: str, areas: Mapping[str, KnownArea] | Mapping[str, AreaRow]) -> Iterator[str]:
    """The code and those above it; never more than there are levels."""
    for _ in Level:
        yield code
        if code not in areas:
            return
        code = areas[code].parent
