"""What one laptop can do to a server: logins without end, requests that never come to their end, empty connections."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

SOURCE = "127.0.0.2"
"""Another machine, as far as the server can tell."""


def request(path: str, content: bytes, more: str = "", promised: int | None = None) -> bytes:
    length = len(content) if promised is None else promised
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n{more}\r\n"
    return head.encode() + content


def login(name: str) -> bytes:
    content = json.dumps({"login": name, "password": "wrong password"}).encode()
    return request("/api/session", content, "Content-Type: application/json\r\n")


HALVES = (
    b"",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-More: ",
    request("/api/cases/register-case", b"{" * 60_000, "Content-Type: application/json\r\n", 900_000),
    request("/new", b"x" * 60_000, "Content-Type: multipart/form-data; boundary=x\r\n", 7_900_000),
    request("/login", b"login=", "Content-Type: application/x-www-form-urlencoded\r\n", 9_000),
)
"""Beginnings of requests; their end does not come."""


@dataclass
class Flood:
    """Of logins, and of connections that stay half said; from a thread and a loop of its own."""

    port: int
    logins: int
    halves: int
    answers: Counter[int] = field(default_factory=Counter)
    opened: int = 0
    _stop: bool = False

    def __enter__(self) -> Flood:
        self._thread = Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop = True
        self._thread.join()

    async def _run(self) -> None:
        guessing = [self._guess(number) for number in range(self.logins)]
        halves = [self._half(number) for number in range(self.halves)]
        await asyncio.gather(*guessing, *halves)

    async def _guess(self, number: int) -> None:
        """Each name once, then the next."""
        while not self._stop:
            with suppress(OSError, asyncio.IncompleteReadError):
                async with self._line() as (reader, writer):
                    writer.write(login(f"name{number}.{sum(self.answers.values())}"))
                    told = await reader.readuntil(b"\r\n")
                    self.answers[int(told.split()[1])] += 1

    async def _half(self, number: int) -> None:
        """Whatever is ended by the server is begun anew."""
        while not self._stop:
            with suppress(OSError):
                async with self._line() as (reader, writer):
                    self.opened += 1
                    writer.write(HALVES[number % len(HALVES)])
                    await self._held(reader)

    async def _held(self, reader: asyncio.StreamReader) -> None:
        while not self._stop:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    if not await reader.read(1_000):
                        return

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(SOURCE, 0))
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)
