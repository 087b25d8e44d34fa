"""The service as it runs: two servers and a worker as processes of their own, on a PostgreSQL of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Protocol

import httpx2
import psycopg

from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from tests.api.conftest import open_county
from tests.patience import PATIENCE, eventually

ROOT = Path(__file__).parents[2]
SERVERS = 2


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Store(Protocol):
    """What the ledger stands in: one server of ours, or several under somebody else's care."""

    @property
    def pid(self) -> int | None: ...
    def start(self) -> str:
        """Raises DidNotStart."""


@dataclass
class Service:
    """Whatever dies is started again, as `tiaojie run` does it."""

    postgres: Store
    state: Path
    url: str
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(SERVERS)])
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ended: Event = field(default_factory=Event)
    others: list[Path] = field(default_factory=list)
    """State folders of further hosts: each has a server and a worker of its own."""
    more: dict[str, str] = field(default_factory=dict)
    """Settings of all hosts."""
    _lock: Lock = field(default_factory=Lock)

    def keep_running(self) -> None:
        while not self.ended.is_set():
            self.start()
            self.ended.wait(0.1)

    def start(self) -> None:
        with self._lock:
            if self.ended.is_set():
                return
            try:
                self.postgres.start()
            except DidNotStart:
                return
            for name, (verb, port, state) in self._wanted().items():
                if (known := self.parts.get(name)) is None or known.poll() is not None:
                    self.parts[name] = self._begun(verb, port, state)

    def _wanted(self) -> dict[str, tuple[str, int, Path]]:
        hosts = [self.state, *self.others]
        serving = {f"serve {port}": ("serve", port, hosts[at % len(hosts)]) for at, port in enumerate(self.ports)}
        working = {f"work{at or ''}": ("work", 0, state) for at, state in enumerate(hosts)}
        return serving | working

    def _begun(self, verb: str, port: int, state: Path) -> subprocess.Popen[bytes]:
        with (self.state / "said").open("ab") as said:
            command = [sys.executable, "-m", "api.cli.main", verb]
            return subprocess.Popen(command, env=self.environment(port, state), cwd=ROOT, stdout=said, stderr=said)

    def environment(self, port: int = 0, state: Path | None = None) -> dict[str, str]:
        of_host = {"TIAOJIE_STATE": str(state or self.state), "TIAOJIE_PORT": str(port)}
        return os.environ | {"DATABASE_URL": self.url} | of_host | self.more

    def kill(self, name: str) -> bool:
        """A part of it by its name, `postgres`, or `session`: one of PostgreSQL's processes, in whatever it does.
        Whether there was anything to kill."""
        try:
            if name == "session":
                pid = self._session()
            elif name == "postgres":
                pid = self.postgres.pid
            else:
                pid = self.parts[name].pid if self.parts[name].poll() is None else None
            if pid is None:
                return False
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, psycopg.Error):
            return False
        return True

    def _session(self) -> int | None:
        """The one that has worked last: of those that are at work now, if any."""
        with psycopg.connect(self.url, autocommit=True) as admin:
            query = (
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                " ORDER BY state = 'idle', query_start DESC LIMIT 1"
            )
            row = admin.execute(query).fetchone()
        return row[0] if row else None

    def ready(self) -> bool:
        return all(map(self.answers, self.ports))

    def answers(self, port: int) -> bool:
        try:
            return httpx2.get(f"http://127.0.0.1:{port}/health/ready", timeout=60, verify=False).status_code == 200
        except httpx2.TransportError:
            return False

    def said(self) -> str:
        return (self.state / "said").read_text(encoding="utf-8", errors="replace")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "api.cli.main", *words]
        done = subprocess.run(
            command, env=self.environment(), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
        )
        return done

    def end(self) -> None:
        self.ended.set()
        with self._lock:
            for one in self.parts.values():
                one.kill()
                one.wait(PATIENCE)


@contextmanager
def running(folder: Path) -> Iterator[Service]:
    """A county is there, with its officers. The parts are started by `start`, or kept by `keeping`."""
    postgres, state = EmbeddedPostgres(folder / "cluster"), folder / "state"
    state.mkdir()
    service = Service(postgres, state, postgres.start())
    try:
        with open_county(service.url, state, datetime.now(UTC)):
            pass
        yield service
    finally:
        service.end()
        postgres.stop_whoever_started()
        postgres.place.remove()


@contextmanager
def keeping(service: Service) -> Iterator[None]:
    keeper = Thread(target=service.keep_running)
    keeper.start()
    try:
        eventually(service.ready)
        yield
    finally:
        service.ended.set()
        keeper.join(PATIENCE)
        service.ended.clear()
    assert not keeper.is_alive()
