"""Starts, finds and stops the embedded PostgreSQL: durable, password-guarded, on loopback only."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import sample
from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import make_conninfo

from application.logs import get_logger
from infrastructure.postgres.archive import archiving
from infrastructure.postgres.place import ClusterFolders, find_place
from infrastructure.postgres.processes import RECOVERS, RecoveryWatch, end_at_once, is_dead, is_postgres

log = get_logger("tiaojie.postgres")

NEVER_OUTGOING = range(20_000, 32_000)
START_WITHIN = 30.0
"""Seconds without an answer; a server that says that it still reads its log is waited for as long as it gets on."""
STOP_WITHIN = 20.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
"""No errors of statements in its log: their texts repeat values, and so names; whoever asked is told them."""


class DidNotStart(RuntimeError):
    """The embedded PostgreSQL did not come up; its log says why."""


class StillInUse(DidNotStart):
    """A statement of a killed server still runs on its memory, or its process is not quite gone: it passes."""


class StandsStill(DidNotStart):
    """It says that it reads its log, and nobody does."""


PASSING = ("is still in use", 'lock file "postmaster.pid" already exists')


class EmbeddedPostgres:
    """One cluster in a folder. Several processes may ask for it; whoever started it stops it."""

    def __init__(
        self,
        state: Path,
        version: int = 18,
        archive: Path | None = None,
        given_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """`archive`: where its log goes, segment by segment, for a restore to any moment. `given_up`: whether whoever
        waits for its start does so no more."""
        self._given_up = given_up
        self._place = find_place(state, version)
        self._archive = archive.resolve() if archive else None
        self._version = version
        self._mine: subprocess.Popen[bytes] | None = None
        self._url = ""
        self._log_from = 0

    @property
    def place(self) -> ClusterFolders:
        return self._place

    def start(self) -> str:
        """Its URL, once it answers. Finds the one that runs already."""
        if self._mine_answers():
            return self._url
        self._place.make()
        if self._archive:
            self._place.make_archive(self._archive)
        with self._place.alone():
            if not self._place.holds_a_cluster:
                if self._place.restored.exists():
                    raise DidNotStart("a restore broke off before it was in place: say it again")
                self._initialise()
            self._url = self._found_or_launched()
        return self._url

    def _mine_answers(self) -> bool:
        """Whether the one started here still serves. Its process alone tells nothing: one that was just killed counts
        as running until the system has cleared it away, and its own clients may have noticed long before."""
        if not (self._mine and self._url and self._mine.poll() is None):
            return False
        try:
            self._await(self._url)
        except StandsStill:
            return False
        except DidNotStart:
            if self._mine.poll() is None:
                raise
            return False
        return True

    def _found_or_launched(self) -> str:
        try:
            return self._in_use_or_launched()
        except StandsStill:
            log.warning("PostgreSQL stood still while it read its log, and is started anew")
        if pid := self.pid:
            end_at_once(pid, STOP_WITHIN)
        if self._mine:
            self._mine.wait(STOP_WITHIN)
        return self._in_use_or_launched()

    def _in_use_or_launched(self) -> str:
        until = time.monotonic() + START_WITHIN
        while True:
            try:
                return self._await(self._conninfo(self._running() or self._launch()))
            except StillInUse:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """A fast shutdown, if it was started here."""
        if self._mine is None:
            return
        if self._mine.poll() is None:
            self._mine.send_signal(signal.SIGINT)
            try:
                self._mine.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._mine.send_signal(signal.SIGQUIT)
                self._mine.wait(STOP_WITHIN)
        self._mine = None

    def stop_whoever_started(self) -> None:
        """Also one that an earlier, killed process had started."""
        if self._mine is None and self._running() and (pid := self.pid):
            os.kill(pid, signal.SIGINT)
            until = time.monotonic() + STOP_WITHIN
            while self._running() and time.monotonic() < until:
                time.sleep(0.05)
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def runs(self) -> bool:
        return self._running() is not None

    @property
    def url(self) -> str:
        if not (port := self._running()):
            raise DidNotStart("it does not run")
        return self._conninfo(port)

    @property
    def pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines else None

    def _conninfo(self, port: int) -> str:
        password = self._place.password.read_text()
        return make_conninfo(host="127.0.0.1", port=port, user="tiaojie", password=password, dbname="postgres")

    def _initialise(self) -> None:
        """Into a folder beside it, which is then renamed: half a cluster is never taken for a whole one."""
        if not (self._place.password.exists() and self._place.password.read_text()):
            self._place.write_private(self._place.password, secrets.token_urlsafe(24))
        draft = self._place.data.with_name("data.new")
        self._place.clear(draft)
        locale = ["--locale=C"]
        if self._version >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        self._run(
            "initdb",
            f"--pgdata={draft}",
            "--username=tiaojie",
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            "--data-checksums",
            f"--pwfile={self._place.password}",
            *locale,
        )
        self._place.put_aside(self._place.data)
        draft.rename(self._place.data)

    def _run(self, program: str, *options: str) -> None:
        done = subprocess.run(
            [self._place.programs / program, *options], **self._place.drop(), cwd=self._place.root, capture_output=True
        )
        if done.returncode:
            raise DidNotStart(done.stderr.decode(errors="replace")[-2000:])

    def _running(self) -> int | None:
        """The port of the server that runs on this folder. A pid file left by a killed one does not count."""
        lines = self._pid_file()
        if len(lines) < 4 or not is_postgres(int(lines[0]), self._place.data):
            return None
        return int(lines[3])

    def _forget_the_dead(self) -> None:
        """A killed server whom nobody has buried counts as running for PostgreSQL, for ever where no init does so. That
        its memory is out of use is still asked for, by the folder itself."""
        lines = self._pid_file()
        if lines and is_dead(int(lines[0])):
            (self._place.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        try:
            return (self._place.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _launch(self) -> int:
        self._forget_the_dead()
        port = _free_port(self._place.last_port())
        self._place.remember_port(port)
        settings = SETTINGS | (archiving(self._archive) if self._archive else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._place.log.open("ab") as log:
            self._log_from = log.tell()
            self._mine = subprocess.Popen(
                [self._place.programs / "postgres", "-D", self._place.data, "-p", str(port), *options],
                **self._place.drop(),
                cwd=self._place.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return port

    def _await(self, url: str) -> str:
        until = told = time.monotonic() + START_WITHIN
        watch = RecoveryWatch()
        while time.monotonic() < until and not self._given_up():
            try:
                psycopg.connect(url, connect_timeout=3).close()
                return url
            except psycopg.OperationalError as fault:
                if self._mine and self._mine.poll() is not None:
                    break
                if any(one in str(fault) for one in RECOVERS):
                    until = time.monotonic() + START_WITHIN
                    if watch.stands_still(self.pid):
                        raise StandsStill(f"see {self._place.log.name}: it recovers, and does not get on") from None
                if time.monotonic() > told:
                    log.warning("PostgreSQL still reads its log after a crash, and is waited for")
                    told = time.monotonic() + START_WITHIN
                time.sleep(0.05)
        said = self._place.log.read_bytes()[self._log_from :].decode(errors="replace")
        kind = StillInUse if any(one in said for one in PASSING) else DidNotStart
        raise kind(f"see {self._place.log.name}: {said[-1000:]}")


def _free_port(wished: int | None) -> int:
    """The port of last time where it is free, so that bookmarks and other processes find it again. A new one lies below
    those that the system gives to outgoing connections: one of them could have it when the server comes up again."""
    for port in (*([wished] if wished else ()), *sample(NEVER_OUTGOING, 8), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DidNotStart("no free port")
