"""登录 The login page, and the language of the pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.deps import LanguageDep, NowDep
from api.labels import language as languages
from api.labels import words
from api.problems import title
from api.routes.office import Credentials, Door, DoorDep, sign_in
from api.sessions import COOKIE
from api.web.page import render_open
from domain.shared.calendar import local_day
from domain.shared.errors import Forbidden
from domain.shared.values import BodyId, OfficerId

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600


@router.get("/login")
def login(request: Request, now: NowDep, language: LanguageDep, next: str = "/") -> Response:
    return render_open(request, now, language, "login.html", next=_own(next), problem="", login="")


@router.post("/login")
def sign_in_here(
    request: Request,
    door: DoorDep,
    language: LanguageDep,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    again = {"next": _own(next), "login": login}
    try:
        typed = Credentials(login=login.strip().lower(), password=password)
        officer = sign_in(door, typed.login, typed.password)
    except ValidationError as error:
        again |= {"problem": words(language, "invalid", error.errors()[0]), "login": ""}
        return render_open(request, door.now, language, "login.html", 422, **again)
    except Forbidden as refusal:
        again |= {"problem": title(refusal, language)}
        return render_open(request, door.now, language, "login.html", 401, **again)
    answer = RedirectResponse(_own(next), 303)
    _remember(answer, request, door, door.access.sessions.begin(officer.id, None))
    return answer


def _remember(answer: Response, request: Request, door: Door, token: str) -> None:
    secure = request.app.state.settings.secure_cookies
    seconds = door.access.sessions.seconds
    answer.set_cookie(COOKIE, token, seconds, httponly=True, samesite="strict", secure=secure)


@router.post("/logout")
def sign_out() -> Response:
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/act-for")
def act_for(request: Request, door: DoorDep, body: Annotated[str, Form()]) -> Response:
    """For another of the bodies that the officer is appointed to."""
    answer = RedirectResponse("/", 303)
    if known := door.access.sessions.read(request.cookies.get(COOKIE, "")):
        chosen = _appointed(door, known[0], body)
        _remember(answer, request, door, door.access.sessions.begin(known[0], chosen))
    return answer


def _appointed(door: Door, officer: OfficerId, body: str) -> BodyId | None:
    found = door.registers.office.appointments(officer, local_day(door.now))
    return next((one.body for one in found if str(one.body) == body), None)


@router.get("/language/{chosen}")
def language(chosen: str, next: str = "/") -> Response:
    answer = RedirectResponse(_own(next), 303)
    answer.set_cookie(languages.COOKIE, "en" if chosen == "en" else "zh", YEAR, samesite="lax")
    return answer


def _own(path: str) -> str:
    """A path on this server; anything that could lead elsewhere leads home."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe else "/"
