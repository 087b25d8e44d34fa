"""人员: officers are registered, appointed and disabled; the register tells who may act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from application.ports import Asked, Ledger, Receipt, Stream, Unit
from application.register_decisions import area_facts, body_facts, known, occasion, record
from domain.office.appointments import AppointOfficer
from domain.office.officer import Appointment, Officer, OfficerCommand, RegisterOfficer, officer_id
from domain.shared.occasion import Occasion
from domain.shared.values import OfficerId, Value

OFFICERS: Stream[Officer] = Stream("office", Officer.blank)


class OfficerFacts(Value):
    id: OfficerId
    login: str
    display_name: str
    language: str
    disabled: bool


class OfficeRegister(Protocol):
    """Officers as the read model knows them."""

    def officer(self, id: OfficerId) -> OfficerFacts | None: ...

    def by_login(self, login: str) -> OfficerFacts | None: ...

    def appointments(self, officer: OfficerId, day: date) -> Sequence[Appointment]:
        """Those in force on the day; none of a disabled officer."""
        ...


class Passwords(Protocol):
    """Kept apart from the events: a secret is not history."""

    def refuse_unfit(self, password: str) -> None:
        """Raises PasswordLength."""
        ...

    def set(self, officer: OfficerId, password: str) -> None:
        """Raises PasswordLength."""
        ...

    def check(self, officer: OfficerId | None, password: str, now: datetime) -> bool:
        """Takes the same time for an unknown officer. Raises TooManyAttempts."""
        ...


class Officers:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def register(self, asked: Asked, command: RegisterOfficer) -> Receipt:
        """Refused with VersionMismatch where an officer has the login name already."""
        id = officer_id(command.login)

        def work(unit: Unit) -> UUID:
            on = occasion(asked, command)
            record(unit, OFFICERS, unit.history(OFFICERS, id), command, on, expected=0)
            return id

        return self._ledger.carry_out(asked, work)

    def change(self, asked: Asked, id: OfficerId, command: OfficerCommand, expected: int | None = None) -> Receipt:
        def work(unit: Unit) -> UUID:
            on = _occasion(unit, asked, command)
            record(unit, OFFICERS, known(unit, OFFICERS, id), command, on, expected)
            return id

        return self._ledger.carry_out(asked, work)


def _occasion(unit: Unit, asked: Asked, command: OfficerCommand) -> Occasion:
    if not isinstance(command, AppointOfficer):
        return occasion(asked, command)
    day = command.in_force_from
    areas = {command.area: area_facts(unit, command.area, day)}
    return occasion(asked, command, areas, {command.body: body_facts(unit, command.body, day)})
