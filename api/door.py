"""The door: whoever knows the password of a name comes in, and goes on in a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request

from api.deps import system_of
from api.problems import LoginNeeded
from api.sessions import session_of, source_of
from api.system import Access, InTurn, Registers, Standing
from application.ids import uuid7
from application.office import SessionFacts
from application.office_sign_on import NotAppointed, NotRegistered
from application.office_tokens import WantedToken
from application.ports import Asked
from application.rights import Viewer
from domain.office.officer import officer_id
from domain.shared.calendar import local_day
from domain.shared.errors import Forbidden, Refused
from domain.shared.values import BodyId, OfficerId

NO_BODY = BodyId(UUID(int=0))


class WrongPassword(LoginNeeded):
    """No officer has this login name and this password."""


class OldPasswordWrong(Refused):
    """The password that is asked for, to set another one, is wrong."""


class OfficerDisabled(Forbidden):
    """This officer has been disabled."""


@dataclass(frozen=True)
class Door:
    """What is looked up when somebody comes in, and from where they come."""

    access: Access
    registers: Registers
    standing: Standing
    source: str
    in_turn: InTurn
    now: datetime


class Begun(NamedTuple):
    token: str
    officer: OfficerId


async def door(request: Request) -> Door:
    system = system_of(request)
    return Door(
        system.access, system.registers, system.standing, source_of(request), system.deciding.in_turn, system.now()
    )


DoorDep = Annotated[Door, Depends(door)]


async def _session(request: Request) -> SessionFacts:
    if found := session_of(request):
        return found
    raise LoginNeeded


SessionDep = Annotated[SessionFacts, Depends(_session)]


def begin(at: Door, login: str, password: str, body: BodyId | None, in_browser: bool) -> Begun:
    """Raises WrongPassword, without a hint whether the name exists; OfficerDisabled; TooManyAttempts; Crowded.

    Whether there is such an officer is looked up only after the password: until then a name is a name."""
    id = officer_id(login)
    if (proof := at.access.passwords.check(id, password, at.source)) is None:
        raise WrongPassword
    _check_known(at, login)
    if (token := at.access.sessions.begin(id, body, proof, in_browser)) is None:
        raise WrongPassword
    return Begun(token, id)


def _check_known(at: Door, login: str) -> None:
    officer = at.registers.office.by_login(login)
    if officer is None:
        at.standing.check_whole()
        raise WrongPassword
    if officer.disabled:
        raise OfficerDisabled


def begin_vouched(at: Door, login: str) -> Begun:
    """For whom the county's sign-on vouched: an officer of ours, who is appointed today. Nothing is made for anybody
    else. Raises NotRegistered, OfficerDisabled, NotAppointed."""
    try:
        _check_known(at, login)
    except WrongPassword:
        raise NotRegistered from None
    id = officer_id(login)
    if not at.registers.office.appointments(id, local_day(at.now)):
        at.standing.check_whole()
        raise NotAppointed
    return Begun(at.access.sessions.begin_vouched(id), id)


def change_password(at: Door, session: SessionFacts, viewer: Viewer, old: str, new: str) -> None:
    """Every other session of the officer ends. Raises OldPasswordWrong, PasswordLength, TooManyAttempts, Crowded."""
    at.access.passwords.refuse_unfit(new)
    if at.access.passwords.check(session.officer, old, at.source) is None:
        raise OldPasswordWrong
    at.access.passwords.set(_asked_of_oneself(at, viewer), session.officer, new, but=session.id)


def issue_token(at: Door, viewer: Viewer, officer: OfficerId, wanted: WantedToken) -> tuple[int, str]:
    """Its number, and the token. Raises UnknownStream, UnknownAppointment, NotInForce, TokenLasts."""
    return at.access.tokens.issue(_asked_of_oneself(at, viewer), officer, wanted)


def _asked_of_oneself(at: Door, viewer: Viewer) -> Asked:
    """Also of who has no body to act for, or none any more."""
    id, acting = uuid7(at.now), at.access.rights.acting(viewer, local_day(at.now))
    return Asked(viewer.officer, viewer.body or NO_BODY, acting, id, id, at.now)
