"""The pages, put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api import problems
from api.deps import system_of, viewer
from api.labels.language import of_request
from api.negotiation import wants_page
from api.problems import LoginNeeded
from api.web import (
    account,
    amendments,
    bridge,
    case,
    case_composites,
    case_dialog,
    case_export,
    case_papers,
    cases,
    drafts,
    escalation,
    escalation_board,
    figure_downloads,
    figure_rows,
    figure_sheets,
    figure_wall,
    figures,
    handovers,
    imports,
    jurisdiction_areas,
    jurisdiction_bodies,
    jurisdiction_forms,
    looks,
    office_forms,
    office_people,
    publication,
    publication_public,
    referral,
    referral_offer,
    register,
    replay,
    rules,
    rules_forms,
    rules_pack,
    session,
    session_sign_on,
    signal,
    status,
    sweep,
    sweep_campaigns,
    sweep_meetings,
    today,
)
from api.web.bodies import SENT_BY, SENT_FOR, body_of
from api.web.drafts import InOtherLanguage, to_other_language
from api.web.page import NotSignedIn, render_open
from api.web.sending import typed_in
from api.web.session_page import to_login
from domain.shared.errors import DomainError

OF_A_CASE = (case, replay, case_composites, case_dialog, case_papers)
CASE_PAGES = (looks, *OF_A_CASE, handovers, referral_offer, referral, escalation)
PAGES = (
    session,
    session_sign_on,
    account,
    today,
    amendments,
    case_export,
    cases,
    drafts,
    register,
    *CASE_PAGES,
    escalation_board,
    bridge,
    figure_downloads,
    figure_wall,
    figure_rows,
    figure_sheets,
    figures,
    rules,
    office_people,
    office_forms,
    jurisdiction_areas,
    jurisdiction_forms,
    jurisdiction_bodies,
    rules_forms,
    publication,
    publication_public,
    rules_pack,
    signal,
    imports,
    status,
    sweep_meetings,
    sweep_campaigns,
    sweep,
)


HTMX = Path(str(files("js_lib_htmx") / "static" / "htmx"))
"""From its own package: no script is fetched from another host."""
CODE = re.compile(r"[a-z]+(?:[-_][a-z]+)*|[0-9a-f-]{36}|on|\d{1,9}")
"""Of a choice, an id, a tick, a version."""


def include(app: FastAPI) -> None:
    for one in PAGES:
        app.include_router(one.router)
    app.mount("/static/htmx", StaticFiles(directory=HTMX), name="htmx")
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


def install(app: FastAPI) -> None:
    """What a page says where something is refused."""
    app.add_exception_handler(NotSignedIn, to_login)
    app.add_exception_handler(InOtherLanguage, to_other_language)
    app.add_exception_handler(DomainError, refusal)
    app.add_exception_handler(HTTPException, _nothing_there)
    app.add_exception_handler(RequestValidationError, _unfit)


def _wants_page(request: Request) -> bool:
    accept = ",".join(request.headers.getlist("accept"))
    return not request.url.path.startswith("/api/") and wants_page(accept)


def refusal(request: Request, error: Exception) -> Response:
    """A page for people, a problem document for programs."""
    if isinstance(error, HTTPException):
        return _nothing_there(request, error)
    assert isinstance(error, DomainError)
    if not _wants_page(request) or isinstance(error, LoginNeeded):
        return problems.problem(request, error)
    return _page(request, problems.status(type(error)), problems.title(error, of_request(request)))


def refused_at_the_door(request: Request, error: Exception) -> Response:
    """Before any route is known: whoever is not signed in is led to the login, programs are told."""
    if type(error) is LoginNeeded and _wants_page(request):
        return to_login(request, error)
    return refusal(request, error)


def _page(request: Request, number: int, text: str) -> Response:
    """With what was typed, where a form was sent: it leads back to it."""
    now, language = system_of(request).now(), of_request(request)
    if kept := typed_in(request):
        told = [one for one in kept if one[0] not in (SENT_BY, SENT_FOR)]
        mine = {**_sender_now(request), "choose": "again"}
        return render_open(
            request, now, language, "kept.html", number, problem=text, kept=[*told, *mine.items()], texts=_read(told)
        )
    return render_open(request, now, language, "problem.html", number, problem=text, number=number)


def _sender_now(request: Request) -> dict[str, str]:
    """Whoever is signed in at this moment: it becomes their form, when they open it."""
    try:
        who = viewer(request)
    except DomainError:
        return {}
    return {SENT_BY: str(who.officer), SENT_FOR: body_of(who)}


def _read(kept: Sequence[tuple[str, str]]) -> list[str]:
    """What a person wrote, and no ids and codes."""
    return [value for _, value in kept if value.strip() and not CODE.fullmatch(value)]


def _nothing_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if not _wants_page(request):
        return problems.plain(request, error)
    return _page(request, error.status_code, problems.plain_title(error, of_request(request)))


def _unfit(request: Request, error: Exception) -> Response:
    """An address that a person mistyped leads to nothing; one that asks by a name or in a way that the page does not
    know is refused, and never answered by something else."""
    if not _wants_page(request):
        return problems.unfit_request(request, error)
    assert isinstance(error, RequestValidationError)
    asked = any(one["loc"][:1] == ("query",) for one in error.errors())
    if asked:
        return _page(request, 422, problems.unfit_title(of_request(request)))
    return _page(request, 404, problems.plain_title(HTTPException(404), of_request(request)))
