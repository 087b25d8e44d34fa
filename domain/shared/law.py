"""The law as data: where a rule stands, since when, and how long a limit is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.shared.calendar import Calendar, add_months
from domain.shared.values import Value


class Citation(Value):
    law: str
    article: str
    in_force: date

    def __str__(self) -> str:
        return f"《{self.law}》{self.article}"


class TimeLimit(Value):
    """So long, counted so, because that article says so."""

    code: str
    length: int
    counted_in: Literal["days", "working days", "months"]
    basis: Citation

    def due(self, start: date, calendar: Calendar) -> date:
        """The last day of the limit: the day of the start does not count (民法典 201),
        and a limit that would end on a holiday ends on the first day after it (民法典 203)."""
        if self.counted_in == "working days":
            return calendar.working_day_after(start, self.length)
        if self.counted_in == "months":
            return calendar.first_working_day_from(add_months(start, self.length))
        return calendar.first_working_day_from(date.fromordinal(start.toordinal() + self.length))
