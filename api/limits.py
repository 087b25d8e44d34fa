"""What is refused before it is read: bodies larger than any that is needed."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import of_headers
from api.problems import BodyTooLarge, answer, document

LARGEST = 1_000_000
"""Bytes. The longest record of a session has 20,000 characters."""


class BodyLimit:
    """Counts while it reads: a length that is promised may be a lie, or missing."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        promised = headers.get("content-length", "0")
        if promised.isdecimal() and int(promised) > self._largest:
            await self._refuse(scope, receive, send, headers)
            return
        read, started = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
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
                await self._refuse(scope, receive, send, headers)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        refusal = BodyTooLarge(largest=self._largest)
        refused = answer(document(refusal, of_headers(headers), scope["path"]), {"Connection": "close"})
        await refused(scope, receive, send)


class _TooLarge(Exception):
    """Passes through the application to where it is answered."""
