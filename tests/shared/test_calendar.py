"""Days: a limit ends on a working day, months end on their last day, the day is Shanghai's."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.shared.calendar import Calendar, add_months, local_day
from domain.shared.law import Citation, TimeLimit, Unit

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CALENDARS = st.builds(
    Calendar,
    version=st.just("test"),
    published_until=st.just(date(2030, 12, 31)),
    holidays=st.frozensets(DAYS, max_size=40),
    make_up_workdays=st.frozensets(DAYS, max_size=40),
)
BASIS = Citation(law="民法典", article="第二百零三条", in_force=date(2021, 1, 1))
LIMITS = st.builds(
    TimeLimit,
    code=st.just("X"),
    length=st.integers(0, 60),
    counted_in=st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS]),
    basis=st.just(BASIS),
)


@given(CALENDARS, DAYS, LIMITS)
def test_a_limit_of_any_kind_ends_on_a_working_day_and_not_before_its_start(calendar, start, limit):
    due = limit.due(start, calendar)

    assert due >= start
    assert not calendar.is_free(due) or limit.length == 0


@given(CALENDARS, DAYS)
def test_the_first_working_day_skips_only_free_days(calendar, day):
    found = calendar.first_working_day_from(day)

    assert not calendar.is_free(found)
    assert all(calendar.is_free(day + timedelta(n)) for n in range((found - day).days))


@given(CALENDARS, DAYS, st.integers(1, 20))
def test_working_days_are_counted_without_the_day_of_the_start(calendar, start, count):
    end = calendar.working_day_after(start, count)

    worked = [n for n in range(1, (end - start).days + 1) if not calendar.is_free(start + timedelta(n))]

    assert len(worked) == count


@given(DAYS, st.integers(0, 40))
def test_months_end_on_the_same_day_or_the_last(start, months):
    end = add_months(start, months)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(1)).day == 1)


def test_by_hand():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert local_day(datetime(2026, 3, 2, 15, 59, tzinfo=UTC)) == date(2026, 3, 2)
    assert local_day(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)) == date(2026, 3, 3)


def test_a_make_up_workday_is_no_holiday_and_a_holiday_is_free_on_any_day():
    saturday, monday = date(2026, 4, 4), date(2026, 4, 6)
    calendar = Calendar(
        version="x",
        published_until=date(2026, 12, 31),
        holidays=frozenset({monday}),
        make_up_workdays=frozenset({saturday}),
    )

    assert (calendar.is_free(saturday), calendar.is_free(monday)) == (False, True)
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))
