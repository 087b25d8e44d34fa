"""节假日 The yearly calendar as events: what a notice made free or a workday, and single days set right afterwards."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from annotated_types import Ge, Le, Len
from pydantic import Field

from domain.shared.calendar import Calendar
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import Day, Filled, Line, Reason, Value
from domain.statutes import HOLIDAYS_MEASURES

CALENDAR = UUID("6c1f0f8e-5a0d-4c53-9d53-0d1a4a7c2b61")
"""The one stream of the county's calendar."""
ARRANGED = HOLIDAYS_MEASURES["第七条"]
SATURDAY = 5
DECEMBER = 12

Year = Annotated[int, Ge(2000), Le(2100)]
Days = Annotated[tuple[Day, ...], Len(0, 60)]


class RulesStage(StrEnum):
    NEW = "new"  # 尚无记录
    IN_USE = "in-use"  # 已有规定


class DayKind(StrEnum):
    FREE = "free"  # 放假
    WORK = "work"  # 上班


class NoHolidays(Refused):
    """A notice that makes no day free is none."""


class YearPublishedAlready(Conflict):
    """The year's notice is recorded: single days are amended."""


class NotOfThatYear(Refused):
    """A notice speaks of its year, and of the December before it where New Year's days off begin there."""


class FreeAndWorkday(Refused):
    """One day cannot be both."""


class NotAWeekend(Refused):
    """Only a Saturday or Sunday can be made a workday: any other one is a workday already."""


class AmendedSoAlready(Conflict):
    """The day was amended in the same way before."""


class PublishedYear(Value):
    holidays: frozenset[date]
    make_up_workdays: frozenset[date]


class HolidayCalendar(Value):
    stage: RulesStage = RulesStage.NEW
    years: Mapping[int, PublishedYear] = {}
    amendments: Mapping[date, DayKind] = {}

    @classmethod
    def blank(cls, id: Any) -> Self:
        return cls()

    def on(self, base: Calendar, changes: int) -> Calendar:
        """The base with the published years in its place, then the amendments; its version tells how many changes."""
        free = {day for day in base.holidays if day.year not in self.years}
        work = {day for day in base.make_up_workdays if day.year not in self.years}
        for _, one in sorted(self.years.items()):
            free = free - one.make_up_workdays | one.holidays
            work = work - one.holidays | one.make_up_workdays
        set_free = {day for day, kind in self.amendments.items() if kind is DayKind.FREE}
        set_work = set(self.amendments) - set_free
        until = self._published_until(base.published_until)
        return Calendar(
            version=_version(base, until, changes),
            published_until=until,
            holidays=frozenset(free - set_work | set_free),
            make_up_workdays=frozenset(work - set_free | {day for day in set_work if day.weekday() >= SATURDAY}),
        )

    def _published_until(self, known: date) -> date:
        """To the end of the last year before the first gap: the days of a year in between are not known."""
        year = known.year
        while year + 1 in self.years:
            year += 1
        return known if year == known.year else date(year, 12, 31)


def _version(base: Calendar, until: date, changes: int) -> str:
    name = base.version.replace(str(base.published_until.year), str(until.year), 1)
    return f"{name}+{changes}" if changes else name


class CalendarEvent(Event[HolidayCalendar]):
    """An event of the calendar."""


class CalendarCommand(Command[HolidayCalendar]):
    """A command on the calendar."""

    allowed_in: ClassVar = frozenset(RulesStage)

    def ground(self, state: HolidayCalendar) -> StageSince:
        return StageSince(state.stage, None)

    @abstractmethod
    def decide(self, calendar: HolidayCalendar, on: Occasion) -> tuple[CalendarEvent, ...]: ...


class PublishHolidays(CalendarCommand):
    """登记放假安排: the year's notice, with its make-up workdays."""

    allowed_in: ClassVar = frozenset(RulesStage)
    year: Year
    holidays: Days
    make_up_workdays: Days = ()
    notice: Annotated[Line, Filled, Field(min_length=1)]
    """Number and title of the notice."""

    def decide(self, calendar: HolidayCalendar, on: Occasion) -> tuple[CalendarEvent, ...]:
        if self.year in calendar.years:
            raise YearPublishedAlready(year=self.year)
        self._check_days()
        return (HolidaysPublished(**self.model_dump(include=set(HolidaysPublished.model_fields))),)

    def _check_days(self) -> None:
        holidays, work = set(self.holidays), set(self.make_up_workdays)
        if not holidays:
            raise NoHolidays(year=self.year, article=str(ARRANGED))
        if strange := sorted(day for day in holidays | work if not self._speaks_of(day)):
            raise NotOfThatYear(year=self.year, days=strange)
        if both := sorted(holidays & work):
            raise FreeAndWorkday(days=both)
        if weekdays := sorted(day for day in work if day.weekday() < SATURDAY):
            raise NotAWeekend(days=weekdays, article=str(ARRANGED))

    def _speaks_of(self, day: date) -> bool:
        return day.year == self.year or (day.year, day.month) == (self.year - 1, DECEMBER)


class HolidaysPublished(CalendarEvent):
    name: ClassVar = "rules.holidays_published"
    year: Year
    holidays: Days
    make_up_workdays: Days
    notice: Line

    def evolve(self, state: HolidayCalendar, at: datetime) -> HolidayCalendar:
        known = PublishedYear(holidays=frozenset(self.holidays), make_up_workdays=frozenset(self.make_up_workdays))
        return state.but(stage=RulesStage.IN_USE, years={**state.years, self.year: known})


class AmendHolidays(CalendarCommand):
    """更正放假安排: a single day, where the library or a notice as recorded is wrong."""

    allowed_in: ClassVar = frozenset(RulesStage)
    day: Day
    counts_as: DayKind
    because: Reason

    def decide(self, calendar: HolidayCalendar, on: Occasion) -> tuple[CalendarEvent, ...]:
        if calendar.amendments.get(self.day) is self.counts_as:
            raise AmendedSoAlready(day=self.day)
        return (HolidaysAmended(day=self.day, counts_as=self.counts_as, because=self.because),)


class HolidaysAmended(CalendarEvent):
    name: ClassVar = "rules.holidays_amended"
    day: date
    counts_as: DayKind
    because: Reason

    def evolve(self, state: HolidayCalendar, at: datetime) -> HolidayCalendar:
        return state.but(stage=RulesStage.IN_USE, amendments={**state.amendments, self.day: self.counts_as})


NOTICE_MONTH = 11
"""From November on the State Council's notice for the next year is awaited."""


def year_to_publish(calendar: Calendar, today: date) -> int | None:
    """The first year without published holidays, once it is time to enter them; None: all are there."""
    ends = date(today.year + (today.month >= NOTICE_MONTH), 12, 31)
    return calendar.published_until.year + 1 if calendar.published_until < ends else None
