"""人员 Forms on an officer: registered, appointed, renamed, disabled; and a first password, which is shown once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import AccessDep, ask, system_of
from api.labels import word
from api.labels.names import kebab
from api.web.administering import AdminDep, AdminSenderDep, LoginTaken, RegisterForm, told_since
from api.web.case_dialog import NoSuchAction
from api.web.choices import Choices, areas_around, every_body
from api.web.office_people import cannot_sign_in, officer_history, person_page
from api.web.page import Reader, names_of, text
from api.web.sending import FormDep
from api.web.sentences import Names, enum_word
from application.ports import Asked, Receipt
from domain.office.appointments import AppointOfficer, RevokeAppointment
from domain.office.officer import (
    Appointment,
    DisableOfficer,
    EnableOfficer,
    Officer,
    OfficerCommand,
    RegisterOfficer,
    RenameOfficer,
)
from domain.shared.values import BodyId, OfficerId

router = APIRouter(include_in_schema=False)
STEPS: Mapping[str, type[OfficerCommand]] = {
    kebab(one): one for one in (AppointOfficer, RevokeAppointment, RenameOfficer, DisableOfficer, EnableOfficer)
}
FIRST_PASSWORD = 9
"""Bytes: twelve characters."""


def _registering(reader: Reader) -> RegisterForm:
    officers, office = system_of(reader.request).administering.officers, reader.registers.office

    def send(command: RegisterOfficer, asked: Asked, seen: int) -> Receipt:
        if office.by_login(command.login):
            raise LoginTaken
        return officers.register(asked, command)

    return RegisterForm(
        reader,
        RegisterOfficer,
        ("/people", text(reader.language, "people_kept")),
        send,
        lambda receipt: f"/people/{receipt.id}/appoint-officer",
        choices={"language": [("zh", "中文"), ("en", "English")]},
    )


@router.get("/people/register-officer")
def registering(reader: AdminDep) -> Response:
    return _registering(reader).opened()


@router.post("/people/register-officer")
def register(reader: AdminSenderDep, form: FormDep) -> Response:
    return _registering(reader).sent(form)


@router.post("/people/{id:uuid}/first-password")
def first_password(id: UUID, reader: AdminSenderDep, access: AccessDep) -> Response:
    """It is on this answer and nowhere else: whoever does not see it sets another one."""
    officer_history(reader, id)
    made = token_urlsafe(FIRST_PASSWORD)
    access.passwords.set(ask(reader.deciding, reader.now(), reader.viewer, "", b"", None), OfficerId(id), made)
    return person_page(id, reader, access, first_password=made)


def _step(reader: Reader, id: UUID, name: str, number: int) -> RegisterForm:
    """Raises NoSuchAction, UnknownStream."""
    if not (command := STEPS.get(name)):
        raise NoSuchAction(command=name[:60])
    history = officer_history(reader, id)
    officers = system_of(reader.request).administering.officers
    form = RegisterForm(
        reader,
        command,
        (f"/people/{id}", history.state.called),
        lambda told, asked, seen: officers.change(asked, OfficerId(id), told, seen),
        lambda receipt: f"/people/{id}?saved={receipt.version}",
        version=history.version,
        now=_now(reader, history.state),
        newer=told_since(history, reader),
    )
    own = _OWN.get(command)
    return own(form, history.state, number) if own else form


def _now(reader: Reader, officer: Officer) -> Sequence[tuple[str, str]]:
    why = cannot_sign_in(officer, reader.today)
    return [
        (word(reader.language, "field", "login"), officer.login),
        (word(reader.language, "field", "display_name"), officer.called),
        (text(reader.language, "signing_in"), text(reader.language, why or "can_sign_in")),
    ]


def _appointing(form: RegisterForm, officer: Officer, number: int) -> RegisterForm:
    reader, register = form.reader, form.reader.registers.register

    def filled_in(content: dict[str, Any]) -> None:
        """Without an area: that in which the body stands."""
        if "area" not in content and (body := _id(content.get("body"))):
            known = register.body(BodyId(body), reader.today)
            content |= {"area": known.area} if known else {}

    choices: Mapping[str, Choices] = {"body": every_body(reader), "area": areas_around(reader)}
    return replace(form, choices=choices, usual={"in_force_from": reader.today}, optional={"area"}, filled_in=filled_in)


def _id(told: Any) -> UUID | None:
    try:
        return UUID(str(told))
    except ValueError:
        return None


def _ending(form: RegisterForm, officer: Officer, number: int) -> RegisterForm:
    reader, held = form.reader, officer.appointments
    names = names_of(reader, {}, (), {place for one in held.values() for place in (one.body, one.area)})
    known = [(str(at), _post(one, names, reader)) for at, one in held.items() if not _is_over(one, reader)]
    usual = {"number": number or None, "in_force_until": reader.today}
    return replace(form, choices={"number": known}, usual=usual)


def _is_over(one: Appointment, reader: Reader) -> bool:
    return one.in_force_until is not None and one.in_force_until <= reader.today


def _post(one: Appointment, names: Names, reader: Reader) -> str:
    return f"{enum_word(reader.language, one.role)} · {names.of(one.body)} · {names.of(one.area)} · {one.in_force_from}"


def _renaming(form: RegisterForm, officer: Officer, number: int) -> RegisterForm:
    return replace(form, usual={"display_name": officer.called})


_OWN: Mapping[type[OfficerCommand], Callable[[RegisterForm, Officer, int], RegisterForm]] = {
    AppointOfficer: _appointing,
    RevokeAppointment: _ending,
    RenameOfficer: _renaming,
}


@router.get("/people/{id:uuid}/{name}")
def step(id: UUID, name: str, reader: AdminDep, number: int = 0) -> Response:
    return _step(reader, id, name, number).opened()


@router.post("/people/{id:uuid}/{name}")
def take_step(id: UUID, name: str, reader: AdminSenderDep, form: FormDep) -> Response:
    return _step(reader, id, name, 0).sent(form)
