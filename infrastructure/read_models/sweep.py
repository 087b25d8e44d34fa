"""排查: tables of who was due, of each report, of meetings and campaigns, and how events fill them; nobody's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from domain.shared.calendar import local_day
from domain.shared.decider import Entry
from domain.sweep.campaign import CampaignEnded, CampaignEvent, CampaignLaunched, CampaignReported
from domain.sweep.duty import DutyEnded, MonthOpened, first_of
from domain.sweep.meeting import MeetingEvent, MeetingHeld, MeetingWithdrawn, PointAssessed, PointFollowedUp
from domain.sweep.reporting import FindsReported, ReportWithdrawn, ZeroReported
from domain.sweep.sweep import SweepEvent

_REPORTS = """
    INSERT INTO sweep_report (unit, day, id, found, late_days, recorded_at)
    SELECT m.unit, t.day, t.id, t.found, t.late_days, t.recorded_at
    FROM unnest(%s::uuid[], %s::date[], %s::integer[], %s::integer[], %s::timestamptz[])
        AS t (id, day, found, late_days, recorded_at) JOIN sweep_month m ON m.id = t.id
    ON CONFLICT (unit, day) DO UPDATE SET found = excluded.found"""
"""What is told later of the same day adds to its finds; how late it was is said by what came first."""


class SweepTables:
    name: ClassVar = "sweep"
    contexts: ClassVar[tuple[str, ...]] = ("sweep",)
    by_stream: ClassVar = True
    schema: ClassVar = """
        CREATE TABLE sweep_month (
            id uuid PRIMARY KEY, unit uuid NOT NULL, level text NOT NULL, body uuid NOT NULL, month date NOT NULL,
            due_from date NOT NULL, due_until date NOT NULL);
        CREATE INDEX sweep_month_by_month ON sweep_month (month, unit);
        CREATE TABLE sweep_report (
            unit uuid NOT NULL, day date NOT NULL, id uuid NOT NULL, found integer NOT NULL,
            late_days integer NOT NULL, recorded_at timestamptz NOT NULL, PRIMARY KEY (unit, day));
        CREATE TABLE sweep_find (case_id uuid PRIMARY KEY, unit uuid NOT NULL, day date NOT NULL);
        CREATE TABLE sweep_meeting (
            id uuid PRIMARY KEY, version integer NOT NULL, unit uuid NOT NULL, form text NOT NULL,
            body uuid NOT NULL, held_at timestamptz NOT NULL, attended integer NOT NULL, cases integer NOT NULL,
            points integer NOT NULL, withdrawn boolean NOT NULL);
        CREATE INDEX sweep_meeting_by_unit ON sweep_meeting (unit, held_at DESC);
        CREATE TABLE sweep_point (
            meeting uuid NOT NULL, number integer NOT NULL, follows_up uuid, do_by date, done_on date,
            assessed text, PRIMARY KEY (meeting, number));
        CREATE INDEX sweep_point_open ON sweep_point (follows_up, do_by) WHERE done_on IS NULL;
        CREATE TABLE sweep_campaign (
            id uuid PRIMARY KEY, version integer NOT NULL, unit uuid NOT NULL, title text NOT NULL,
            first_day date NOT NULL, last_day date NOT NULL, ended boolean NOT NULL);
        CREATE TABLE sweep_target (
            campaign uuid NOT NULL, unit uuid NOT NULL, looked_at integer, found integer, reported_on date,
            PRIMARY KEY (campaign, unit));
        CREATE INDEX sweep_target_by_unit ON sweep_target (unit);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        gathered = _Gathered()
        for entry in page:
            if isinstance(entry.event, SweepEvent):
                gathered.take(entry, to)
            elif isinstance(entry.event, MeetingEvent):
                _meeting(entry, entry.event, to)
            elif isinstance(entry.event, CampaignEvent):
                _campaign(entry, entry.event, to)
        gathered.write(to)


