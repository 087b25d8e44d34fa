"""The pages, put together."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api import problems
from api.language import of_request
from api.problems import LoginNeeded
from api.web import case, cases, dashboard, dialog, register, session, today
from api.web.page import NotSignedIn, render_open, to_login
from domain.shared.errors import DomainError


def install(app: FastAPI) -> None:
    for one in (session, today, cases, register, case, dialog, dashboard):
        app.include_router(one.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(NotSignedIn, to_login)
    app.add_exception_handler(DomainError, _refusal)


def _refusal(request: Request, error: Exception) -> Response:
    """A page for people, a problem document for programs."""
    assert isinstance(error, DomainError)
    wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
    if not wants_page or isinstance(error, LoginNeeded):
        return problems.problem(request, error)
    language = of_request(request)
    number, text = problems.status(type(error)), problems.title(error, language)
    return render_open(request, request.app.state.system, language, "problem.html", number, problem=text, number=number)
