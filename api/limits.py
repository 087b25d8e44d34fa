"""How much of a request is read, and for how long: no more than is needed, and no slower than any line is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import BodyTooLarge, BodyTooSlow
from api.sessions import known_session
from application.files import LARGEST_FILE
from domain.shared.errors import DomainError

LARGEST_LOGIN = 16_000
"""Bytes of what is brought by whoever was never signed in."""
LARGEST = 1_000_000
"""The longest record of a session has 20,000 characters."""
LARGEST_WITH_FILE = 40_000_000
"""The most bytes of a form with files. A file that is too large is told at its field, so the form is read."""
WITHIN = 10.0
"""Seconds in which a request is there."""
SLOWEST = 4_000
"""Bytes that give a longer request one more second."""
OF_A_FILE = re.compile(r"/api/cases/[0-9a-fA-F-]{36}/files")

Refuse = Callable[[Request, Exception], Response]


class BodyLimit:
    """Counts while it reads: a length that is promised may be a lie, or missing."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app, self._refuse_as = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        body = _Body(receive, largest_of(request))
        promised = request.headers.get("content-length", "0")
        if promised.isdigit() and int(promised) > body.largest:
            await self._refuse(scope, receive, send, BodyTooLarge(largest=body.largest))
            return
        try:
            await self._app(scope, body.receive, body.unless_refused(send))
        except Exception:
            if not body.refused and not body.is_gone:
                raise
        if body.refused and not body.is_answered:
            await self._refuse(scope, receive, send, body.refused)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refusal: DomainError) -> None:
        refused = self._refuse_as(Request(scope), refusal)
        refused.headers["Connection"] = "close"
        await refused(scope, receive, send)


def largest_of(request: Request) -> int:
    if known_session(request) is None:
        return LARGEST_LOGIN
    if OF_A_FILE.fullmatch(request.scope["path"]):
        return LARGEST_FILE
    with_file = request.headers.get("content-type", "").startswith("multipart/form-data")
    return LARGEST_WITH_FILE if with_file and not request.scope["path"].startswith("/api/") else LARGEST


class _NotRead(Exception):
    """Ends whatever reads the request; whoever catches it answers in vain."""


class _Body:
    """What a request brings, while it comes."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self.largest = receive, largest
        self._began, self._read, self._is_whole = monotonic(), 0, False
        self.refused: DomainError | None = None
        self.is_gone = False
        """Whether the client hung up before all was there: there is nobody to answer, and nothing to log."""
        self.is_answered = False

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._began + WITHIN + self._read / SLOWEST - monotonic()):
                message = await self._receive()
        except TimeoutError:
            self.refused = BodyTooSlow()
            raise _NotRead from None
        self._read += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        self.is_gone = message["type"] == "http.disconnect"
        if self._read > self.largest:
            self.refused = BodyTooLarge(largest=self.largest)
            raise _NotRead
        return message

    def unless_refused(self, send: Send) -> Send:
        """What is answered by whoever could not read it gives way to the refusal."""

        async def sent(message: Message) -> None:
            if self.refused and not self.is_answered:
                return
            self.is_answered = True
            await send(message)

        return sent
