"""Other event stores at the same work: load a stream, decide, append one event of like size, durably.

The library that ours is built on, as it comes; and message-db and emmett, which npm brings when the bench runs.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from threading import Barrier
from time import perf_counter
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from bench.together import run_together

STREAMS = 200
PACKAGES = ("@eventide/message-db@1.3.1", "@event-driven-io/emmett-postgresql@0.42.0", "@event-driven-io/emmett@0.42.0")
SCRIPT = Path(__file__).with_name("emmett.mjs")


class Matter(Aggregate):
    def __init__(self) -> None:
        self.text = ""

    @event("AmountStated")
    def state(self, text: str) -> None:
        self.text = text


class Matters(Application[UUID]):
    """As its documentation shows it: loaded from its events each time, without a cache."""

    def open(self) -> UUID:
        matter = Matter()
        self.save(matter)
        return matter.id

    def state(self, id: UUID, text: str) -> None:
        matter: Matter = self.repository.get(id)
        matter.state(text)
        self.save(matter)


def library(url: str, clients: int, seconds: float, size: int) -> float:
    """Commands a second of plain eventsourcing on PostgreSQL."""
    info = {f"POSTGRES_{key.upper()}": str(value) for key, value in conninfo_to_dict(url).items()}
    told = {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_POOL_SIZE": str(clients), **info}
    app, text = Matters(env=told), "x" * size
    try:
        matters = [app.open() for _ in range(STREAMS)]
        return each(clients, seconds, lambda number, turn: app.state(matters[own_stream(number, turn, clients)], text))
    finally:
        app.close()


def own_stream(number: int, turn: int, clients: int) -> int:
    """No two clients on the same stream."""
    return (number + turn * clients) % (STREAMS - STREAMS % clients)


def each(clients: int, seconds: float, once: Callable[[int, int], None]) -> float:
    def work(number: int, ready: Barrier) -> int:
        done = 0
        ready.wait()
        until = perf_counter() + seconds
        while perf_counter() < until:
            once(number, done)
            done += 1
        return done

    return run_together(clients, work)


def fetched(folder: Path) -> Path | None:
    """Where npm has put the packages; None where there is no npm, or no registry that it reaches."""
    if not (npm := which("npm")) or not which("node"):
        return None
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return folder if done.returncode == 0 else None


def prepare_message_db(url: str, packages: Path) -> None:
    """Its own files, but for the roles and the extension that it no longer needs."""
    files = packages / "node_modules/@eventide/message-db/database"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA message_store")
        connection.execute("SET search_path TO message_store, public")
        for part in ("tables", "types", "functions", "indexes"):
            for file in sorted((files / part).glob("*.sql"), key=_in_order):
                connection.execute(file.read_text().encode())


def _in_order(file: Path) -> tuple[bool, str]:
    """What others call comes first."""
    return file.stem in ("write-message", "get-stream-messages", "get-category-messages"), file.stem


def message_db(url: str, clients: int, seconds: float, size: int) -> float:
    """Commands a second of message-db's own functions, from psycopg: read the last messages, write one."""
    content = Jsonb({"text": "x" * size})
    path = "-c search_path=message_store,public"
    connections = [psycopg.connect(url, autocommit=True, options=path) for _ in range(clients)]
    for at in range(STREAMS):
        connections[0].execute("SELECT write_message(%s, %s, 'Opened', %s)", [str(uuid4()), f"matter-{at}", content])

    def once(number: int, turn: int) -> None:
        stream, connection = f"matter-{own_stream(number, turn, clients)}", connections[number]
        read = connection.execute("SELECT position FROM get_stream_messages(%s, 0, -1)", [stream]).fetchall()
        wanted = [str(uuid4()), stream, content, read[-1][0]]
        connection.execute("SELECT write_message(%s, %s, 'AmountStated', %s, NULL, %s)", wanted)

    try:
        return each(clients, seconds, once)
    finally:
        for one in connections:
            one.close()


def emmett(url: str, packages: Path, clients: int, seconds: float, size: int) -> float:
    """Commands a second of emmett in Node.js."""
    info = conninfo_to_dict(url)
    address = f"postgresql://{info['user']}:{info['password']}@{info['host']}:{info['port']}/{info['dbname']}"
    told = [address, str(packages), str(clients), str(seconds), str(STREAMS), "x" * size]
    command = ["node", str(SCRIPT), *told]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    found = re.search(r"^[\d.]+$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return float(found[0])
