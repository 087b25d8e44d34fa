"""The server and the worker as processes of their own: started, told where the database is, watched, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from api.settings import Settings
from application.logs import get_logger

log = get_logger("tiaojie.run")

PARENT = "TIAOJIE_PARENT"
STOP_WITHIN = 10.0
SERVE, WORK = "serve", "work"


class Parts:
    def __init__(self, settings: Settings, port: int) -> None:
        self._environment = os.environ | {
            "TIAOJIE_STATE": str(settings.state.resolve()),
            "TIAOJIE_PORT": str(port),
            PARENT: str(os.getpid()),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def keep_up(self, url: str) -> None:
        """Starts those that do not run. Where the database has moved, all of them begin again with its new address."""
        if self._environment.get("DATABASE_URL", url) != url:
            log.warning("the database came back at another address: server and worker follow it")
            self.stop()
        self._environment["DATABASE_URL"] = url
        for verb in (SERVE, WORK):
            known = self._processes.get(verb)
            if known is None or known.poll() is not None:
                self._processes[verb] = self._started(verb)

    def _started(self, verb: str) -> subprocess.Popen[bytes]:
        """-P: a folder of the same name where one happens to stand is not taken for our program."""
        command = [sys.executable, "-P", "-m", "api.cli.main", verb]
        return subprocess.Popen(command, env=self._environment, start_new_session=True)

    @property
    def url(self) -> str:
        return self._environment["DATABASE_URL"]

    def process(self, verb: str) -> int | None:
        """While it runs."""
        known = self._processes.get(verb)
        return known.pid if known and known.poll() is None else None

    def kill(self, verb: str) -> None:
        """One that lives and does nothing: it is started again at the next look."""
        log.error("a part hangs and is started again", part=verb)
        if known := self._processes.get(verb):
            known.kill()
            known.wait()

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


def when_told_to_end(handler: Callable[[], None]) -> None:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, lambda *_: handler())
