"""统一登录 By the county's own login and back: whoever comes back is one of our officers, or is told why not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.addresses import LEADS_OUT, own_path, root_of
from api.deps import system_of
from api.door import Door, DoorDep, begin_vouched
from api.labels.language import of_request
from api.web.page import render_open
from api.web.session_page import KEPT_FOR, AskedAtTheDoor
from application.office_sign_on import CameBack, SignOn
from domain.shared.errors import DomainError

router = APIRouter(include_in_schema=False)
HERE, BACK, LOGIN = "/login/sign-on", "/login/sign-on/back", "/login"
SECONDS_TO_READ = 1


class SentBack(BaseModel):
    """What a provider sends along: some of them send more than is asked for."""

    model_config = ConfigDict(extra="allow")
    state: str = ""
    code: str = ""
    iss: str = ""


def _sign_on(door: Door) -> SignOn:
    """Where the county has none, there is no such page."""
    if door.access.sign_on is None:
        raise HTTPException(404)
    return door.access.sign_on


def _address(request: Request, path: str) -> str:
    """As the browser asks for it. The provider knows ours and sends nobody to another one."""
    origin = request.app.state.settings.origin
    scheme = "https" if cookies.is_secure(request) else "http"
    return (origin or f"{scheme}://{request.headers.get('host', '')}") + root_of(request) + path


@router.get(HERE)
def set_out(request: Request, door: DoorDep, next: str = "/") -> Response:
    sign_on = _sign_on(door)
    try:
        out = sign_on.set_out(next, _address(request, BACK), door.now)
    except DomainError as refusal:
        return AskedAtTheDoor(next).refused(request, refusal)
    request.scope[LEADS_OUT] = out.address
    answer = RedirectResponse(out.address, 303)
    answer.headers["Location"] = out.address
    cookies.keep(answer, request, cookies.SIGN_ON, out.kept, sign_on.seconds)
    return answer


@router.get(BACK)
def come_back(request: Request, door: DoorDep, sent: Annotated[SentBack, Query()]) -> Response:
    """Whatever becomes of it, what the browser kept for it is used up."""
    answer = _come_back(request, door, CameBack(sent.state, sent.code, sent.iss))
    cookies.drop(answer, request, cookies.SIGN_ON)
    return answer


def _come_back(request: Request, door: Door, came: CameBack) -> Response:
    kept = cookies.kept(request, cookies.SIGN_ON)
    try:
        vouched = _sign_on(door).vouched(kept, came, _address(request, BACK), door.now)
        begun = begin_vouched(door, vouched.login)
    except DomainError as refusal:
        return AskedAtTheDoor().refused(request, refusal)
    answer = RedirectResponse(own_path(vouched.next), 303)
    cookies.keep(answer, request, cookies.SESSION, begun.token, KEPT_FOR)
    return answer


def left_here(request: Request) -> Response:
    """Signed out here. A form of ours leads to no other host, so a page does, where the provider wants to be told."""
    system = system_of(request)
    there = system.access.sign_on.leave_at(_address(request, LOGIN)) if system.access.sign_on else ""
    if not there:
        return RedirectResponse(LOGIN, 303)
    answer = render_open(request, system.now(), of_request(request), "login_left.html", there=there)
    answer.headers["Refresh"] = f"{SECONDS_TO_READ}; url={there}"
    return answer
