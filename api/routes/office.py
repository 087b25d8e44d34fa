"""登录 /api/session: an officer gets a token for a login name and a password; /api/me: who asks, for which body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import Len
from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.contract import told
from api.deps import AccessDep, NowDep, RegistersDep, StandingDep, ViewerDep
from api.problems import LoginNeeded
from api.system import Access, Registers, Standing
from application.office import OfficerFacts
from domain.office.officer import Role
from domain.shared.errors import Forbidden
from domain.shared.values import AreaId, BodyId, OfficerId, OneLine, Printable, Value

router = APIRouter(tags=["session"])


class Credentials(Value):
    login: Annotated[str, Len(1, 100), Printable, OneLine]
    password: Annotated[str, Len(1, 200), Printable, OneLine]
    body: BodyId | None = None
    """For which body to act, where the officer is appointed to several; left out: the first."""


class WrongPassword(LoginNeeded):
    """No officer has this login name and this password."""


class OfficerDisabled(Forbidden):
    """This officer has been disabled."""


@dataclass(frozen=True)
class Door:
    """What is looked up when somebody comes in."""

    access: Access
    registers: Registers
    standing: Standing
    now: datetime


def sign_in(at: Door, login: str, password: str) -> OfficerFacts:
    """Raises WrongPassword, without a hint whether the name exists; OfficerDisabled; TooManyAttempts."""
    officer = at.registers.office.by_login(login)
    if officer is None:
        at.standing.check_whole()
    right = at.access.passwords.check(officer.id if officer else None, password, at.now)
    if not right or officer is None:
        raise WrongPassword
    if officer.disabled:
        raise OfficerDisabled
    return officer


async def door(access: AccessDep, registers: RegistersDep, standing: StandingDep, now: NowDep) -> Door:
    return Door(access, registers, standing, now)


DoorDep = Annotated[Door, Depends(door)]


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


@router.post("/session", response_model=Session)
def begin(credentials: Credentials, door: DoorDep) -> Response:
    officer, sessions = sign_in(door, credentials.login, credentials.password), door.access.sessions
    token = sessions.begin(officer.id, credentials.body)
    return told({"token": token, "expires_in": sessions.seconds, "officer": officer.id})


@router.get("/me", response_model=Me)
def me(viewer: ViewerDep) -> Response:
    return told(viewer.model_dump(mode="json", exclude={"scope"}))
