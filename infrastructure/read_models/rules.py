"""规则: published years, amendments and rule packs: tables, filling, reading; and the book that answers from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from application.jurisdiction import JurisdictionRegister
from application.rules import CLOCKS, AmendmentRow, YearRow
from domain.rules.holidays import (
    CalendarEvent,
    HolidayCalendar,
    HolidaysAmended,
    HolidaysPublished,
)
from domain.rules.local import RulePack, local_limits
from domain.rules.packs import PackEvent, PackPublished, PackWithdrawn
from domain.shared.calendar import Calendar
from domain.shared.decider import Entry
from domain.shared.law import TimeLimit
from domain.shared.values import AreaId
from infrastructure.read_models.remembered import remembered

T = TypeVar("T")


class RulesTables:
    name: ClassVar = "rules"
    contexts: ClassVar[tuple[str, ...]] = ("rules",)
    by_stream: ClassVar = False
    schema: ClassVar = """
        CREATE TABLE holiday_year (
            year integer PRIMARY KEY, holidays date[] NOT NULL, make_up_workdays date[] NOT NULL,
            notice text NOT NULL, recorded_at timestamptz NOT NULL, version integer NOT NULL);
        CREATE TABLE holiday_amendment (
            day date PRIMARY KEY, counts_as text NOT NULL, because text NOT NULL,
            recorded_at timestamptz NOT NULL, version integer NOT NULL);
        CREATE TABLE rule_pack (
            area_id uuid NOT NULL, pack_name text NOT NULL, in_force_from date NOT NULL, in_force_until date,
            pack jsonb NOT NULL, PRIMARY KEY (area_id, pack_name));
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            match entry.event:
                case CalendarEvent():
                    _change_calendar(entry, to)
                case PackEvent():
                    _change_packs(entry.event, to)


def _change_calendar(entry: Entry[Any], to: psycopg.Cursor[Any]) -> None:
    recorded = [entry.recorded_at, entry.version]
    match entry.event:
        case HolidaysPublished() as told:
            to.execute(
                "INSERT INTO holiday_year VALUES (%s, %s, %s, %s, %s, %s)",
                [told.year, list(told.holidays), list(told.make_up_workdays), told.notice, *recorded],
            )
        case HolidaysAmended() as told:
            to.execute("DELETE FROM holiday_amendment WHERE day = %s", [told.day])
            to.execute(
                "INSERT INTO holiday_amendment VALUES (%s, %s, %s, %s, %s)",
                [told.day, told.counts_as.value, told.because, *recorded],
            )


def _change_packs(event: PackEvent, to: psycopg.Cursor[Any]) -> None:
    match event:
        case PackPublished():
            pack = event.pack
            to.execute(
                "INSERT INTO rule_pack VALUES (%s, %s, %s, %s, %s)",
                [pack.area, pack.pack_name, pack.in_force_from, pack.in_force_until, Jsonb(_as_json(pack))],
            )
        case PackWithdrawn():
            to.execute(
                "UPDATE rule_pack SET in_force_until = %s WHERE area_id = %s AND pack_name = %s",
                [event.in_force_until, event.area, event.pack_name],
            )


def _as_json(pack: RulePack) -> dict[str, Any]:
    return pack.model_dump(mode="json", exclude={"in_force_until"})


_CALENDAR = """
    SELECT
        (SELECT coalesce(max(version), 0) FROM
            (SELECT version FROM holiday_year UNION ALL SELECT version FROM holiday_amendment) AS changes),
        (SELECT coalesce(jsonb_object_agg(year, jsonb_build_object(
            'holidays', to_jsonb(holidays), 'make_up_workdays', to_jsonb(make_up_workdays))), '{}') FROM holiday_year),
        (SELECT coalesce(jsonb_object_agg(day, counts_as), '{}') FROM holiday_amendment)
"""
"""One statement, so that the number of changes is that of the days read with it."""


class Book:
    """Answers application.rules.RuleBook. `base`: the library's calendar, before what was recorded here."""

    def __init__(self, pool: ConnectionPool[Any], register: JurisdictionRegister, base: Callable[[], Calendar]) -> None:
        self._pool = pool
        self._register = register
        self._base = base

    def calendar(self) -> Calendar:
        with self._pool.connection() as connection:
            ((changes, years, amendments),) = connection.execute(_CALENDAR).fetchall()
        known = HolidayCalendar.model_validate({"years": years, "amendments": amendments})
        return known.on(self._base(), changes)

    def local(self, area: AreaId, day: date) -> Mapping[str, TimeLimit]:
        if not (packs := self.packs()):
            return {}
        path = [one.id for one in self._register.path(area, day)]
        return local_limits(packs, path, day, CLOCKS)

    def years(self) -> Sequence[YearRow]:
        columns = "year, holidays, make_up_workdays, notice, recorded_at"
        return self._rows(YearRow, f"SELECT {columns} FROM holiday_year ORDER BY year")

    def amendments(self) -> Sequence[AmendmentRow]:
        columns = "day, counts_as, because, recorded_at"
        return self._rows(AmendmentRow, f"SELECT {columns} FROM holiday_amendment ORDER BY day")

    def packs(self) -> Sequence[RulePack]:
        with self._pool.connection() as connection:
            query = "SELECT pack, in_force_until FROM rule_pack ORDER BY area_id, in_force_from, pack_name"
            found = connection.execute(query).fetchall()
        return [RulePack.model_validate({**pack, "in_force_until": until}) for pack, until in found]

    def _rows(self, row: type[T], query: str) -> list[T]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(row)) as cursor:
            found: list[T] = cursor.execute(query.encode()).fetchall()
        return found


class RememberedBook(Book):
    """The same, with what each command asks for remembered for a moment; `Book` is for those who read the rules."""

    def __init__(self, pool: ConnectionPool[Any], register: JurisdictionRegister, base: Callable[[], Calendar]) -> None:
        super().__init__(pool, register, base)
        self._calendar, self._local = remembered(super().calendar), remembered(super().local)

    def calendar(self) -> Calendar:
        return self._calendar()

    def local(self, area: AreaId, day: date) -> Mapping[str, TimeLimit]:
        return self._local(area, day)
