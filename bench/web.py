"""Over HTTP: a server, its worker and a client, each a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from api.demo import PASSWORD
from bench.county import AMOUNT, LOGIN, Desk, Server
from domain.shared.values import CaseId

ROOT = Path(__file__).resolve().parents[1]
START_WITHIN = 30.0
WARM_UP = 0.5
LEAST = 5


@dataclass(frozen=True)
class Answered:
    rate: float
    p50: float
    p95: float
    """Rate in requests a second, latencies in milliseconds."""


@dataclass(frozen=True)
class Site:
    """A running server and a login there."""

    port: int
    token: str = ""

    def ask(self, method: str, targets: list[list[tuple[str, int]]], body: Any, seconds: float) -> Answered:
        job = {"port": self.port, "method": method, "token": self.token, "body": body, "targets": targets}
        job |= {"warm_up": min(WARM_UP, seconds), "seconds": seconds, "least": LEAST}
        command = [sys.executable, "-m", "bench.client"]
        done = subprocess.run(command, cwd=ROOT, input=json.dumps(job), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        told = json.loads(done.stdout)
        cuts = quantiles(told["taken"], n=20, method="inclusive")
        return Answered(len(told["taken"]) / told["seconds"], cuts[9] * 1000, cuts[18] * 1000)

    def get(self, path: str) -> float:
        """Milliseconds of one request, on a connection of its own."""
        asked = Request(f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {self.token}"})
        begun = time.perf_counter()
        with urlopen(asked) as answer:
            answer.read()
        return (time.perf_counter() - begun) * 1000


@contextmanager
def running(server: Server, database: str, *command: str, **more: str) -> Iterator[Site]:
    """A web server of ours or of a peer, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with process(server, database, *command, TIAOJIE_PORT=str(port), **more) as started:
        _wait(port, started)
        yield Site(port)


@contextmanager
def process(server: Server, database: str, *command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"DATABASE_URL": server.database(database), "TIAOJIE_STATE": str(server.state)} | more
    started = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(20)


def _wait(port: int, started: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and started.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/health/live").close()
        except (URLError, ConnectionError):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")


def signed_in(site: Site, login: str = LOGIN) -> Site:
    content = json.dumps({"login": login, "password": PASSWORD}).encode()
    asked = Request(f"http://127.0.0.1:{site.port}/api/session", content, {"Content-Type": "application/json"})
    with urlopen(asked) as answer:
        return Site(site.port, json.load(answer)["token"])


def commands(site: Site, desk: Desk, cases: Sequence[CaseId], connections: int, seconds: float) -> Answered:
    targets = [
        [(f"/api/cases/{id}/state-amount", desk.version(id)) for id in cases[number::connections]]
        for number in range(connections)
    ]
    return site.ask("POST", targets, AMOUNT.model_dump(mode="json", exclude_none=True), seconds)


def bare(site: Site, path: str, cases: Sequence[CaseId], connections: int, seconds: float) -> Answered:
    targets = [[(path.format(id=id), 1) for id in cases[number::connections]] for number in range(connections)]
    return site.ask("POST", targets, AMOUNT.model_dump(mode="json", exclude_none=True), seconds)


def page(site: Site, case: CaseId, seconds: float) -> Answered:
    """The case page, asked for by one connection again and again."""
    return site.ask("GET", [[(f"/api/cases/{case}", 0)]], None, seconds)
