"""节假日: from November on, whoever keeps the rules is told of the year that is not published."""

from datetime import date

import pytest

from domain.rules.holidays import year_to_publish
from tests.case.histories import CALENDAR


@pytest.mark.parametrize(
    ("today", "until", "year"),
    [
        (date(2026, 10, 31), date(2026, 12, 31), None),
        (date(2026, 11, 1), date(2026, 12, 31), 2027),
        (date(2026, 12, 31), date(2026, 12, 31), 2027),
        (date(2026, 12, 31), date(2027, 12, 31), None),
        (date(2027, 1, 2), date(2026, 12, 31), 2027),
        (date(2027, 3, 1), date(2025, 12, 31), 2026),
    ],
)
def test_from_november_on_the_next_year_is_awaited_and_a_year_that_has_begun_is_always(today, until, year):
    assert year_to_publish(CALENDAR.but(published_until=until), today) == year
