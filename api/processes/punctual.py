"""HTTP for whoever is punctual: a request whose beginning or end does not come in time is not waited for."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN = 10.0
"""Seconds from the first byte, or from when somebody came and said nothing, to the end of the headers."""
REST_WITHIN = 10.0
"""Seconds for what is left of a request that was answered without being read."""


class Punctual(HttpToolsProtocol):
    """uvicorn ends connections on which nothing comes after an answer. It waits for ever for the rest of a request."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._limit: asyncio.TimerHandle | None = None
        self._is_whole = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._end_within(HEAD_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._is_whole = False
        self._end_within(HEAD_WITHIN)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_time()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_whole = True
        self._in_time()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_whole:
            self._end_within(REST_WITHIN)

    def _end_within(self, seconds: float) -> None:
        self._in_time()
        self._limit = self.loop.call_later(seconds, self._end)

    def _in_time(self) -> None:
        if self._limit:
            self._limit.cancel()
            self._limit = None

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
