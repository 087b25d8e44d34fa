"""`tiaojie officer`: who may sign in, and as what; names, appointments, passwords."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from api.cli.console import asked, day_of, opened, out, refuse, verbs
from api.wiring import Wired
from domain.office.appointments import AppointOfficer, RevokeAppointment
from domain.office.officer import DisableOfficer, EnableOfficer, RegisterOfficer, RenameOfficer, Role, officer_id
from domain.shared.calendar import local_day
from domain.shared.values import AreaId, BodyId, OfficerId

officer = verbs("Who may sign in, and as what.")
FromDay = Annotated[str, typer.Option("--from", help="The first day, like 2026-01-31; left out: today.")]


def _today() -> date:
    return local_day(datetime.now(UTC))


def _day(text: str) -> date:
    return day_of(text) if text else _today()


def _where(parts: Wired, body: str, area: str) -> tuple[BodyId, AreaId]:
    register = parts.system.registers.register
    in_area, in_body = register.by_code(area, _today()), register.body_by_code(body)
    if in_area is None or in_body is None:
        refuse("no_area_or_body")
    return in_body, in_area


@officer.command("add")
def add_officer(
    login: str,
    name: Annotated[str, typer.Option(prompt=True)],
    role: Role,
    body: Annotated[str, typer.Option(help="The body's code.")],
    area: Annotated[str, typer.Option(help="The area's code.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Registers an officer, appoints them from today and sets their password."""
    with opened() as parts:
        system = parts.system
        in_body, in_area = _where(parts, body, area)
        system.access.passwords.refuse_unfit(password)
        id = OfficerId(
            system.administering.officers.register(asked(), RegisterOfficer(login=login, display_name=name)).id
        )
        appointed = AppointOfficer(role=role, body=in_body, area=in_area, in_force_from=_today())
        system.administering.officers.change(asked(), id, appointed)
        system.access.passwords.set(asked(), id, password)
    out.print(f"{login} may sign in")


@officer.command("appoint")
def appoint(
    login: str,
    role: Role,
    body: Annotated[str, typer.Option(help="The body's code.")],
    area: Annotated[str, typer.Option(help="The area's code.")],
    since: FromDay = "",
) -> None:
    """Appoints them to one more role, body or area."""
    with opened() as parts:
        in_body, in_area = _where(parts, body, area)
        command = AppointOfficer(role=role, body=in_body, area=in_area, in_force_from=_day(since))
        parts.system.administering.officers.change(asked(), officer_id(login), command)


@officer.command("end")
def end(login: str, number: Annotated[int, typer.Argument(help="Of the appointment.")], until: FromDay = "") -> None:
    """Ends an appointment; what they recorded under it stays as it was."""
    with opened() as parts:
        command = RevokeAppointment(number=number, in_force_until=_day(until))
        parts.system.administering.officers.change(asked(), officer_id(login), command)


@officer.command("rename")
def rename(login: str, name: str) -> None:
    """They are called so from today on; what they recorded before stays under the name of then."""
    with opened() as parts:
        parts.system.administering.officers.change(asked(), officer_id(login), RenameOfficer(display_name=name))


@officer.command("enable")
def enable(login: str) -> None:
    """They can sign in again."""
    with opened() as parts:
        parts.system.administering.officers.change(asked(), officer_id(login), EnableOfficer())


@officer.command("disable")
def disable_officer(login: str) -> None:
    """They cannot sign in any more; what they recorded stays as it was."""
    with opened() as parts:
        parts.system.administering.officers.change(asked(), officer_id(login), DisableOfficer())


@officer.command("password")
def set_password(
    login: str, password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)]
) -> None:
    """Sets a new password."""
    with opened() as parts:
        if parts.system.registers.office.officer(officer_id(login)) is None:
            refuse("no_login")
        parts.system.access.passwords.set(asked(), officer_id(login), password)
