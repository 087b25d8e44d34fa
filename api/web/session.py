"""登录 The login page, and the language of the pages. What was typed while a login ended goes through it, and on."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.addresses import own_path
from api.deps import LanguageDep
from api.door import DoorDep, begin
from api.labels import words
from api.routes.office import Credentials
from api.sessions import session_of
from api.web.onward import Onward
from api.web.sending import FormDep, SenderDep, typed
from api.web.session_page import KEPT, KEPT_FOR, AskedAtTheDoor
from api.web.session_sign_on import left_here
from application.office import Ended
from domain.shared.errors import Forbidden, Unavailable

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600


@router.get("/login")
def login(request: Request, next: str = "/") -> Response:
    return AskedAtTheDoor(next).shown(request)


@router.post("/login")
async def sign_in_here(request: Request, door: DoorDep, language: LanguageDep, form: FormDep) -> Response:
    kept = [(name.removeprefix(KEPT), value) for name, value in typed(form) if name.startswith(KEPT)]
    again = AskedAtTheDoor(_text(form, "next"), kept, _text(form, "login").strip().lower())
    try:
        sent = Credentials(login=again.login, password=_text(form, "password"))
        begun = await door.in_turn(lambda: begin(door, sent.login, sent.password, None, in_browser=True))
    except ValidationError as error:
        told = words(language, "invalid", error.errors()[0])
        return replace(again, login="", problem=told).shown(request, 422)
    except (Forbidden, Unavailable) as refusal:
        return again.refused(request, refusal)
    next = own_path(again.next)
    answer = Onward(request, next, kept, begun.token) if kept else RedirectResponse(next, 303)
    cookies.keep(answer, request, cookies.SESSION, begun.token, KEPT_FOR)
    return answer


def _text(form: FormData, name: str) -> str:
    return str(form.get(name) or "")


@router.post("/logout")
def sign_out(request: Request, door: DoorDep) -> Response:
    session = session_of(request)
    if session:
        door.access.sessions.end(session.officer, session.id, Ended.SIGNED_OUT)
    answer = left_here(request) if session and session.by_sign_on else RedirectResponse("/login", 303)
    cookies.drop(answer, request, cookies.SESSION)
    return answer


@router.post("/act-for")
def act_for(request: Request, door: DoorDep, reader: SenderDep, form: FormDep) -> Response:
    """The pages that are opened from now on are for another of the officer's bodies. Forms that are open stay what they
    are: each says for which body it is."""
    if session := session_of(request):
        door.access.sessions.act_for(session.id, reader.viewer.body)
    return RedirectResponse(own_path(_text(form, "next")), 303)


@router.get("/language/{chosen}")
def language(request: Request, chosen: str, next: str = "/") -> Response:
    answer = RedirectResponse(own_path(next), 303)
    cookies.keep(answer, request, cookies.LANGUAGE, "en" if chosen == "en" else "zh", YEAR)
    return answer


@router.get("/text/{size}")
def text_size(request: Request, size: str, next: str = "/") -> Response:
    """Large letters, for whoever reads better so; on all pages, until they are set back."""
    answer = RedirectResponse(own_path(next), 303)
    cookies.keep(answer, request, cookies.TEXT, "large" if size == "large" else "usual", YEAR)
    return answer
