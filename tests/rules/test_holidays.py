"""A year's notice and single amendments: what they say holds over the library, and the version tells that they do."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.holidays import (
    AmendedSoAlready,
    AmendHolidays,
    DayKind,
    FreeAndWorkday,
    HolidayCalendar,
    HolidaysAmended,
    HolidaysPublished,
    NoHolidays,
    NotAWeekend,
    NotOfThatYear,
    PublishHolidays,
    YearPublishedAlready,
)
from domain.shared.calendar import SHANGHAI, Calendar, local_day
from domain.shared.law import Citation, TimeLimit, Unit
from tests.rules.desk import BLANK_CALENDAR, decided

BASE = Calendar(
    version="CN-2026-holidays-0.1",
    published_until=date(2026, 12, 31),
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    make_up_workdays=frozenset({date(2026, 10, 10)}),
)
FRIDAY, SATURDAY, SUNDAY = date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)
NOTICE = "国办发明电〔2026〕7号"
NEW_YEAR = PublishHolidays(year=2027, holidays=(FRIDAY, SATURDAY), make_up_workdays=(SUNDAY,), notice=NOTICE)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def after(*events):
    state = BLANK_CALENDAR
    for event in events:
        state = event.evolve(state, datetime(2026, 11, 1, tzinfo=SHANGHAI))
    return state


def amended(day, kind):
    return HolidaysAmended(day=day, counts_as=kind, because="x")


def test_a_notice_is_recorded_with_its_make_up_workdays():
    events = decided(BLANK_CALENDAR, NEW_YEAR)

    assert events == (
        HolidaysPublished(year=2027, holidays=(FRIDAY, SATURDAY), make_up_workdays=(SUNDAY,), notice=NOTICE),
    )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"holidays": ()}, NoHolidays),
        ({"holidays": (date(2028, 1, 1),)}, NotOfThatYear),
        ({"holidays": (date(2026, 11, 30),)}, NotOfThatYear),
        ({"make_up_workdays": (SATURDAY,)}, FreeAndWorkday),
        ({"make_up_workdays": (date(2027, 1, 4),)}, NotAWeekend),
    ],
)
def test_a_notice_that_cannot_be_is_refused(changes, refusal):
    with pytest.raises(refusal):
        decided(BLANK_CALENDAR, NEW_YEAR.but(**changes))


def test_a_year_is_published_once():
    with pytest.raises(YearPublishedAlready):
        decided(after(*decided(BLANK_CALENDAR, NEW_YEAR)), NEW_YEAR)


def test_new_years_days_off_may_begin_in_december():
    assert decided(BLANK_CALENDAR, NEW_YEAR.but(holidays=(date(2026, 12, 31), FRIDAY)))


def test_a_day_is_not_amended_twice_in_the_same_way():
    state = after(amended(FRIDAY, DayKind.WORK))

    with pytest.raises(AmendedSoAlready):
        decided(state, AmendHolidays(day=FRIDAY, counts_as=DayKind.WORK, because="又一次"))
    assert decided(state, AmendHolidays(day=FRIDAY, counts_as=DayKind.FREE, because="改回"))


def test_a_published_year_moves_the_end_of_what_is_known():
    calendar = after(*decided(BLANK_CALENDAR, NEW_YEAR)).on(BASE, 1)

    assert calendar.version == "CN-2027-holidays-0.1+1"
    assert calendar.published_until == date(2027, 12, 31)
    assert (calendar.is_free(FRIDAY), calendar.is_free(SATURDAY), calendar.is_free(SUNDAY)) == (True, True, False)


def test_a_year_after_a_gap_is_known_but_the_gap_keeps_later_dates_provisional():
    later = HolidaysPublished(year=2028, holidays=(date(2028, 1, 3),), make_up_workdays=(), notice="x")

    calendar = after(later).on(BASE, 1)

    assert calendar.is_free(date(2028, 1, 3))
    assert calendar.is_provisional(date(2027, 1, 1))


def test_a_published_year_stands_in_the_place_of_the_librarys():
    ours = HolidaysPublished(year=2026, holidays=(date(2026, 10, 1),), make_up_workdays=(), notice="x")

    calendar = after(ours).on(BASE, 1)

    assert not calendar.is_free(date(2026, 10, 2))
    assert calendar.is_free(date(2026, 10, 10))


def test_without_changes_the_calendar_is_the_librarys():
    assert HolidayCalendar.blank(None).on(BASE, 0) == BASE


@given(st.dictionaries(DAYS, st.sampled_from(DayKind), max_size=20), st.booleans())
def test_an_amended_day_is_what_the_amendment_says_whatever_else_says(amendments, published):
    events = [amended(day, kind) for day, kind in amendments.items()]

    calendar = after(*(decided(BLANK_CALENDAR, NEW_YEAR) if published else ()), *events).on(BASE, len(events))

    assert all(calendar.is_free(day) == (kind is DayKind.FREE) for day, kind in amendments.items())
    assert not calendar.holidays & calendar.make_up_workdays


@given(DAYS, st.sampled_from(DayKind))
def test_an_amendment_touches_no_other_day(day, kind):
    calendar = after(amended(day, kind)).on(BASE, 1)

    around = (day + timedelta(n) for n in range(-10, 11) if n)
    assert all(calendar.is_free(one) == BASE.is_free(one) for one in around)


def test_a_date_recorded_before_an_amendment_stays():
    limit = TimeLimit(
        code="X", length=3, counted_in=Unit.WORKING_DAYS, basis=Citation(law="L", article="1", in_force=None)
    )
    since = datetime(2026, 9, 30, 9, tzinfo=SHANGHAI)
    before = limit.counted(since, BASE)

    calendar = after(amended(date(2026, 10, 5), DayKind.FREE)).on(BASE, 1)

    assert (before.day, before.calendar) == (date(2026, 10, 7), "CN-2026-holidays-0.1")
    assert local_day(before.end - timedelta(seconds=1)) == date(2026, 10, 7)
    assert (limit.counted(since, calendar).day, calendar.version) == (date(2026, 10, 8), "CN-2026-holidays-0.1+1")
