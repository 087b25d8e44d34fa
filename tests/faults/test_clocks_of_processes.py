"""Two application processes whose clocks are an hour apart, on one ledger."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any
from uuid import UUID

import httpx2
import pytest

from application.streams import CASES
from domain.case.clocks import ClockRanOut
from domain.shared.decider import Entry
from tests.api.conftest import Case, County, open_county
from tests.faults.client import Client, Sent
from tests.faults.service import ROOT, free_port
from tests.faults.test_kills import marks
from tests.patience import eventually

HOUR = timedelta(hours=1)
LONG_AGO = timedelta(days=60)
OVERDUE, LEAST = 30, 60
OF_AN_HOUR_AHEAD = "before-what-it-builds-on"
"""The server that is behind refuses by name what builds on something that the other has just recorded: for its clock,
that has not happened yet. The client asks again, and the other one takes it."""


@dataclass
class Apart:
    """Two processes, of which one has the right time and the other is an hour ahead. Each answers requests and keeps
    the clocks of the law."""

    url: str
    state: Path
    place: str
    ports: list[int]

    @contextmanager
    def running(self) -> Iterator[None]:
        with ExitStack() as stack:
            for port, ahead in zip(self.ports, (timedelta(0), HOUR), strict=True):
                stack.enter_context(self._begun(port, ahead))
            eventually(lambda: all(map(answers, self.ports)))
            yield

    @contextmanager
    def _begun(self, port: int, ahead: timedelta) -> Iterator[None]:
        command = [sys.executable, "-m", "tests.faults.ahead", str(ahead.total_seconds())]
        where = {"DATABASE_URL": self.url, "TIAOJIE_STATE": str(self.state), "TIAOJIE_PORT": str(port)}
        with subprocess.Popen(command, env=os.environ | where, cwd=ROOT) as process:
            try:
                yield
            finally:
                process.kill()


def answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/health/ready", timeout=60, verify=False).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def apart(make_database, tmp_path) -> Apart:
    url = make_database()
    with open_county(url, tmp_path, datetime.now(UTC) - LONG_AGO) as county:
        place = str(county.area("990101101201"))
    return Apart(url, tmp_path, place, [free_port(), free_port()])


def accepted(one: Case) -> bool:
    """A worker may have acted on it since it was registered: it is that late."""
    told = one.attempt("accept-case")
    return told.status_code == 200 or one.attempt("accept-case", told.json()["actual"]).status_code == 200


def accepted_long_ago(apart: Apart) -> list[UUID]:
    """Both processes find what has to be done at the same time."""
    with open_county(apart.url, apart.state, datetime.now(UTC) - LONG_AGO) as county:
        desk = county.as_("li.ming")
        cases = [desk.register() for _ in range(OVERDUE)]
        assert all(map(accepted, cases))
        return [UUID(one.id) for one in cases]


@contextmanager
def opened(apart: Apart) -> Iterator[County]:
    with open_county(apart.url, apart.state, datetime.now(UTC)) as county:
        yield county


def test_two_processes_an_hour_apart_keep_one_order_and_act_once(apart, chance):
    stop = Event()
    clients = [Client(number, Random(chance.random()), apart.ports, apart.place, stop) for number in range(4)]
    threads = [Thread(target=one.run) for one in clients]
    with apart.running(), opened(apart) as county:
        for one in threads:
            one.start()
        try:
            overdue = accepted_long_ago(apart)
            eventually(lambda: sum(map(receipts, clients)) > LEAST and all_acted(county, overdue))
        finally:
            stop.set()
            for one in threads:
                one.join(30)
        entries = county.parts.ledger.feed(0, 1_000_000)

    refused = [told for one in clients for told in one.wrong]
    assert all(OF_AN_HOUR_AHEAD in told for told in refused)
    assert_each_is_there_once(entries, [one for client in clients for one in client.sent])
    assert [one.position for one in entries] == list(range(1, len(entries) + 1))
    times = [one.recorded_at for one in entries]
    assert times == sorted(times)
    lately = [one.occurred_at - datetime.now(UTC) for one in entries if one.occurred_at > datetime.now(UTC) - HOUR / 2]
    assert min(lately) < timedelta(0) < HOUR / 2 < max(lately), "both have decided"
    for id in overdue:
        assert set(Counter(acted(entries, id)).values()) == {1}


def assert_each_is_there_once(entries: Sequence[Entry[Any]], sent: Sequence[Sent]) -> None:
    found = marks(entries)
    assert all(found[one.mark] == 1 for one in sent if one.receipt)
    assert all(found[one.mark] <= 1 for one in sent)


def receipts(client: Client) -> int:
    return sum(one.receipt is not None for one in list(client.sent))


def acted(entries: Any, id: UUID) -> list[str]:
    return [one.event.clock for one in entries if one.stream == id and isinstance(one.event, ClockRanOut)]


def all_acted(county: County, overdue: Sequence[UUID]) -> bool:
    return all(acted(county.parts.ledger.history(CASES, id).entries, id) for id in overdue)
