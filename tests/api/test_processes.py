"""Several server processes on one port: as one to whoever asks, and the rest goes on when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.conftest import BOTH, PASSWORD, open_county
from tests.faults.service import ROOT, free_port
from tests.patience import PATIENCE, eventually

PROCESSES = 3
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes by what /proc tells")


@dataclass
class Served:
    port: int
    leader: subprocess.Popen[bytes]
    place: str
    token: str = ""

    def ask(self, method: str, path: str, key: str = "", **content: Any) -> httpx2.Response:
        """On a connection of its own: whichever process takes it."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        return httpx2.request(method, address, json=content or None, headers=headers, timeout=PATIENCE, verify=False)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/health/live").status_code == 200
        except httpx2.TransportError:
            return False

    def register(self, key: str) -> httpx2.Response:
        content = {"place": self.place, "parties": BOTH, "facts": "水沟"}
        return self.ask("POST", "/api/cases/register-case", key, **content)

    @property
    def processes(self) -> list[int]:
        """Those that listen, the leader left out: children of its own that serve."""
        return [pid for pid in children(self.leader.pid) if "spawn_main" in told(pid)]


def told(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    return [int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]


@pytest.fixture(scope="module")
def served(make_database, tmp_path_factory) -> Iterator[Served]:
    url, state, port = make_database(), tmp_path_factory.mktemp("served"), free_port()
    with open_county(url, state, datetime.now(UTC)) as county:
        place = str(county.area("990101101201"))
    told = {"DATABASE_URL": url, "TIAOJIE_STATE": str(state), "TIAOJIE_PORT": str(port)}
    environment = os.environ | told | {"TIAOJIE_PROCESSES": str(PROCESSES)}
    leader = subprocess.Popen([sys.executable, "-m", "api.cli.main", "serve"], env=environment, cwd=ROOT)
    try:
        made = Served(port, leader, place)
        eventually(made.answers)
        eventually(lambda: len(made.processes) == PROCESSES)
        made.token = made.ask("POST", "/api/session", login="li.ming", password=PASSWORD).json()["token"]
        yield made
    finally:
        leader.terminate()
        leader.wait(PATIENCE)


def test_the_same_key_sent_to_all_of_them_at_once_is_recorded_once(served):
    keys = [uuid4().hex for _ in range(5)] * 6
    with ThreadPoolExecutor(len(keys)) as pool:
        answers = list(pool.map(served.register, keys))

    done = [one for one in answers if one.status_code != 409]
    assert {one.status_code for one in done} <= {200, 201}
    assert {one.json()["code"] for one in answers if one.status_code == 409} <= {"in-flight"}
    assert len({one.json()["id"] for one in done}) == 5
    assert len({tuple(one.json()["numbers"]) for one in done}) == 5


def test_what_one_has_recorded_the_others_show_and_count(served):
    ids = [served.register(uuid4().hex).json()["id"] for _ in range(12)]

    for id in ids:
        assert served.ask("GET", f"/api/cases/{id}").json()["version"] > 0
    counts = {counted(served) for _ in range(6)}
    assert len(counts) == 1
    assert counts.pop() >= 12


def counted(served: Served) -> float:
    lines = served.ask("GET", "/metrics").text.splitlines()
    return next(float(one.split()[1]) for one in lines if one.startswith("tiaojie_append_duration_seconds_count"))


def test_when_one_is_killed_the_others_answer_and_another_takes_its_place(served):
    before = served.processes
    os.kill(before[0], signal.SIGKILL)

    eventually(lambda: registered(served))
    eventually(lambda: len(served.processes) == PROCESSES and before[0] not in served.processes)


def registered(served: Served) -> bool:
    """A connection that the killed one had taken breaks: whoever asked asks again under the same key."""
    try:
        return served.register(uuid4().hex).status_code == 201
    except httpx2.TransportError:
        return False


def test_when_the_leader_is_killed_none_of_them_is_left(served):
    left = served.processes
    served.leader.kill()
    served.leader.wait()

    eventually(lambda: not any("spawn_main" in told(pid) for pid in left))
