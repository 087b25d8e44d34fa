"""规则: calendars and rule packs are published, amended and withdrawn; the book says what holds where and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import ModuleType
from typing import Any, Protocol
from uuid import UUID

from application.ports import Asked, Ledger, Receipt, Stream, Unit
from application.register_decisions import area_facts, occasion, record
from domain.case import limits as case_limits
from domain.case import service_limits
from domain.case.beside import proceeding_limits
from domain.escalation import limits as escalation_limits
from domain.referral import limits as referral_limits
from domain.rules.holidays import CALENDAR, AmendHolidays, DayKind, HolidayCalendar, PublishHolidays
from domain.rules.local import RulePack
from domain.rules.packs import AreaRules, PublishRulePack, WithdrawRulePack, packs_of
from domain.shared.calendar import Calendar
from domain.shared.decider import Command
from domain.shared.law import TimeLimit
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.values import AreaId, Value

CALENDARS: Stream[HolidayCalendar] = Stream("rules.holidays", HolidayCalendar.blank)
PACKS: Stream[AreaRules] = Stream("rules.pack", AreaRules.blank)

MODULES: tuple[ModuleType, ...] = (case_limits, proceeding_limits, service_limits, referral_limits, escalation_limits)


def limits_of(module: ModuleType) -> list[TimeLimit]:
    return [one for one in vars(module).values() if isinstance(one, TimeLimit)]


CLOCKS: Mapping[str, TimeLimit] = {one.code: one for module in MODULES for one in limits_of(module)}
"""Every limit of every context, by code."""


class YearRow(Value):
    """A year whose notice is recorded here."""

    year: int
    holidays: tuple[date, ...]
    make_up_workdays: tuple[date, ...]
    notice: str
    recorded_at: datetime


class AmendmentRow(Value):
    day: date
    counts_as: DayKind
    because: str
    recorded_at: datetime


class RuleBook(Protocol):
    """What holds, as the read model knows it."""

    def calendar(self) -> Calendar:
        """The calendar of this moment, with every published year and every amendment."""
        ...

    def local(self, area: AreaId, day: date) -> Mapping[str, TimeLimit]:
        """The limits that hold for a place on that day in place of the defaults, by code."""
        ...

    def years(self) -> Sequence[YearRow]: ...

    def amendments(self) -> Sequence[AmendmentRow]: ...

    def packs(self) -> Sequence[RulePack]: ...


def counted_for(body: BodyFacts, on: Occasion, book: RuleBook) -> Occasion:
    """The same occasion with the limits of the body's own place: it holds the case from now on, whoever asked."""
    return replace(on, local=book.local(body.area, on.day))


class Rules:
    """Use cases on the calendar and on the packs of an area."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def publish_holidays(self, asked: Asked, command: PublishHolidays) -> Receipt:
        return self._on_calendar(asked, command)

    def amend(self, asked: Asked, command: AmendHolidays) -> Receipt:
        return self._on_calendar(asked, command)

    def _on_calendar(self, asked: Asked, command: Command[HolidayCalendar]) -> Receipt:
        def work(unit: Unit) -> UUID:
            record(unit, CALENDARS, unit.history(CALENDARS, CALENDAR), command, occasion(asked, command))
            return CALENDAR

        return self._ledger.carry_out(asked, work)

    def publish_pack(self, asked: Asked, command: PublishRulePack) -> Receipt:
        """Refused as a whole where one of its limits is."""
        id = packs_of(command.area)

        def work(unit: Unit) -> UUID:
            areas = {command.area: area_facts(unit, command.area, command.in_force_from)}
            on = replace(occasion(asked, command, areas), clocks=CLOCKS)
            record(unit, PACKS, unit.history(PACKS, id), command, on)
            return id

        return self._ledger.carry_out(asked, work)

    def withdraw_pack(self, asked: Asked, command: WithdrawRulePack) -> Receipt:
        id = packs_of(command.area)

        def work(unit: Unit) -> UUID:
            record(unit, PACKS, unit.history(PACKS, id), command, occasion(asked, command))
            return id

        return self._ledger.carry_out(asked, work)

    def change(self, asked: Asked, command: Command[Any]) -> Receipt:
        """Whichever of the four it is."""
        match command:
            case PublishRulePack():
                return self.publish_pack(asked, command)
            case WithdrawRulePack():
                return self.withdraw_pack(asked, command)
            case _:
                return self._on_calendar(asked, command)


@dataclass(frozen=True)
class Clock:
    """A limit as it stands by default on a day, and what the place sets instead."""

    default: TimeLimit
    local: TimeLimit | None

    @property
    def in_force(self) -> TimeLimit:
        return self.local or self.default


def clocks(book: RuleBook, area: AreaId | None, day: date) -> list[Clock]:
    """Every limit, as it holds for that place on that day; without a place: the defaults."""
    local = book.local(area, day) if area else {}
    return [Clock(one.on(day), local.get(code)) for code, one in CLOCKS.items()]
