"""`tiaojie run` on one machine: whatever of it is killed comes back, and when it ends, all of it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import httpx2
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from api.processes import supervisor
from api.processes.parts import WORK, Parts
from api.processes.supervisor import Watch
from api.settings import Settings
from infrastructure.beats import since_last_beat
from infrastructure.postgres import embedded
from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from tests.journeys.conftest import ROOT
from tests.patience import PATIENCE, eventually

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc"),
    pytest.mark.usefixtures("processes"),
]

SHEET = "code,name,parent_code,level\n99,示范省,,1\n9901,示范市,99,2\n990101,青溪县,9901,3\n"


@dataclass
class Machine:
    """One state folder, and whoever runs on it."""

    state: Path
    port: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {**kept, "TIAOJIE_STATE": str(self.state), "TIAOJIE_PORT": str(self.port)}

    @property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.state)

    def import_areas(self, sheet: str, database: str | None = None) -> None:
        file = self.state / "areas.csv"
        file.write_text(sheet, encoding="utf-8")
        environment = self.environment | ({"DATABASE_URL": database} if database else {})
        command = [sys.executable, "-m", "api.cli.main", "import", "areas", str(file)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)

    def run(self) -> subprocess.Popen[bytes]:
        with (self.state / "said").open("ab") as said:
            command = [sys.executable, "-m", "api.cli.main", "run"]
            run = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=said, stderr=said)
        self.started.append(run)
        return run

    def said(self) -> str:
        return (self.state / "said").read_text(encoding="utf-8")

    def ready(self) -> dict[str, int] | None:
        """How far each read model has come; None while it does not answer."""
        try:
            answer = httpx2.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=60, verify=False)
        except httpx2.TransportError:
            return None
        return {one["name"]: one["position"] for one in answer.json()["projections"]} if answer.is_success else None

    def part(self, run: subprocess.Popen[bytes], verb: str) -> int | None:
        found = [pid for pid in below(run.pid) if f"api.cli.main\0{verb}\0" in asked_for(pid)]
        return found[0] if found else None

    def events(self) -> int:
        with psycopg.connect(self.postgres.url) as connection:
            return int(connection.execute("SELECT position FROM feed_head").fetchall()[0][0])

    def listeners(self) -> int:
        with psycopg.connect(self.postgres.url) as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN stored_events'"
            return int(connection.execute(query).fetchall()[0][0])


def asked_for(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def below(pid: int) -> list[int]:
    """The processes that it started, and that they started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, last = [], [pid]
    while last:
        last = [one for one, parent in parents.items() if parent in last]
        found += last
    return found


def left(pids: list[int], state: Path) -> list[str]:
    """What still runs of these, or anything else on this folder."""
    with_name = [int(one.name) for one in Path("/proc").glob("[0-9]*") if str(state) in asked_for(int(one.name))]
    return [asked_for(pid) for pid in {*pids, *with_name} if asked_for(pid)]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Machine(tmp_path_factory.mktemp("state"), port)
    made.import_areas(SHEET)
    yield made
    for one in made.started:
        end(one)
    made.postgres.stop_whoever_started()
    made.postgres.place.remove()


