"""Our calendar and a second, independent one agree on every day of which both know the notice."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from infrastructure.calendar import FIRST_YEAR, PUBLISHED_UNTIL, base


@pytest.mark.parametrize("year", range(FIRST_YEAR, PUBLISHED_UNTIL.year + 1))
def test_every_day_is_free_or_a_workday_as_the_notice_of_its_year_says(year):
    days = [date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]

    assert [day for day in days if base().is_free(day) == chinese_calendar.is_workday(day)] == []


def test_what_lies_beyond_the_last_notice_is_provisional():
    assert not base().is_provisional(date(2026, 12, 31))
    assert base().is_provisional(date(2027, 1, 1))
    assert max(base().holidays).year == PUBLISHED_UNTIL.year
