"""Clients that ask for lists all the while, and note when they got one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import httpx2

from tests.api.conftest import PASSWORD
from tests.faults.failover.gaps import Success
from tests.patience import PATIENCE, eventually

PAUSE = 0.1
GIVEN_UP = 60.0
"""Seconds that a browser waits. As long as what is recorded is waited for: a list that hangs counts whole."""


@dataclass
class Reader:
    """Of one server: a list must come from each."""

    port: int
    stop: Event
    answered: list[Success] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What was answered instead."""
    back: list[str] = field(default_factory=list)
    """A list that tells less than one before."""
    seen: int = 0

    def run(self) -> None:
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=GIVEN_UP, verify=False) as self._http:
            token = self._signed_in()
            while not self.stop.wait(PAUSE):
                try:
                    self._ask(token)
                except httpx2.TransportError as fault:
                    self.refused.append(type(fault).__name__)

    def _signed_in(self) -> str:
        """As somebody who records nothing: whose own receipts are young, waits until the lists have them."""
        return eventually(self._token)

    def _token(self) -> str:
        """Empty where it is not given now."""
        told = self._http.post("/api/session", json={"login": "lw2", "password": PASSWORD})
        return str(told.json()["token"]) if told.status_code == 200 else ""

    def _ask(self, token: str) -> None:
        told = self._http.get("/api/cases", params={"count": True}, headers={"Authorization": f"Bearer {token}"})
        if told.status_code != 200:
            self.refused.append(f"{told.status_code} {told.json().get('code')}")
            return
        self.answered.append(Success(time.monotonic(), self.port))
        count = told.json()["count"]
        if count < self.seen:
            self.back.append(f"{count} cases after {self.seen}")
        self.seen = max(self.seen, count)


@contextmanager
def reading(ports: Sequence[int]) -> Iterator[list[Reader]]:
    """Two of each server, so that one that waits does not stand for all."""
    stop = Event()
    readers = [Reader(port, stop) for port in ports for _ in range(2)]
    threads = [Thread(target=one.run) for one in readers]
    for one in threads:
        one.start()
    try:
        yield readers
    finally:
        stop.set()
        for one in threads:
            one.join(PATIENCE)
