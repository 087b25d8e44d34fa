"""登录 /api/session: an officer gets a token for a login name and a password; /api/me: who asks, for which body."""

from __future__ import annotations

from typing import Annotated, Any

from annotated_types import Len
from fastapi import APIRouter

from api.deps import SystemDep, ViewerDep
from api.problems import LoginNeeded
from api.system import System
from application.office import OfficerFacts
from domain.shared.errors import Forbidden
from domain.shared.values import BodyId, OneLine, Printable, Value

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


@router.post("/session")
def begin(credentials: Credentials, system: SystemDep) -> dict[str, Any]:
    officer = sign_in(system, credentials.login, credentials.password)
    token = system.sessions.begin(officer.id, credentials.body)
    return {"token": token, "expires_in": system.sessions.seconds, "officer": officer.id}


def sign_in(system: System, login: str, password: str) -> OfficerFacts:
    """Raises WrongPassword, without a hint whether the name exists; OfficerDisabled; TooManyAttempts."""
    officer = system.office.by_login(login)
    if officer is None:
        system.check_whole()
    right = system.passwords.check(officer.id if officer else None, password, system.now())
    if not right or officer is None:
        raise WrongPassword
    if officer.disabled:
        raise OfficerDisabled
    return officer


@router.get("/me")
def me(viewer: ViewerDep) -> dict[str, Any]:
    return viewer.model_dump(mode="json", exclude={"scope"})
