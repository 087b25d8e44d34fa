"""The entrance: who comes in, asked before anything that they bring is read.

Whoever is not signed in brings nothing but a login. Whoever was lately signed in may bring a form: what they typed is
kept for them while they sign in again."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.origins import ASKS_ONLY, check_origin
from api.problems import LoginNeeded
from api.scopes import check_scope
from api.sessions import AT_THE_DOOR, known_session, sent_token, session_of
from api.system import System
from application.office import SessionFacts
from application.office_tokens import OF_A_SERVICE
from domain.shared.errors import DomainError

Refuse = Callable[[Request, Exception], Response]
OPEN = ("/health/", "/metrics", "/static/", "/language/", "/api/openapi.json")
"""Beginnings of paths for which nobody is looked up; nothing is changed there."""
LOGINS = frozenset({"/login", "/logout", "/api/session"})
"""Where those come who are not signed in yet, or not any more."""
BUFFERED = 65_536
"""Bytes that the server holds of a request that nobody reads. Of one that is longer, the rest is not waited for."""


class Entrance:
    def __init__(self, app: ASGIApp, system: System, origin: str, refuse: Refuse) -> None:
        self._app, self._system, self._origin, self._refuse_as = app, system, origin, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OPEN):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            scope[AT_THE_DOOR] = found = await self._session(request)
            if found and found.is_live:
                check_scope(found, scope["method"], scope["path"])
            if scope["method"] not in ASKS_ONLY:
                self._check(request)
        except DomainError as refusal:
            answer = self._refuse_as(request, refusal)
            if _brings_much(request):
                answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _session(self, request: Request) -> SessionFacts | None:
        """What a browser sends by itself is never a service token."""
        token, by_browser = sent_token(request)
        if not token:
            return None
        access, now = self._system.access, self._system.now()
        if token.startswith(OF_A_SERVICE) and not by_browser:
            return await self._system.deciding.in_turn(lambda: access.tokens.find(token, now))
        return await self._system.deciding.in_turn(lambda: access.sessions.find(token))

    def _check(self, request: Request) -> None:
        """Raises ForeignOrigin, LoginNeeded."""
        token, by_browser = sent_token(request)
        if by_browser:
            check_origin(request.headers, self._origin, bool(token), request.scope["scheme"] == "https")
        path = request.scope["path"]
        if session_of(request) or path in LOGINS or (known_session(request) and not path.startswith("/api/")):
            return
        raise LoginNeeded


def _brings_much(request: Request) -> bool:
    promised = request.headers.get("content-length", "")
    chunked = "transfer-encoding" in request.headers
    return chunked or (promised.isdigit() and int(promised) > BUFFERED)
