"""Days in China: the local day, working days, hours, months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.shared.values import Value

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def local_day(moment: datetime) -> date:
    """The day in Asia/Shanghai, whatever the offset of the moment."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """Midnight in Asia/Shanghai: the first moment of the next day (民法典 203: the last day ends at 24:00)."""
    return datetime.combine(day + DAY, datetime.min.time(), SHANGHAI)


def add_months(start: date, months: int) -> date:
    """The same day of the month, or its last day where it has no such day (民法典 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


class Calendar(Value):
    """Which days are free. A dated value: an event records the version that it was counted with."""

    version: str
    published_until: date
    holidays: frozenset[date]
    make_up_workdays: frozenset[date]

    def is_free(self, day: date) -> bool:
        return day in self.holidays or (day.weekday() >= 5 and day not in self.make_up_workdays)

    def first_working_day_from(self, day: date) -> date:
        while self.is_free(day):
            day += DAY
        return day

    def working_day_after(self, start: date, count: int) -> date:
        day = start
        while count:
            day += DAY
            count -= not self.is_free(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Those after the start, up to the end."""
        days = (date.fromordinal(one) for one in range(start.toordinal() + 1, end.toordinal() + 1))
        return sum(not self.is_free(day) for day in days)

    def hours_after(self, start: datetime, count: int) -> datetime:
        """The hour of the start does not count (民法典 201); what would end on a free day ends with the first
        day after it (民诉法 85). What ends at midnight ends on the day before it."""
        begun = start.astimezone(SHANGHAI)
        full = begun.replace(minute=0, second=0, microsecond=0)
        end = (full if full == begun else full + HOUR) + count * HOUR
        day = local_day(end - timedelta.resolution)
        return end_of(self.first_working_day_from(day)) if self.is_free(day) else end

    def is_provisional(self, day: date) -> bool:
        """Whether the holidays of that day's year are not yet published."""
        return day > self.published_until