@dataclass
class _Gathered:
    """Reports by the thousand are written at once; whatever takes one back comes after those before it."""

    months: list[tuple[Any, ...]] = field(default_factory=list)
    reports: dict[tuple[UUID, date], tuple[int, int, Any]] = field(default_factory=dict)
    finds: list[tuple[UUID, UUID, date]] = field(default_factory=list)

    def take(self, entry: Entry[Any], to: psycopg.Cursor[Any]) -> None:
        match entry.event:
            case MonthOpened() as opened:
                month = first_of(local_day(entry.occurred_at))
                told = (opened.unit, opened.level.value, opened.body, month, opened.due_from, opened.due_until)
                self.months.append((entry.stream, *told))
            case ZeroReported():
                self._report(entry, 0)
            case FindsReported(cases=cases):
                self._report(entry, len(cases))
                self.finds += [(case, entry.stream, local_day(entry.occurred_at)) for case in cases]
            case DutyEnded(due_until=until):
                self.write(to)
                to.execute("UPDATE sweep_month SET due_until = %s WHERE id = %s", [until, entry.stream])
            case ReportWithdrawn(day=day):
                self.write(to)
                to.execute("DELETE FROM sweep_report WHERE id = %s AND day = %s", [entry.stream, day])

    def _report(self, entry: Entry[Any], found: int) -> None:
        day = local_day(entry.occurred_at)
        late = (local_day(entry.recorded_at) - day).days
        _, *first = self.reports.get((entry.stream, day), (0, late, entry.recorded_at))
        self.reports[entry.stream, day] = (found, first[0], first[1])

    def write(self, to: psycopg.Cursor[Any]) -> None:
        if self.months:
            columns = "id, unit, level, body, month, due_from, due_until"
            with to.copy(f"COPY sweep_month ({columns}) FROM STDIN") as copy:
                for row in self.months:
                    copy.write_row(row)
        if self.reports:
            rows = ((*key, *told) for key, told in self.reports.items())
            to.execute(_REPORTS, list(map(list, zip(*rows, strict=True))))
        if self.finds:
            to.execute(
                "INSERT INTO sweep_find SELECT t.case_id, m.unit, t.day"
                " FROM unnest(%s::uuid[], %s::uuid[], %s::date[]) AS t (case_id, id, day)"
                " JOIN sweep_month m ON m.id = t.id ON CONFLICT DO NOTHING",
                list(map(list, zip(*self.finds, strict=True))),
            )
        self.months, self.reports, self.finds = [], {}, []


def _meeting(entry: Entry[Any], event: MeetingEvent, to: psycopg.Cursor[Any]) -> None:
    id, day = entry.stream, local_day(entry.occurred_at)
    match event:
        case MeetingHeld():
            told: list[Any] = [event.unit, event.form.value, entry.stamp.body, entry.occurred_at, event.attended]
            to.execute(
                "INSERT INTO sweep_meeting VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, false)",
                [id, *told, len(event.cases), len(event.points)],
            )
            to.executemany(
                "INSERT INTO sweep_point VALUES (%s, %s, %s, %s, NULL, NULL)",
                [(id, one.number, one.follows_up, one.do_by) for one in event.points],
            )
        case PointFollowedUp():
            to.execute("UPDATE sweep_point SET done_on = %s WHERE meeting = %s AND number = %s", [day, id, event.point])
        case PointAssessed():
            to.execute(
                "UPDATE sweep_point SET assessed = %s WHERE meeting = %s AND number = %s",
                [event.assessment.value, id, event.point],
            )
        case MeetingWithdrawn():
            to.execute("UPDATE sweep_meeting SET withdrawn = true WHERE id = %s", [id])
    to.execute("UPDATE sweep_meeting SET version = %s WHERE id = %s", [entry.version, id])


def _campaign(entry: Entry[Any], event: CampaignEvent, to: psycopg.Cursor[Any]) -> None:
    id = entry.stream
    match event:
        case CampaignLaunched():
            to.execute(
                "INSERT INTO sweep_campaign VALUES (%s, 1, %s, %s, %s, %s, false)",
                [id, event.unit, event.title, event.first_day, event.last_day],
            )
            to.execute(
                "INSERT INTO sweep_target (campaign, unit) SELECT %s, unnest(%s::uuid[])", [id, list(event.targets)]
            )
        case CampaignReported():
            to.execute(
                "UPDATE sweep_target SET looked_at = %s, found = %s, reported_on = %s"
                " WHERE campaign = %s AND unit = %s",
                [event.looked_at, event.found, local_day(entry.occurred_at), id, event.unit],
            )
        case CampaignEnded():
            to.execute("UPDATE sweep_campaign SET ended = true WHERE id = %s", [id])
    to.execute("UPDATE sweep_campaign SET version = %s WHERE id = %s", [entry.version, id])
