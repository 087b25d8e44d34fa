"""What is refused before it is read: bodies larger than any that is needed."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import BodyTooLarge

LARGEST = 1_000_000
"""Bytes. The longest record of a session has 20,000 characters."""
LARGEST_WITH_FILE = 8_000_000
"""The most bytes of a form with a photo of the evidence or a scan of a paper: only its hash is kept."""

Refuse = Callable[[Request, Exception], Response]


class BodyLimit:
    """Counts while it reads: a length that is promised may be a lie, or missing."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse_as = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        with_file = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        largest = LARGEST_WITH_FILE if with_file else LARGEST
        promised = headers.get(b"content-length", b"0")
        if promised.isdigit() and int(promised) > largest:
            await self._refuse(scope, receive, send, largest)
            return
        read, started = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if not started:
                await self._refuse(scope, receive, send, largest)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, largest: int) -> None:
        refused = self._refuse_as(Request(scope), BodyTooLarge(largest=largest))
        refused.headers["Connection"] = "close"
        await refused(scope, receive, send)


class _TooLarge(Exception):
    """Passes through the application to where it is answered."""
