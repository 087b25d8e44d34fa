"""Which months a picture has: those of its window, and of the first and the last only the days that lie in it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

A_YEAR_AND_ONE = 13
"""So many months have the same month twice."""


@dataclass(frozen=True)
class MonthShown:
    key: str
    since: date
    until: date

    @property
    def a_year_before(self) -> MonthShown:
        since, until = a_year_before(self.since), a_year_before(self.until)
        is_whole = self.until == last_of(self.until)
        return MonthShown(f"{since:%Y-%m}", since, last_of(until) if is_whole else until)


def a_year_before(day: date) -> date:
    """The last of February for its 29th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def last_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_until(until: date, since: date | None = None, most: int = A_YEAR_AND_ONE) -> list[MonthShown]:
    """The latest of the window, at most so many: what lies outside of it is not there."""
    found, first, last = list[MonthShown](), until.replace(day=1), until
    while len(found) < most and (since is None or last >= since):
        found.insert(0, MonthShown(f"{first:%Y-%m}", max(first, since or first), last))
        last = first - timedelta(days=1)
        first = last.replace(day=1)
    return found
