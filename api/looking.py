"""Records who looks at which case, before the answer is given: where it cannot be recorded, nothing is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.commanding import Endpoint
from api.measured import templates
from api.system import System
from application.looks import Looks, collected
from domain.shared.errors import DomainError

Refuse = Callable[[Request, Exception], Response]
NOWHERE = "-"


class ReadByNobody(RuntimeError):
    """A fault of ours: nothing is shown."""


class Looking:
    """A command's own answer is a receipt, and shows nothing of the case."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], system: System, refuse: Refuse) -> None:
        self._app, self._log, self._refuse = app, system.looks, refuse
        self._templates = templates(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with collected() as looks:
            await self._app(scope, receive, _Recorded(self, scope, receive, send, looks).pass_on)

    async def record(self, scope: Scope, looks: Looks) -> None:
        """Raises StoreAway; ReadByNobody, where a path shows a case without asking who reads it."""
        if not looks.cases or isinstance(scope.get("endpoint"), Endpoint):
            return
        if looks.looker is None:
            raise ReadByNobody
        through = f"{scope['method']} {self._templates.get(id(scope.get('endpoint')), NOWHERE)}"
        await run_in_threadpool(self._log.add, looks.looker, through, list(looks.cases))

    def refused(self, scope: Scope, refusal: DomainError) -> Response:
        return self._refuse(Request(scope), refusal)


class _Recorded:
    """An answer on its way out."""

    def __init__(self, looking: Looking, scope: Scope, receive: Receive, send: Send, looks: Looks) -> None:
        self._looking, self._scope, self._receive, self._send = looking, scope, receive, send
        self._looks = looks
        self._is_refused = False

    async def pass_on(self, message: Message) -> None:
        if self._is_refused:
            return
        if message["type"] == "http.response.start":
            try:
                await self._looking.record(self._scope, self._looks)
            except DomainError as refusal:
                self._is_refused = True
                await self._looking.refused(self._scope, refusal)(self._scope, self._receive, self._send)
                return
        await self._send(message)
