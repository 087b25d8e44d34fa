"""`tiaojie run`: PostgreSQL, server and worker as one; whichever dies is started again, and all end together."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from api.command_words import refusal
from api.demo.making import Bar, load_demo, print_logins
from api.processes.listening import address, answers, is_free
from api.processes.parts import WORK, Parts, when_told_to_end
from api.routes.health import HANGS_AFTER
from api.settings import Settings
from api.wiring_ledgers import DatabaseDown, begin_anew, embedded_database, hangs, is_empty, prepared
from application.logs import get_logger

log = get_logger("tiaojie.run")

LOOK = 0.5
"""Seconds between two looks whether all of it runs."""
WATCH = 10.0
"""Seconds between two looks whether the worker gives signs of life."""
DEMO_MADE = "demo.made"
"""A file in the state folder: the ledger is the demo county, so the demo logins are told."""
LAST_PORT_TRIED = 20


class AlreadyRuns(SystemExit):
    """Another one runs on the same folder."""


def supervise(settings: Settings, out: Console, bar: Bar) -> None:
    stop = threading.Event()
    when_told_to_end(_break_off)
    with alone(settings.state), embedded_database(settings, stop.is_set) as (start, ours):
        url = start()
        if ours:
            _demo_when_empty(settings, url, out, bar)
        prepared(settings, url)
        when_told_to_end(stop.set)
        port = settings.port if settings.port == 0 else _free_port(settings.host, settings.port)
        parts = Parts(settings, port)
        watch = Watch(parts)
        try:
            parts.keep_up(url)
            _greet(settings, port, ours, out)
            while not stop.wait(LOOK):
                _keep_up(start, parts)
                watch.look()
        finally:
            out.print("stopping …")
            parts.stop()


class Watch:
    """Sees that the worker works, and not only that it exists."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._next = time.monotonic() + WATCH

    def look(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + WATCH
        worker, url = self._parts.process(WORK), self._parts.url
        if worker and hangs(url, worker, HANGS_AFTER):
            self._parts.kill(WORK)


def _keep_up(start: Callable[[], str], parts: Parts) -> None:
    """Whatever keeps the database from coming back just now, the next look tries again."""
    try:
        parts.keep_up(start())
    except (DatabaseDown, OSError) as fault:
        log.warning("the database does not come back yet", fault=type(fault).__name__)


def _break_off() -> None:
    """While the demo county is being made: at once, and the next run begins it anew."""
    raise SystemExit(143)


def _demo_when_empty(settings: Settings, url: str, out: Console, bar: Bar) -> None:
    """A county that was cut off half made, by Ctrl-C or a kill, is never taken for a whole one."""
    unfinished = settings.state / "demo.unfinished"
    if unfinished.exists():
        begin_anew(url)
    if is_empty(url):
        out.print("The ledger is empty: the demo county is being made.")
        unfinished.touch()
        load_demo(settings, url, bar)
        unfinished.rename(settings.state / DEMO_MADE)


def _greet(settings: Settings, port: int, ours: bool, out: Console) -> None:
    _wait_for(settings.host, port)
    if ours and (settings.state / DEMO_MADE).exists():
        print_logins(out)
    out.print(f"[bold]{escape(address(settings.host, port, settings.root_path))}[/bold]  (Ctrl-C ends it)")


def _wait_for(host: str, port: int) -> None:
    for _ in range(300):
        if answers(host, port):
            return
        time.sleep(0.1)


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """One at a time on one folder. The lock ends with its process, however that ends."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRuns(refusal("runs_already")) from None
        yield


def _free_port(host: str, wished: int) -> int:
    for port in range(wished, wished + LAST_PORT_TRIED):
        if is_free(host, port):
            return port
    raise SystemExit(refusal("no_free_port", wished=wished))
