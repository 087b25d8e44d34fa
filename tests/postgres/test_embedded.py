"""The embedded PostgreSQL comes up wherever it is asked for, keeps what it was given, and lets nobody else in."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import stat
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from infrastructure.postgres.processes import STILL_FOR
from tests.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("processes")

MakeServer = Callable[..., EmbeddedPostgres]

only_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[MakeServer]:
    made: list[EmbeddedPostgres] = []

    def make(state: Path = tmp_path / "state") -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(state))
        return made[-1]

    yield make
    for one in made:
        one.stop_whoever_started()
        one.place.remove()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("running"))
    embedded.start()
    yield embedded
    embedded.stop()
    embedded.place.remove()


def ask(url: str, query: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchone()[0]


def keep(url: str, value: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (value integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kill(server: EmbeddedPostgres) -> None:
    """The one process that the others depend on, and nothing tidied up."""
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    assert server._mine
    server._mine.wait(PATIENCE)
    assert (server.place.data / "postmaster.pid").exists()


@only_linux
@only_root
def test_for_root_it_runs_as_a_user_without_rights_also_below_a_closed_folder(make_server, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    server = make_server(closed / "state")
    url = server.start()

    assert ask(url, "SELECT 1") == 1
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert stat.S_IMODE(server.place.root.stat().st_mode) == 0o700


@only_root
def test_an_ordinary_user_has_it_below_a_folder_of_any_name():
    with tempfile.TemporaryDirectory(prefix="tiaojie-") as folder:
        os.chmod(folder, 0o755)
        state = Path(folder) / "县 调解 state, 'quoted'"
        state.mkdir()
        shutil.chown(state, "nobody")

        as_nobody(lambda: start_twice(state))

        assert (state / "postgres" / "data" / "PG_VERSION").stat().st_uid == pwd.getpwnam("nobody").pw_uid


def start_twice(state: Path) -> None:
    with EmbeddedPostgres(state) as server:
        keep(server.url, 42)
        assert EmbeddedPostgres(state).start() == server.url
    with EmbeddedPostgres(state) as server:
        assert ask(server.url, "SELECT value FROM kept") == 42


def as_nobody(work: Callable[[], None]) -> None:
    """In a fork: this Python may lie where nobody else may start it."""

    def child() -> None:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        work()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: this one soon ends
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
    process.join(120)
    assert process.exitcode == 0


def test_of_many_that_start_at_once_one_is_started_and_found_by_the_others(make_server):
    several = [make_server() for _ in range(5)]

    with ThreadPoolExecutor(5) as threads:
        urls = list(threads.map(lambda one: one.start(), several))

    assert len(set(urls)) == 1
    assert len([one for one in several if one._mine]) == 1


def test_a_second_start_finds_the_one_that_runs_and_does_not_stop_it(make_server):
    server, other = make_server(), make_server()
    url = server.start()

    found = other.start()
    other.stop()

    assert found == url
    assert ask(url, "SELECT 1") == 1


def test_whoever_started_it_may_be_gone_and_it_is_stopped_all_the_same(make_server):
    make_server().start()
    other = make_server()

    other.stop_whoever_started()

    with pytest.raises(DidNotStart):
        _ = other.url


def test_a_killed_server_is_not_believed_to_run_and_lost_nothing(make_server):
    server = make_server()
    keep(server.start(), 42)
    kill(server)

    with pytest.raises(DidNotStart):
        _ = server.url
    again = make_server()

    assert ask(again.start(), "SELECT value FROM kept") == 42


def test_whoever_asks_at_the_moment_of_its_death_gets_one_that_serves(make_server):
    """A killed process counts as running for a moment; on a busy machine its clients are faster than that."""
    server = make_server()
    server.start()
    for _ in range(5):
        pid = server.pid
        os.kill(pid, signal.SIGKILL)

        with psycopg.connect(server.start()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert server.pid != pid


def test_it_comes_up_while_a_statement_of_the_killed_one_still_runs(make_server):
    server = make_server()
    url = server.start()
    keep(url, 42)
    busy = Thread(target=count_for_seconds, args=[url])
    busy.start()
    while not ask(url, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"):
        pass
    kill(server)

    url = server.start()

    busy.join(60)
    assert ask(url, "SELECT value FROM kept") == 42


@only_linux
def test_a_recovery_that_stands_still_is_begun_anew_and_one_that_gets_on_is_waited_for(make_server):
    server = make_server()
    url = server.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE many AS SELECT n, repeat('x', 100) FROM generate_series(1, 400000) AS n")
    kill(server)
    stopped: list[int] = []
    stopping = Thread(target=stop_the_startup_process, args=[server, stopped])
    stopping.start()

    began = time.monotonic()
    url = server.start()

    stopping.join(60)
    assert len(stopped) == 1
    assert time.monotonic() - began > STILL_FOR
    assert ask(url, "SELECT count(*) FROM many") == 400_000


def stop_the_startup_process(server: EmbeddedPostgres, stopped: list[int]) -> None:
    """At first sight: from then on nobody reads the log, and the server says that it recovers."""
    until = time.monotonic() + 60
    while not stopped and time.monotonic() < until:
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                parent = int((file.parent / "stat").read_text().rpartition(")")[2].split()[1])
                if file.read_bytes().startswith(b"postgres: startup") and parent == (server._mine and server._mine.pid):
                    os.kill(int(file.parent.name), signal.SIGSTOP)
                    stopped.append(parent)
                    return


def count_for_seconds(url: str) -> None:
    """Whether its answer still arrives is nobody's business."""
    with suppress(psycopg.Error), psycopg.connect(url) as connection:
        connection.execute("SELECT sum(sqrt(n)) FROM generate_series(1, 8000000) AS n, generate_series(1, 2)")


