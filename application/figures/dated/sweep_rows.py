"""Sweeps as figures count them: one row for each unit and day that was due, or of which something was reported."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from application.figures.dated.dating import Dating, Key, Rows
from domain.shared.calendar import DAY, local_day
from domain.shared.decider import Entry
from domain.sweep.reporting import FindsReported, ReportWithdrawn, ZeroReported
from domain.sweep.sweep import SweepMonth

REPORT = "report"


class ReportRow(NamedTuple):
    place: UUID
    registered_on: date
    """The day that was to be swept: on both bases a report goes by it."""
    body: UUID
    """Who opened the month of the unit: the body that stands for it."""
    level: str
    due: bool
    reported_on: date | None
    """The day on which the report was recorded."""
    late_days: int | None
    found: int
    zero: bool


class SweepTelling:
    """The days of a month are known when it is opened; each has one row, which a report changes. Those of other days
    stay the same objects: a month is told thirty times."""

    def __init__(self) -> None:
        self._body: UUID | None = None
        self._recorded: dict[date, date] = {}
        self._rows: dict[Key, ReportRow] = {}
        self._due: tuple[date | None, date | None] = (None, None)
        self._changed: set[date] = set()

    def add(self, entry: Entry[Any], state: SweepMonth) -> None:
        if self._body is None:
            self._body = entry.stamp.body
        match entry.event:
            case ZeroReported() | FindsReported():
                day = local_day(entry.occurred_at)
                self._recorded.setdefault(day, local_day(entry.recorded_at))
                self._changed.add(day)
            case ReportWithdrawn(day=withdrawn):
                self._recorded.pop(withdrawn, None)
                self._changed.add(withdrawn)

    def rows(self, month: SweepMonth) -> Rows:
        if month.due_from is None or month.due_until is None:
            return {}
        due = {month.due_from + DAY * number for number in range((month.due_until - month.due_from).days)}
        told = due | month.reports.keys()
        again = self._changed if self._due == (month.due_from, month.due_until) else told
        numbers = {day.day for day in again}
        kept = {} if again is told else {key: row for key, row in self._rows.items() if key[1] not in numbers}
        self._rows = {**kept, **{(REPORT, day.day): self._row(month, day, day in due) for day in again & told}}
        self._due, self._changed = (month.due_from, month.due_until), set()
        return self._rows

    def _row(self, month: SweepMonth, day: date, due: bool) -> ReportRow:
        assert month.unit
        assert month.level
        assert self._body
        cases = month.reports.get(day)
        recorded = self._recorded[day] if cases is not None else None
        return ReportRow(
            place=month.unit,
            registered_on=day,
            body=self._body,
            level=month.level.value,
            due=due,
            reported_on=recorded,
            late_days=(recorded - day).days if recorded else None,
            found=len(cases or ()),
            zero=cases == (),
        )


def sweep_dating(id: UUID) -> Dating[SweepMonth]:
    return Dating(SweepMonth.blank(id), SweepTelling)
