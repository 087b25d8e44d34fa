"""`tiaojie run`: PostgreSQL, server and worker as one; whichever dies is started again, and all end together."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from api.demo.making import Bar, load_demo, print_logins
from api.settings import Settings
from api.wiring import begin_anew, embedded_database, is_empty, prepared

PARENT = "TIAOJIE_PARENT"
DEMO_MADE = "demo.made"
"""A file in the state folder: the ledger is the demo county, so the demo logins are told."""
STOP_WITHIN = 10.0
LAST_PORT_TRIED = 20


class AlreadyRuns(SystemExit):
    """Another one runs on the same folder."""


def supervise(settings: Settings, out: Console, bar: Bar) -> None:
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    _when_told_to_end(_break_off)
    with alone(settings.state), embedded_database(settings) as (start, ours):
        url = start()
        if ours:
            _demo_when_empty(settings, url, out, bar)
        prepared(settings, url)
        _when_told_to_end(end)
        port = settings.port if settings.port == 0 else _free_port(settings.host, settings.port)
        parts = Parts(url, settings, port)
        try:
            parts.start()
            _greet(settings, port, ours, out)
            while not stop.wait(0.5):
                start()
                parts.start()
        finally:
            out.print("stopping …")
            parts.stop()


def _when_told_to_end(handler: Callable[[int, FrameType | None], None]) -> None:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, handler)


def _break_off(number: int, frame: FrameType | None) -> None:
    """While the demo county is being made: at once, and the next run begins it anew."""
    raise SystemExit(128 + number)


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
    out.print(f"[bold]http://{settings.host}:{port}/[/bold]  (Ctrl-C ends it)")


def _wait_for(host: str, port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
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
            raise AlreadyRuns("It runs already on this folder.") from None
        yield


def _free_port(host: str, wished: int) -> int:
    for port in range(wished, wished + LAST_PORT_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port from {wished} on: set TIAOJIE_PORT")


class Parts:
    """The server and the worker, as processes of their own."""

    def __init__(self, url: str, settings: Settings, port: int) -> None:
        self._environment = os.environ | {
            "DATABASE_URL": url,
            "TIAOJIE_STATE": str(settings.state.resolve()),
            "TIAOJIE_PORT": str(port),
            PARENT: str(os.getpid()),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Those that do not run."""
        for verb in ("serve", "work"):
            known = self._processes.get(verb)
            if known is None or known.poll() is not None:
                command = [sys.executable, "-m", "api.cli.main", verb]
                self._processes[verb] = subprocess.Popen(command, env=self._environment, start_new_session=True)

    def stop(self) -> None:
        for one in self._processes.values():
            one.terminate()
        until = time.monotonic() + STOP_WITHIN
        for one in self._processes.values():
            try:
                one.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def parent_told() -> int:
    """The process of `run` that started this one; 0: none did."""
    return int(os.environ.get(PARENT, "0"))


def end_with(parent: int) -> None:
    """This process ends when that one is gone, also when it was killed."""
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_WITHIN)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