@pytest.fixture
def run(machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    """The one before, where its test has left it at work."""
    alive = [one for one in machine.started if one.poll() is None]
    running = alive[0] if alive else machine.run()
    try:
        eventually(machine.ready)
        yield running
    finally:
        if not machine.ready():
            end(running)


@pytest.fixture
def idle(machine: Machine) -> Machine:
    for one in machine.started:
        end(one)
    return machine


def end(run: subprocess.Popen[bytes]) -> int:
    run.send_signal(signal.SIGINT) if run.poll() is None else None
    return run.wait(PATIENCE)


def test_ctrl_c_ends_all_of_it_and_the_next_run_finds_everything(machine, run):
    before, parts = machine.ready(), below(run.pid)
    assert before
    assert set(before.values()) == {machine.events()}

    assert end(run) == 0

    eventually(lambda: not left(parts, machine.postgres.place.data))
    with pytest.raises(DidNotStart):
        machine.events()
    again = machine.run()
    assert eventually(machine.ready) == before
    assert end(again) == 0
    assert "Traceback" not in machine.said()


def test_a_second_one_on_the_same_folder_is_refused_and_harms_nothing(machine, run):
    other = machine.run()

    assert other.wait(PATIENCE) != 0
    assert "已经有服务在运行" in machine.said()
    assert machine.ready()
    assert run.poll() is None


@pytest.mark.parametrize("verb", ["serve", "work"])
def test_a_part_that_is_killed_is_started_again(machine, run, verb):
    killed = eventually(lambda: machine.part(run, verb))
    eventually(lambda: machine.listeners() == 1)

    os.kill(killed, signal.SIGKILL)

    eventually(lambda: machine.part(run, verb) not in (None, killed))
    eventually(lambda: machine.ready() and machine.listeners() == 1)


def test_after_the_databases_death_it_answers_again_with_all_that_was_recorded(machine, run):
    more = f"{SHEET}99010110{1 + machine.events() % 9},河口镇,990101,4\n"
    machine.import_areas(more, machine.postgres.url)
    events, killed = machine.events(), machine.postgres.pid
    assert killed

    os.kill(killed, signal.SIGKILL)

    eventually(lambda: machine.postgres.pid != killed and set((machine.ready() or {}).values()) == {events})
    assert machine.events() == events
    assert run.poll() is None


def test_when_the_supervisor_is_killed_its_parts_end_and_the_next_run_has_the_same_address(machine, run):
    events = machine.events()
    parts = [eventually(lambda verb=verb: machine.part(run, verb)) for verb in ("serve", "work")]

    run.kill()
    run.wait(PATIENCE)
    again = machine.run()

    eventually(lambda: not any(map(asked_for, parts)))
    assert set(eventually(machine.ready).values()) == {events}
    every = below(again.pid)
    assert end(again) == 0
    eventually(lambda: not left(every, machine.postgres.place.data))


def up_again(machine: Machine, events: int) -> bool:
    return set((machine.ready() or {}).values()) == {events}


def test_a_database_that_is_killed_again_and_again_also_while_it_recovers_comes_back(machine, run):
    events = machine.events()
    for pause in (0.0, 0.3, 0.6, 0.9):
        killed = eventually(lambda: machine.postgres.pid)
        with suppress(ProcessLookupError):
            os.kill(killed, signal.SIGKILL)
        time.sleep(pause)

    eventually(lambda: up_again(machine, events))
    assert run.poll() is None


def test_a_database_that_an_earlier_run_started_comes_back_as_well(machine, run):
    events, adopted = machine.events(), machine.postgres.pid
    assert adopted
    run.kill()
    run.wait(PATIENCE)
    again = machine.run()
    eventually(lambda: up_again(machine, events))
    assert machine.postgres.pid == adopted

    os.kill(adopted, signal.SIGKILL)

    eventually(lambda: machine.postgres.pid not in (None, adopted) and up_again(machine, events))
    assert again.poll() is None
    assert end(again) == 0


def test_a_port_that_was_taken_meanwhile_is_left_and_server_and_worker_follow(machine, run):
    events, killed = machine.events(), machine.postgres.pid
    port = int(conninfo_to_dict(machine.postgres.url)["port"])
    assert killed
    run.send_signal(signal.SIGSTOP)
    os.kill(killed, signal.SIGKILL)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        eventually(lambda: bound(taken, port))
        taken.listen()
        run.send_signal(signal.SIGCONT)

        eventually(lambda: machine.postgres.runs and up_again(machine, events))
        assert int(conninfo_to_dict(machine.postgres.url)["port"]) != port
    assert run.poll() is None


def bound(taken: socket.socket, port: int) -> bool:
    with suppress(OSError):
        taken.bind(("127.0.0.1", port))
        return True
    return False


def test_a_recovery_that_takes_longer_than_a_start_is_waited_for(machine, run, monkeypatch):
    """The process that reads the log is held: nobody takes the server for dead, nor stops it in the midst of that."""
    events, place = machine.events(), machine.postgres.place.data
    run.send_signal(signal.SIGSTOP)
    killed = machine.postgres.pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    monkeypatch.setattr(embedded, "START_WITHIN", 1.0)
    server = EmbeddedPostgres(machine.state)
    starting = Thread(target=server.start)
    held: list[int] = []
    holding = Thread(target=hold_recovery, args=(place, 4.0, held))
    holding.start()
    starting.start()
    holding.join(PATIENCE)
    starting.join(PATIENCE)
    try:
        assert held, "the recovery was caught"
        assert server._mine
        assert server._mine.poll() is None
        assert machine.events() == events
    finally:
        server.stop()
        run.send_signal(signal.SIGCONT)
        eventually(lambda: up_again(machine, events))


def hold_recovery(data: Path, seconds: float, held: list[int]) -> None:
    until = time.monotonic() + 30
    while not held and time.monotonic() < until:
        for one in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if "startup" in asked_for(int(one.name)) and (one / "cwd").resolve() == data.resolve():
                    os.kill(int(one.name), signal.SIGSTOP)
                    held.append(int(one.name))
                    break
    time.sleep(seconds)
    for pid in held:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_started_the_database_itself_leaves_none_behind_when_it_is_told_to_end(idle):
    command = [sys.executable, "-m", "api.cli.main", "serve"]
    serving = subprocess.Popen(command, env=idle.environment, cwd=ROOT)
    eventually(idle.ready)

    serving.send_signal(signal.SIGTERM)

    assert serving.wait(PATIENCE) == 0
    assert not idle.postgres.runs


def test_a_folder_with_an_api_of_its_own_does_not_run_in_place_of_ours(idle, tmp_path):
    (tmp_path / "api" / "cli").mkdir(parents=True)
    for package in (tmp_path / "api", tmp_path / "api" / "cli"):
        (package / "__init__.py").write_text("")
    (tmp_path / "api" / "cli" / "main.py").write_text(f"open({str(tmp_path / 'hijacked')!r}, 'w')")
    program = Path(sys.executable).with_name("tiaojie")

    with (idle.state / "said").open("ab") as said:
        run = subprocess.Popen([program, "run"], env=idle.environment, cwd=tmp_path, stdout=said, stderr=said)
    idle.started.append(run)

    eventually(idle.ready)
    assert end(run) == 0
    assert not (tmp_path / "hijacked").exists()


def test_a_worker_that_lives_and_does_nothing_is_killed_and_started_again(idle, monkeypatch):
    monkeypatch.setattr(supervisor, "WATCH", 0.0)
    monkeypatch.setattr(supervisor, "HANGS_AFTER", 8.0)
    with EmbeddedPostgres(idle.state) as postgres:
        parts = Parts(Settings(state=idle.state), idle.port)
        watch = Watch(parts)
        try:
            parts.keep_up(postgres.url)
            held = parts.process(WORK)
            assert held
            eventually(lambda: since_last_beat(postgres.url, held) is not None)
            watch.look()
            assert parts.process(WORK) == held, "one that works is left alone"

            os.kill(held, signal.SIGSTOP)

            eventually(lambda: watch.look() or parts.process(WORK) is None)
            parts.keep_up(postgres.url)
            again = parts.process(WORK)
            assert again not in (None, held)
            eventually(lambda: since_last_beat(postgres.url, again) is not None)
        finally:
            parts.stop()
