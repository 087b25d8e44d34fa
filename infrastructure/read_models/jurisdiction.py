"""管辖: areas with their codes and names in force, and who lies in whom since when: tables and filling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from domain.jurisdiction.area import AreaEvent, AreaFounded, AreaRecoded, AreaRenamed
from domain.jurisdiction.lineage import AreaAbolished, AreaMerged, AreaMoved, AreaSplit
from domain.shared.decider import Entry
from infrastructure.read_models.area_closure import write_closure, write_known

FOR_EVER = date.max


@dataclass(frozen=True)
class _Version:
    """What an area was called, and where it lay, from one day until before another."""

    code: str
    name: str
    parent: UUID | None
    since: date
    until: date = FOR_EVER


MOVING = (AreaMoved, AreaMerged, AreaSplit, AreaAbolished)


class AreaTables:
    name: ClassVar = "jurisdiction"
    contexts: ClassVar[tuple[str, ...]] = ("jurisdiction",)
    by_stream: ClassVar = False
    schema: ClassVar = """
        CREATE TABLE area (id uuid PRIMARY KEY, level text NOT NULL, version integer NOT NULL);
        CREATE TABLE area_version (
            area_id uuid NOT NULL, code text NOT NULL, name text NOT NULL, parent_id uuid,
            valid_from date NOT NULL, valid_until date NOT NULL,
            PRIMARY KEY (area_id, valid_from));
        CREATE INDEX area_version_by_code ON area_version (code);
        CREATE INDEX area_version_by_parent ON area_version (parent_id);
        CREATE TABLE area_closure (
            area_id uuid NOT NULL, ancestor_id uuid NOT NULL,
            valid_from date NOT NULL, valid_until date NOT NULL,
            PRIMARY KEY (area_id, ancestor_id, valid_from));
        CREATE INDEX area_closure_by_ancestor ON area_closure (ancestor_id, area_id);
        CREATE TABLE dated_closure (
            area_id uuid NOT NULL, ancestor_id uuid NOT NULL,
            valid_from date NOT NULL, valid_until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL);
        CREATE INDEX dated_closure_of ON dated_closure (area_id, known_until);
        CREATE INDEX dated_closure_by_ancestor ON dated_closure (ancestor_id, area_id);
        CREATE TABLE area_lineage (
            area_id uuid NOT NULL, successor_id uuid NOT NULL, kind text NOT NULL, day date NOT NULL,
            PRIMARY KEY (area_id, successor_id));
        CREATE INDEX area_lineage_by_successor ON area_lineage (successor_id);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entries in _runs(entry for entry in page if isinstance(entry.event, AreaEvent)):
            self._write(entries, to)

    def _write(self, entries: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        touched = list({entry.stream for entry in entries})
        versions = _versions(touched, to)
        for entry in entries:
            before = versions.get(entry.stream, [])
            versions[entry.stream] = _after(before, entry.event)
        _write_areas(entries, to)
        _write_versions(touched, versions, to)
        _write_lineage(entries, to)
        write_known(write_closure(touched, to), entries, to)


def _runs(entries: Iterable[Entry[Any]]) -> Iterator[Sequence[Entry[Any]]]:
    """What may be written at once. An entry that moves other areas as well is written alone, so that it is told since
    which entry they lie where they lie, however pages were cut."""
    run: list[Entry[Any]] = []
    for entry in entries:
        if isinstance(entry.event, MOVING):
            yield from (each for each in (run, [entry]) if each)
            run = []
        else:
            run.append(entry)
    if run:
        yield run


def _versions(areas: list[UUID], to: psycopg.Cursor[Any]) -> dict[UUID, list[_Version]]:
    to.execute(
        "SELECT area_id, code, name, parent_id, valid_from, valid_until FROM area_version"
        " WHERE area_id = ANY(%s) ORDER BY area_id, valid_from",
        [areas],
    )
    found: dict[UUID, list[_Version]] = {}
    for area, *columns in to.fetchall():
        found.setdefault(area, []).append(_Version(*columns))
    return found


def _after(versions: list[_Version], event: Any) -> list[_Version]:
    """The versions of an area after the event; the domain lets no change precede the last one."""
    match event:
        case AreaFounded():
            return [_Version(event.code, event.area_name, event.parent, event.in_force_from)]
        case AreaRenamed():
            return _changed(versions, event.in_force_from, name=event.area_name)
        case AreaRecoded():
            return _changed(versions, event.in_force_from, code=event.code)
        case AreaMoved():
            return _changed(versions, event.in_force_from, parent=event.parent)
        case AreaMerged() | AreaSplit() | AreaAbolished():
            return _ended(versions, event.in_force_from)
    return versions


def _changed(versions: list[_Version], on: date, **changes: Any) -> list[_Version]:
    return [*_ended(versions, on), replace(versions[-1], since=on, until=FOR_EVER, **changes)]


def _ended(versions: list[_Version], on: date) -> list[_Version]:
    *earlier, last = versions
    return [*earlier, replace(last, until=on)] if last.since < on else earlier


def _write_areas(entries: Iterable[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
    founded = [(one.stream, one.event.level) for one in entries if isinstance(one.event, AreaFounded)]
    with to.copy("COPY area (id, level, version) FROM STDIN") as copy:
        for id, level in founded:
            copy.write_row((id, level.value, 1))
    latest = {entry.stream: entry.version for entry in entries}
    to.execute(
        "UPDATE area SET version = latest.version"
        " FROM unnest(%s::uuid[], %s::integer[]) AS latest (id, version) WHERE area.id = latest.id",
        [list(latest), list(latest.values())],
    )


def _write_versions(touched: list[UUID], versions: dict[UUID, list[_Version]], to: psycopg.Cursor[Any]) -> None:
    to.execute("DELETE FROM area_version WHERE area_id = ANY(%s)", [touched])
    columns = "area_id, code, name, parent_id, valid_from, valid_until"
    with to.copy(f"COPY area_version ({columns}) FROM STDIN") as copy:
        for area in touched:
            for one in versions[area]:
                copy.write_row((area, one.code, one.name, one.parent, one.since, one.until))


def _write_lineage(entries: Iterable[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
    rows = []
    for entry in entries:
        match entry.event:
            case AreaMerged(into=into, in_force_from=day):
                rows.append((entry.stream, into, "merged", day))
            case AreaSplit(into=parts, in_force_from=day):
                rows += [(entry.stream, part, "split", day) for part in parts]
    to.executemany("INSERT INTO area_lineage VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", rows)
