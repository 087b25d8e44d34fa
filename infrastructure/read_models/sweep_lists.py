"""排查: who is due, who reported, what is still to do: read from registers and reports in one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from application.sweep.board import (
    CampaignRow,
    DueUnit,
    DutyToEnd,
    MeetingRow,
    OpenPoint,
    SweepStanding,
    SweptDay,
    TargetRow,
    UnitToOpen,
)
from domain.shared.values import AreaId, BodyId
from domain.sweep.duty import first_of
from infrastructure.postgres.rows import ReadsRows

DUE = """
    SELECT a.id AS unit, a.level, v.name, v.parent_id AS parent, b.id AS body FROM area a
    JOIN area_version v ON v.area_id = a.id AND v.valid_from <= %(day)s AND %(day)s < v.valid_until
    JOIN LATERAL (SELECT id FROM body WHERE area_id = a.id AND NOT dissolved ORDER BY kind, id LIMIT 1) b ON true
    WHERE a.level IN ('grid', 'village')"""
"""Grids and villages that are in force on the day, where a body stands. Registers tell when an area ended, and of a
body only that it was dissolved."""
LIES_IN = """EXISTS (SELECT FROM area_closure c WHERE c.area_id = {unit} AND c.ancestor_id = %(area)s
    AND c.valid_from <= %(day)s AND %(day)s < c.valid_until)"""
COUNTS = """count(*) AS due, count(r.unit) AS reported, count(*) FILTER (WHERE r.found = 0) AS zero,
    count(*) FILTER (WHERE r.late_days > 0) AS late, coalesce(sum(r.found), 0)::integer AS found"""
REPORTED = "LEFT JOIN sweep_report r ON r.unit = u.unit AND r.day = %(day)s"
MEETING = """
    SELECT m.id, m.version, m.unit, m.form, m.body, m.held_at, m.attended, m.cases, m.points, m.withdrawn,
        (SELECT count(*) FROM sweep_point p WHERE p.meeting = m.id AND p.follows_up IS NOT NULL
            AND p.done_on IS NULL) AS open_points
    FROM sweep_meeting m"""


class SweepLists(ReadsRows):
    """Answers application.sweep.board.SweepBoard."""

    def due(self, area: AreaId, day: date) -> Sequence[DueUnit]:
        query = (
            f"SELECT u.*, r.found, r.late_days, r.recorded_at FROM ({DUE}) u {REPORTED}"
            f" WHERE {LIES_IN.format(unit='u.unit')} ORDER BY r.unit IS NOT NULL, u.level DESC, u.name, u.unit"
        )
        return self._rows(DueUnit, query, area=area, day=day)

    def standings(self, area: AreaId, day: date) -> Sequence[SweepStanding]:
        query = (
            f"SELECT k.ancestor_id AS area, n.name, {COUNTS} FROM ({DUE}) u {REPORTED}"
            " JOIN area_closure k ON k.area_id = u.unit AND k.valid_from <= %(day)s AND %(day)s < k.valid_until"
            " JOIN area_version n ON n.area_id = k.ancestor_id AND n.parent_id = %(area)s"
            " AND n.valid_from <= %(day)s AND %(day)s < n.valid_until GROUP BY 1, 2 ORDER BY n.name, 1"
        )
        return self._rows(SweepStanding, query, area=area, day=day)

    def total(self, area: AreaId, day: date) -> SweepStanding:
        query = (
            f"SELECT %(area)s::uuid AS area, '' AS name, {COUNTS} FROM ({DUE}) u {REPORTED}"
            f" WHERE {LIES_IN.format(unit='u.unit')}"
        )
        (told,) = self._rows(SweepStanding, query, area=area, day=day)
        return told

    def days(self, unit: AreaId, since: date, until: date) -> Sequence[SweptDay]:
        query = (
            "SELECT day, found, late_days FROM sweep_report WHERE unit = %(unit)s"
            " AND day BETWEEN %(since)s AND %(until)s ORDER BY day DESC"
        )
        return self._rows(SweptDay, query, unit=unit, since=since, until=until)

    def opened_by(self, case: UUID) -> tuple[UUID, date] | None:
        with self._pool.connection() as connection:
            row = connection.execute("SELECT unit, day FROM sweep_find WHERE case_id = %s", [case]).fetchone()
        return (row[0], row[1]) if row else None

    def meetings(self, area: AreaId, limit: int) -> Sequence[MeetingRow]:
        lies = "EXISTS (SELECT FROM area_closure c WHERE c.area_id = m.unit AND c.ancestor_id = %(area)s)"
        query = f"{MEETING} WHERE {lies} ORDER BY m.held_at DESC, m.id DESC LIMIT %(limit)s"
        return self._rows(MeetingRow, query, area=area, limit=limit)

    def open_points(self, body: BodyId) -> Sequence[OpenPoint]:
        query = (
            "SELECT p.meeting, p.number, m.unit, m.form, m.held_at, p.follows_up, p.do_by FROM sweep_point p"
            " JOIN sweep_meeting m ON m.id = p.meeting AND NOT m.withdrawn"
            " WHERE p.follows_up = %(body)s AND p.done_on IS NULL ORDER BY p.do_by, p.meeting, p.number LIMIT 100"
        )
        return self._rows(OpenPoint, query, body=body)

    def campaigns(self, area: AreaId, day: date) -> Sequence[CampaignRow]:
        around = (
            "EXISTS (SELECT FROM area_closure c WHERE c.valid_from <= %(day)s AND %(day)s < c.valid_until AND"
            " ((c.area_id = %(area)s AND c.ancestor_id = m.unit) OR (c.area_id = m.unit AND c.ancestor_id = %(area)s)))"
        )
        query = (
            "SELECT m.id, m.version, m.unit, m.title, m.first_day, m.last_day, m.ended, count(t.unit) AS targets,"
            " count(t.reported_on) AS reported, coalesce(sum(t.looked_at), 0)::integer AS looked_at,"
            " coalesce(sum(t.found), 0)::integer AS found FROM sweep_campaign m LEFT JOIN sweep_target t"
            f" ON t.campaign = m.id AND {LIES_IN.format(unit='t.unit')} WHERE {around}"
            " GROUP BY m.id ORDER BY m.ended, m.last_day DESC, m.id LIMIT 100"
        )
        return self._rows(CampaignRow, query, area=area, day=day)

    def targets(self, campaign: UUID, area: AreaId, day: date) -> Sequence[TargetRow]:
        query = (
            "SELECT t.unit, coalesce(v.name, '') AS name, t.looked_at, t.found, t.reported_on FROM sweep_target t"
            " LEFT JOIN area_version v ON v.area_id = t.unit AND v.valid_from <= %(day)s AND %(day)s < v.valid_until"
            f" WHERE t.campaign = %(campaign)s AND {LIES_IN.format(unit='t.unit')}"
            " ORDER BY t.reported_on IS NOT NULL, name, t.unit"
        )
        return self._rows(TargetRow, query, campaign=campaign, area=area, day=day)

    def to_open(self, day: date, limit: int) -> Sequence[UnitToOpen]:
        query = (
            f"SELECT u.unit, u.body, EXISTS (SELECT FROM sweep_month b WHERE b.unit = u.unit AND b.month ="
            f" (%(month)s::date - interval '1 month')::date) AS was_due FROM ({DUE}) u WHERE NOT EXISTS"
            " (SELECT FROM sweep_month m WHERE m.unit = u.unit AND m.month = %(month)s)"
            " AND EXISTS (SELECT FROM sweep_month) ORDER BY 1 LIMIT %(limit)s"
        )
        return self._rows(UnitToOpen, query, day=day, month=first_of(day), limit=limit)

    def to_end(self, day: date, limit: int) -> Sequence[DutyToEnd]:
        query = (
            "SELECT m.unit, m.body, m.month AS day FROM sweep_month m WHERE m.month = %(month)s"
            f" AND m.due_until > %(day)s AND m.unit NOT IN (SELECT u.unit FROM ({DUE}) u) ORDER BY 1 LIMIT %(limit)s"
        )
        return self._rows(DutyToEnd, query, day=day, month=first_of(day), limit=limit)
