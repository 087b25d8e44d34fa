"""A client that does as it should: each command under a key, and what has no answer once more under the same key."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Any
from uuid import uuid4

import httpx2

from tests.api.conftest import BOTH, PASSWORD
from tests.patience import PATIENCE


@dataclass
class Sent:
    """A command, and what was answered to it. `text`: what it writes, found again in the ledger."""

    key: str
    path: str
    text: str
    content: dict[str, Any]
    seen: int | None
    receipt: dict[str, Any] | None = None
    at: float = 0.0
    port: int = 0
    """When the receipt came, and from which server."""

    @property
    def mark(self) -> str:
        return self.text or self.path


@dataclass
class Client:
    number: int
    chance: Random
    ports: list[int]
    place: str
    stop: Event
    sent: list[Sent] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What must never be answered."""
    port: int = 0
    """Of the server that was asked last."""

    def run(self) -> None:
        try:
            with httpx2.Client(timeout=60, verify=False) as self._http:
                self._token = self._signed_in()
                while not self.stop.is_set():
                    self._case()
        except Exception as fault:
            self.wrong.append(repr(fault))

    def _signed_in(self) -> str:
        told = self._until_answered("/api/session", {"login": "li.ming", "password": PASSWORD}, {})
        return str(told.json()["token"])

    def _case(self) -> None:
        content = {"place": self.place, "parties": BOTH}
        if (receipt := self._do("/api/cases/register-case", "facts", content, None)) is None:
            return
        id = receipt["id"]
        receipt = self._do(f"/api/cases/{id}/accept-case", "", {}, receipt["version"])
        while receipt and self.chance.random() < 0.7 and not self.stop.is_set():
            receipt = self._do(f"/api/cases/{id}/write-note", "note", {}, receipt["version"])

    def _do(self, path: str, told: str, content: dict[str, Any], seen: int | None) -> dict[str, Any] | None:
        """Its receipt; now and then nobody repeats what has no answer, and it stays unknown."""
        key = uuid4().hex
        one = Sent(key, path, f"第{key}句" if told else "", content | ({told: f"第{key}句"} if told else {}), seen)
        self.sent.append(one)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.attempt(one):
                return one.receipt
            if self.stop.is_set() or self.chance.random() < 0.03:
                return None
            time.sleep(self.chance.random() * 0.1)
        self.wrong.append(f"{path}: no answer within {PATIENCE} s")
        return None

    def attempt(self, one: Sent) -> httpx2.Response | None:
        """None: it has no answer, or not now."""
        answer = self.post(one.path, one.content, headers(one))
        if answer is None or answer.status_code == 503 or (answer.status_code == 409 and _in_flight(answer)):
            return None
        if answer.status_code in (200, 201):
            one.receipt, one.at, one.port = answer.json(), time.monotonic(), self.port
            return answer
        self.wrong.append(f"{one.path}: {answer.status_code} {answer.text[:200]}")
        return None

    def post(self, path: str, content: dict[str, Any], headers: dict[str, str]) -> httpx2.Response | None:
        self.port = self.chance.choice(self.ports)
        address = f"http://127.0.0.1:{self.port}{path}"
        token = {"Authorization": f"Bearer {self._token}"} if path != "/api/session" else {}
        try:
            return self._http.post(address, json=content, headers=headers | token)
        except httpx2.TransportError:
            return None

    def _until_answered(self, path: str, content: dict[str, Any], headers: dict[str, str]) -> httpx2.Response:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if (answer := self.post(path, content, headers)) is not None and answer.status_code == 200:
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{path}: no answer")

    def resolve(self, one: Sent) -> bool:
        """Asks once more. Whether it had been recorded before."""
        with httpx2.Client(timeout=60, verify=False) as self._http:
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                if answer := self.attempt(one):
                    return answer.headers.get("Idempotency-Replayed") == "true"
                time.sleep(0.05)
        raise AssertionError(f"{one.path} stays unknown: {self.wrong}")


def headers(one: Sent) -> dict[str, str]:
    seen = {} if one.seen is None else {"If-Match": f'"{one.seen}"'}
    return {"Idempotency-Key": one.key} | seen


def _in_flight(answer: httpx2.Response) -> bool:
    return bool(answer.json()["code"] == "in-flight")
