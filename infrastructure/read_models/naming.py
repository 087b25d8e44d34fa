"""称谓: every name that areas, bodies and officers ever had, and every post: nothing of it is ever overwritten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from application.naming import NameBook, NameGiven, Post
from domain.jurisdiction.area import AreaFounded, AreaRenamed
from domain.jurisdiction.body import BodyFounded, BodyRenamed
from domain.office.appointments import AppointmentRevoked, OfficerAppointed
from domain.office.officer import OfficerRegistered, OfficerRenamed
from domain.shared.calendar import local_day
from domain.shared.decider import Entry
from infrastructure.postgres.rows import ReadsRows


class NameTables:
    name: ClassVar = "names"
    contexts: ClassVar[tuple[str, ...]] = ("jurisdiction", "office")
    by_stream: ClassVar = False
    schema: ClassVar = """
        CREATE TABLE naming (
            id uuid NOT NULL, position bigint NOT NULL, recorded_at timestamptz NOT NULL, since date NOT NULL,
            name text NOT NULL, area_id uuid, PRIMARY KEY (id, position));
        CREATE TABLE post (
            officer_id uuid NOT NULL, number integer NOT NULL, position bigint NOT NULL,
            recorded_at timestamptz NOT NULL, body_id uuid NOT NULL, role text NOT NULL, since date NOT NULL,
            until date, PRIMARY KEY (officer_id, number, position));
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            if named := _named(entry):
                to.execute("INSERT INTO naming VALUES (%s, %s, %s, %s, %s, %s)", [*_place(entry), *named])
            elif isinstance(entry.event, OfficerAppointed):
                _appointed(entry, entry.event, to)
            elif isinstance(entry.event, AppointmentRevoked):
                _revoked(entry, entry.event, to)


def _place(entry: Entry[Any]) -> tuple[Any, ...]:
    return entry.stream, entry.position, entry.recorded_at


def _named(entry: Entry[Any]) -> tuple[Any, ...] | None:
    """Since when, how, and where a body stands, if the entry names something."""
    day = local_day(entry.occurred_at)
    match entry.event:
        case AreaFounded() | AreaRenamed() as area:
            return area.in_force_from, area.area_name, None
        case BodyFounded() as body:
            return day, body.body_name, body.area
        case BodyRenamed() as body:
            return day, body.body_name, None
        case OfficerRegistered() | OfficerRenamed() as officer:
            return day, officer.display_name, None
    return None


def _appointed(entry: Entry[Any], event: OfficerAppointed, to: psycopg.Cursor[Any]) -> None:
    held = event.appointment
    term = held.role.value, held.in_force_from, held.in_force_until
    to.execute(
        "INSERT INTO post VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [entry.stream, event.number, entry.position, entry.recorded_at, held.body, *term],
    )


def _revoked(entry: Entry[Any], event: AppointmentRevoked, to: psycopg.Cursor[Any]) -> None:
    """The same post once more, with the day on which it ends."""
    to.execute(
        "INSERT INTO post SELECT officer_id, number, %(position)s, %(recorded)s, body_id, role, since, %(until)s"
        " FROM post WHERE officer_id = %(officer)s AND number = %(number)s ORDER BY position DESC LIMIT 1",
        {
            "position": entry.position,
            "recorded": entry.recorded_at,
            "until": event.in_force_until,
            "officer": entry.stream,
            "number": event.number,
        },
    )


_NAMINGS = """
    SELECT id, position, recorded_at, since, name, first_value(area_id) OVER (PARTITION BY id ORDER BY position) AS area
    FROM naming
    WHERE id = ANY(%(ids)s) OR id IN (SELECT area_id FROM naming WHERE id = ANY(%(ids)s))
    ORDER BY position
"""
_POSTS = """
    SELECT officer_id AS officer, number, position, recorded_at, body_id AS body, role, since, until FROM post
    WHERE officer_id = ANY(%(ids)s) ORDER BY position
"""


class Names(ReadsRows):
    """Answers application.naming.NameRegister."""

    def book(self, ids: Collection[UUID]) -> NameBook:
        wanted = list(ids)
        if not wanted:
            return NameBook()
        return NameBook(self._rows(NameGiven, _NAMINGS, ids=wanted), self._rows(Post, _POSTS, ids=wanted))
