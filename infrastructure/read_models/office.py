"""人员: officers and their appointments: tables, filling, reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from application.office import OFFICERS, OfficerFacts
from application.ports import Ledger
from domain.office.appointments import AppointmentRevoked, OfficerAppointed
from domain.office.officer import (
    Appointment,
    Officer,
    OfficerDisabled,
    OfficerEnabled,
    OfficerEvent,
    OfficerRegistered,
    OfficerRenamed,
    OfficerStage,
    PasswordSet,
    TokenEnded,
    officer_id,
)
from domain.office.tokens import TokenIssued
from domain.shared.decider import Entry, History
from domain.shared.values import BodyId, OfficerId
from infrastructure.postgres.rows import ReadsRows
from infrastructure.read_models.remembered import remembered


class OfficerRow(OfficerFacts):
    version: int


class AppointmentRow(Appointment):
    officer: OfficerId
    number: int


class OfficeTables:
    name: ClassVar = "office"
    contexts: ClassVar[tuple[str, ...]] = ("office",)
    by_stream: ClassVar = False
    schema: ClassVar = """
        CREATE TABLE officer (
            id uuid PRIMARY KEY, version integer NOT NULL, login text NOT NULL,
            display_name text NOT NULL, language text NOT NULL, disabled boolean NOT NULL);
        CREATE INDEX officer_by_login ON officer (login);
        CREATE TABLE appointment (
            officer_id uuid NOT NULL, number integer NOT NULL, role text NOT NULL, body_id uuid NOT NULL,
            area_id uuid NOT NULL, in_force_from date NOT NULL, in_force_until date,
            PRIMARY KEY (officer_id, number));
        CREATE INDEX appointment_by_body ON appointment (body_id);
        CREATE INDEX appointment_by_area ON appointment (area_id);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            if isinstance(entry.event, OfficerEvent):
                _apply(entry.stream, entry.event, to)
                to.execute("UPDATE officer SET version = %s WHERE id = %s", [entry.version, entry.stream])


def _apply(officer: UUID, event: OfficerEvent, to: psycopg.Cursor[Any]) -> None:
    match event:
        case OfficerRegistered():
            to.execute(
                "INSERT INTO officer VALUES (%s, 1, %s, %s, %s, false)",
                [officer, event.login, event.display_name, event.language],
            )
        case OfficerRenamed():
            to.execute("UPDATE officer SET display_name = %s WHERE id = %s", [event.display_name, officer])
        case OfficerDisabled() | OfficerEnabled():
            disabled = isinstance(event, OfficerDisabled)
            to.execute("UPDATE officer SET disabled = %s WHERE id = %s", [disabled, officer])
        case OfficerAppointed():
            _appoint(officer, event.number, event.appointment, to)
        case PasswordSet() | TokenIssued() | TokenEnded():
            return  # who comes in is asked of the events
        case AppointmentRevoked():
            to.execute(
                "UPDATE appointment SET in_force_until = %s WHERE officer_id = %s AND number = %s",
                [event.in_force_until, officer, event.number],
            )


def _appoint(officer: UUID, number: int, held: Appointment, to: psycopg.Cursor[Any]) -> None:
    to.execute(
        "INSERT INTO appointment VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [officer, number, held.role.value, held.body, held.area, held.in_force_from, held.in_force_until],
    )


_OFFICER = "SELECT id, version, login, display_name, language, disabled FROM officer"
_APPOINTMENT = (
    "SELECT officer_id AS officer, number, role, body_id AS body, area_id AS area, in_force_from,"
    " in_force_until FROM appointment JOIN officer ON officer.id = officer_id AND NOT disabled"
    " WHERE in_force_from <= %(day)s AND (in_force_until IS NULL OR %(day)s < in_force_until)"
)


class Office(ReadsRows):
    """Answers application.office.OfficeRegister, and what pages show."""

    def officer(self, id: OfficerId) -> OfficerRow | None:
        found = self._rows(OfficerRow, _OFFICER + " WHERE id = %(id)s", id=id)
        return found[0] if found else None

    def by_login(self, login: str) -> OfficerRow | None:
        found = self._rows(OfficerRow, _OFFICER + " WHERE login = %(login)s", login=login)
        return found[0] if found else None

    def appointments(self, officer: OfficerId, day: date) -> Sequence[AppointmentRow]:
        whose = " AND officer_id = %(officer)s ORDER BY number"
        return self._rows(AppointmentRow, _APPOINTMENT + whose, officer=officer, day=day)

    def appointed(self, day: date) -> Sequence[tuple[OfficerId, BodyId]]:
        rows = self._rows(AppointmentRow, _APPOINTMENT + " ORDER BY officer_id, number", day=day)
        return list(dict.fromkeys((OfficerId(one.officer), BodyId(one.body)) for one in rows))


class RememberedOffice(Office):
    """What rights hang on is read from the officer's own events, and remembered for a moment: tables can be changed by
    whoever runs the database, and events not without being found."""

    def __init__(self, pool: ConnectionPool[Any], ledger: Ledger) -> None:
        super().__init__(pool)
        self._ledger = ledger
        self._history = remembered(self._registered)

    def _registered(self, id: OfficerId) -> History[Officer] | None:
        """None of one who was never registered: that is asked again at once."""
        history = self._ledger.history(OFFICERS, id)
        return history if history.entries else None

    def officer(self, id: OfficerId) -> OfficerRow | None:
        if not (known := self._history(id)):
            return None
        languages = [one.event.language for one in known.entries if isinstance(one.event, OfficerRegistered)]
        return OfficerRow(
            id=id,
            version=known.version,
            login=known.state.login,
            display_name=known.state.called,
            language=languages[0],
            disabled=known.state.stage is OfficerStage.DISABLED,
        )

    def by_login(self, login: str) -> OfficerRow | None:
        """The id of a login name follows from it."""
        return self.officer(officer_id(login))

    def appointments(self, officer: OfficerId, day: date) -> Sequence[AppointmentRow]:
        known = self._history(officer)
        if not known or known.state.stage is OfficerStage.DISABLED:
            return []
        held = known.state.appointments.items()
        return [
            AppointmentRow(officer=officer, number=number, **one.model_dump())
            for number, one in held
            if one.in_force(day)
        ]
