"""China's holidays and make-up workdays, as published each year."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.metadata import version

import holidays

from domain.shared.calendar import Calendar

FIRST_YEAR = 2010
PUBLISHED_UNTIL = date(2026, 12, 31)
"""The last notice that the locked edition of the library has; later years are published by the county."""


def base() -> Calendar:
    """What the library knows, before the county's own years and amendments."""
    return china(PUBLISHED_UNTIL)


@cache
def china(published_until: date) -> Calendar:
    """The calendar up to the last year whose notice is out; later days count weekends only and are provisional."""
    found = holidays.country_holidays("CN", years=range(FIRST_YEAR, published_until.year + 1))
    return Calendar(
        version=f"CN-{published_until.year}-holidays-{version('holidays')}",
        published_until=published_until,
        holidays=frozenset(found),
        make_up_workdays=frozenset(found.weekend_workdays),
    )
