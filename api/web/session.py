"""登录 The login page, and the language of the pages. What was typed while a login ended goes through it, and on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.addresses import own_path
from api.deps import LanguageDep, system_of
from api.door import DoorDep, begin
from api.labels import words
from api.labels.language import of_request
from api.problems import LoginNeeded, marks, status, title
from api.routes.office import Credentials
from api.sessions import session_of
from api.web.onward import Onward
from api.web.page import own_address, render_open
from api.web.sending import FormDep, SenderDep, typed, typed_in
from application.office import Ended
from domain.shared.errors import DomainError, Forbidden, Unavailable

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600
KEPT_FOR = 30 * 24 * 3600
"""Seconds that a browser keeps the cookie. The session ends long before: it then only tells who typed a form."""
KEPT = "kept."
"""Before the names of what was typed, while its sender signs in."""
NO_PAGES = frozenset({"/act-for", "/logout"})


@dataclass(frozen=True)
class AskedAtTheDoor:
    """What the login page shows: where it leads, what was typed before it, and why it is shown again."""

    next: str = "/"
    kept: Sequence[tuple[str, str]] = ()
    login: str = ""
    problem: str = ""

    def shown(self, request: Request, number: int = 200) -> Response:
        hidden = [(KEPT + name, value) for name, value in self.kept]
        told = {"next": own_path(self.next), "login": self.login, "problem": self.problem, "kept": hidden}
        return render_open(request, system_of(request).now(), of_request(request), "login.html", number, **told)

    def refused(self, request: Request, refusal: DomainError) -> Response:
        told = replace(self, problem=title(refusal, of_request(request)))
        answer = told.shown(request, status(type(refusal)))
        answer.headers.update(marks(refusal))
        return answer


def to_login(request: Request, error: Exception) -> Response:
    """Whoever sent a form gets its words along with the login; whoever asked for a page comes back to it."""
    if kept := typed_in(request):
        return AskedAtTheDoor(request.url.path, kept).refused(request, LoginNeeded())
    asked = "/" if request.url.path in NO_PAGES else own_address(request)
    return RedirectResponse(f"/login?{urlencode({'next': asked})}", 303)


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
    if session := session_of(request):
        door.access.sessions.end(session.officer, session.id, Ended.SIGNED_OUT)
    answer = RedirectResponse("/login", 303)
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