def test_a_beginning_that_was_cut_short_is_begun_anew(make_server):
    server = make_server()
    server.place.make()
    half = server.place.data.with_name("data.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    server.place.password.touch()
    (server.place.root / "port").touch()

    assert ask(server.start(), "SELECT 1") == 1


def test_a_number_of_a_process_that_belongs_to_another_is_not_taken_for_the_server(make_server):
    server = make_server()
    server.start()
    server.stop()
    (server.place.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.place.data}\n1\n1\n")

    assert ask(server.start(), "SELECT 1") == 1


def test_the_port_is_the_same_after_a_restart_and_another_where_it_is_taken(make_server):
    server = make_server()
    first = port_of(server.start())
    server.stop()
    second = port_of(server.start())
    server.stop()

    with closing(socket.create_server(("127.0.0.1", first))):
        third = port_of(server.start())

    assert first == second != third


def port_of(url: str) -> int:
    return int(str(conninfo_to_dict(url)["port"]))


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"password": ""}, {"user": "postgres"}])
def test_nobody_enters_without_the_password(running, change):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(make_conninfo(running.url, **change), passfile="/dev/null")


def test_the_password_is_for_nobody_elses_eyes(running):
    assert stat.S_IMODE(running.place.password.stat().st_mode) == 0o600
    assert len(running.place.password.read_text()) >= 32


@only_linux
def test_it_listens_on_loopback_and_nowhere_else(running):
    port = port_of(running.url)
    listening = [line.split()[1] for line in tcp() if line.split()[3] == "0A"]

    assert [address for address in listening if int(address.split(":")[1], 16) == port] == [f"0100007F:{port:04X}"]
    assert f".s.PGSQL.{port}" not in Path("/proc/net/unix").read_text()


def tcp() -> list[str]:
    files = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    return [line for file in files if file.exists() for line in file.read_text().splitlines()[1:]]


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"])
def test_what_was_committed_is_on_the_disk(running, setting):
    assert ask(running.url, f"SHOW {setting}") == "on"


def test_its_log_does_not_repeat_what_it_was_asked(running):
    with psycopg.connect(running.url) as connection, pytest.raises(psycopg.errors.InvalidTextRepresentation):
        connection.execute("SELECT %s::integer", ["欧阳明月"])

    assert "欧阳明月" not in running.place.log.read_text(errors="replace")
