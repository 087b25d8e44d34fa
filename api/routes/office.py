"""登录 /api/session: an officer gets a token for a login name and a password; /api/me: who asks, and their logins.

/api/officers: administrators appoint officers, end appointments, disable and enable."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from annotated_types import Len
from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import KEY, Asking, Done, add_command
from api.contract import PROBLEM_JSON, Problem, told
from api.deps import AccessDep, ViewerDep
from api.door import DoorDep, SessionDep, begin, change_password
from api.labels.names import kebab
from application.office import Ended, SessionFacts
from application.ports import Receipt
from application.rights import NotYourRight
from domain.office.appointments import AppointOfficer, RevokeAppointment
from domain.office.officer import (
    DisableOfficer,
    EnableOfficer,
    OfficerCommand,
    RegisterOfficer,
    RenameOfficer,
    Role,
)
from domain.shared.errors import Missing
from domain.shared.values import AreaId, BodyId, Moment, OfficerId, OneLine, Printable, Value

router = APIRouter(tags=["session"])
SLOWED: dict[int | str, dict[str, Any]] = {
    429: {
        "description": "Too many wrong passwords came from there",
        "headers": {"Retry-After": {"schema": {"type": "string"}}},
        "model": Problem,
        "content": {PROBLEM_JSON: {}},
    }
}


class Credentials(Value):
    login: Annotated[str, Len(1, 100), Printable, OneLine]
    password: Annotated[str, Len(1, 200), Printable, OneLine]
    body: BodyId | None = None
    """For which body to act, where the officer is appointed to several; left out: the first."""


class NewPassword(Value):
    old: Annotated[str, Len(1, 200), Printable, OneLine]
    new: Annotated[str, Len(1, 200), Printable, OneLine]


class Session(Value):
    token: str
    expires_in: int
    """Seconds."""
    officer: OfficerId


class Me(Value):
    officer: OfficerId
    role: Role | None
    body: BodyId | None
    area: AreaId | None


class ToldSession(Value):
    id: UUID
    body: BodyId | None
    """For which they act, where they chose one."""
    in_browser: bool
    began_at: Moment
    seen_at: Moment
    """Within some minutes."""
    ends_at: Moment
    this: bool
    """Whether it is the one that asks."""


class ToldSessions(Value):
    sessions: tuple[ToldSession, ...]


class NoSuchSession(Missing):
    """None of your sessions that go on has this id."""


@router.post("/session", response_model=Session, responses=SLOWED)
async def sign_in(credentials: Credentials, door: DoorDep) -> Response:
    begun = await door.in_turn(
        lambda: begin(door, credentials.login, credentials.password, credentials.body, in_browser=False)
    )
    return told({"token": begun.token, "expires_in": door.access.sessions.seconds, "officer": begun.officer})


@router.delete("/me/session", status_code=204)
def sign_out(session: SessionDep, access: AccessDep) -> Response:
    """Ends the session that asks."""
    access.sessions.end(session.officer, session.id, Ended.SIGNED_OUT)
    return Response(status_code=204)


@router.get("/me", response_model=Me)
def me(viewer: ViewerDep) -> Response:
    return told(viewer.model_dump(mode="json", exclude={"scope"}))


@router.get("/me/sessions", response_model=ToldSessions)
def my_sessions(session: SessionDep, access: AccessDep) -> Response:
    """Where one is signed in."""
    return told({"sessions": [_told(one, session) for one in access.sessions.of(session.officer)]})


def _told(one: SessionFacts, asking: SessionFacts) -> dict[str, Any]:
    return {**one.model_dump(include=set(ToldSession.model_fields)), "this": one.id == asking.id}


@router.delete("/me/sessions/{id}", status_code=204)
def end_session(id: UUID, session: SessionDep, access: AccessDep) -> Response:
    if not access.sessions.end(session.officer, id, Ended.ENDED_BY_HAND):
        raise NoSuchSession
    return Response(status_code=204)


@router.post("/me/password", status_code=204, responses=SLOWED)
async def set_password(wanted: NewPassword, session: SessionDep, viewer: ViewerDep, door: DoorDep) -> Response:
    """Ends every other session of the officer."""
    await door.in_turn(lambda: change_password(door, session, viewer, wanted.old, wanted.new))
    return Response(status_code=204)


def _check(asking: Asking) -> None:
    """Raises NotYourRight."""
    if asking.viewer.role is not Role.ADMIN:
        raise NotYourRight(role=asking.viewer.role)


def _register(asking: Asking, command: RegisterOfficer) -> Done:
    _check(asking)
    return Done(asking.administering.officers.register(asking.asked, command))


def _change(asking: Asking, command: OfficerCommand, id: OfficerId) -> Done:
    _check(asking)
    return Done(asking.administering.officers.change(asking.asked, id, command))


def _add(path: str, command: type[Any], act: Any, status: int = 200, ids: tuple[str, ...] = ()) -> None:
    add_command(
        router, path + kebab(command), command, act, status, kebab(command), ids, headers=(KEY,), response_model=Receipt
    )


_add("/officers/", RegisterOfficer, _register, 201)
for _step in (RenameOfficer, AppointOfficer, RevokeAppointment, DisableOfficer, EnableOfficer):
    _add("/officers/{id}/", _step, _change, ids=("id",))
