"""PostgreSQL goes away, in the middle of a command too: 503, the same key later, and never a wrong answer."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from infrastructure.postgres.embedded import EmbeddedPostgres
from tests.api.conftest import BOTH, County, open_county
from tests.patience import PATIENCE


@pytest.fixture(scope="module")
def server_of_its_own(processes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("away"))
    yield embedded
    embedded.stop()
    embedded.place.remove()


@pytest.fixture(scope="module")
def county(server_of_its_own: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    state: Path = tmp_path_factory.mktemp("state")
    with open_county(server_of_its_own.start(), state) as made:
        yield made


def register(county: County, key: str, facts: str = "库不在时登记"):
    place = str(county.area("990101101201"))
    return lambda: county.as_("li.ming").post(
        "/api/cases/register-case", {"Idempotency-Key": key}, place=place, facts=facts, parties=BOTH
    )


def test_while_the_database_is_away_the_answer_is_503_and_later_the_same_key_records_once(county, server_of_its_own):
    county.as_("li.ming")
    send, before = register(county, uuid4().hex), county.events()
    server_of_its_own.stop()

    for path in ("/api/cases", "/api/figures", "/api/me", "/health/ready"):
        assert county.as_("li.ming").get(path).status_code == 503
    refused = send()
    told = county.http.post("/api/session", json={"login": "li.ming", "password": "correct horse battery"})

    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (503, "store-away", "1")
    assert told.status_code == 503
    server_of_its_own.start()
    first, again = eventually(send), send()
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert county.events() == before + 3


def eventually(send):
    until = time.monotonic() + PATIENCE
    while (answer := send()).status_code == 503 and time.monotonic() < until:
        time.sleep(0.2)
    assert answer.status_code in (200, 201), answer.text
    return answer


def test_sessions_ended_by_force_lose_nothing_that_was_acknowledged(county, server_of_its_own):
    url, stop, acknowledged, unknown, killed = server_of_its_own.start(), threading.Event(), [], [], []

    def kill() -> None:
        """Whoever is in the middle of something."""
        with psycopg.connect(url, autocommit=True) as admin:
            while not stop.wait(0.005):
                query = (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database() AND state <> 'idle'"
                )
                killed.extend(admin.execute(query).fetchall())

    killer = threading.Thread(target=kill)
    killer.start()
    sends = []
    while len(sends) < 60 or (len(killed) < 8 and len(sends) < 2_000):
        number = len(sends)
        send = eventually_built(lambda number=number: register(county, f"kill-{number}", f"断线之{number}"))
        sends.append(send)
        answer = send()
        (acknowledged if answer.status_code == 201 else unknown).append((number, answer))
    stop.set()
    killer.join()

    assert len(killed) >= 5
    assert {answer.status_code for _, answer in unknown} <= {503}
    resolved = {number: eventually(send).json()["id"] for number, send in enumerate(sends)}
    assert len(set(resolved.values())) == len(sends)
    for number, answer in acknowledged:
        assert resolved[number] == answer.json()["id"]
    stories = [
        entry.event.facts.text
        for entry in county.parts.ledger.feed(0, 10_000)
        if entry.event.name == "case.registered" and entry.event.facts.text.startswith("断线之")
    ]
    assert sorted(stories) == sorted(f"断线之{number}" for number in range(len(sends)))


def eventually_built(build):
    """Looking up the place may itself meet a broken connection."""
    for _ in range(round(PATIENCE / 0.05)):
        try:
            return build()
        except Exception:
            time.sleep(0.05)
    return build()


def test_after_a_crash_of_the_database_the_board_is_as_it_was(county, server_of_its_own):
    case = county.as_("li.ming").register(facts="崩溃之前登记的")
    county.parts.projector.catch_up()
    listed = county.as_("auditor").get("/api/cases", count=True).json()["count"]
    os.kill(server_of_its_own.pid or 0, signal.SIGQUIT)
    server_of_its_own.stop()
    server_of_its_own.start()

    first = county.as_("auditor").get("/api/cases", count=True)
    while first.status_code == 503 and first.json()["code"] == "store-away":
        first = county.as_("auditor").get("/api/cases", count=True)
    assert (first.status_code, first.json()["count"]) == (200, listed)
    assert county.as_("li.ming").get(f"/api/cases/{case.id}").status_code == 200
