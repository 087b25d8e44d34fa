"""kill -9, again and again under load: whatever was acknowledged is there once, whatever was not is there once or not.

The machine itself is not killed: what PostgreSQL has synced is taken to be on the disk."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from random import Random
from threading import Event, Thread
from typing import Any, Self

import httpx2
import pytest

from domain.case.opening.acceptance import CaseAccepted
from domain.shared.decider import Entry, Numbered
from domain.shared.values import Narrative
from infrastructure.postgres.pool import Readers
from tests.api.conftest import open_county
from tests.effort import times
from tests.faults.client import Client, Sent
from tests.faults.service import Service, keeping, running
from tests.ledger.feeds import Tables
from tests.patience import PATIENCE, eventually

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills by what /proc tells"),
    pytest.mark.usefixtures("processes"),
]

CLIENTS = 8
ROUNDS = times(test=1, soak=28)
KILLS = {"serve": 2 * ROUNDS, "work": 2 * ROUNDS, "session": 4 * ROUNDS, "postgres": 2 * ROUNDS}


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("kills")) as made:
        yield made


def receipts(clients: Sequence[Client]) -> int:
    return sum(one.receipt is not None for client in clients for one in list(client.sent))


def killed(service: Service, clients: Sequence[Client], chance: Random) -> Counter[str]:
    """Two at a time, while commands come through: the second may meet what the first has left."""
    plan = [name for name, count in KILLS.items() for _ in range(count)]
    chance.shuffle(plan)
    done = Counter[str]()
    for first, second in zip(plan[::2], plan[1::2], strict=True):
        before = receipts(clients)
        eventually(lambda before=before: receipts(clients) > before + 3)
        for name in (first, second):
            time.sleep(chance.random() * 0.3)
            part = f"serve {chance.choice(service.ports)}" if name == "serve" else name
            eventually(lambda part=part: service.kill(part))
            done[name] += 1
    return done


class Witness:
    """Fetches what is signed, from any server, while all of it is killed again and again."""

    def __init__(self, ports: Sequence[int], chance: Random) -> None:
        self.ports, self.chance = ports, chance
        self.stop, self.signed = Event(), list[tuple[int, str]]()
        self.thread = Thread(target=self._watch)

    def _watch(self) -> None:
        while not self.stop.wait(0.2):
            with suppress(httpx2.TransportError):
                told = httpx2.get(
                    f"http://127.0.0.1:{self.chance.choice(self.ports)}/api/log/checkpoint", timeout=60, verify=False
                )
                if told.status_code == 200:
                    _, size, root, *_ = told.text.splitlines()
                    self.signed.append((int(size), root))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *of: object) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)

    def judge(self) -> None:
        """The log only grew, and of each size there was one root. How many are seen depends on how long
        workers live: each seals two seconds after it has begun."""
        sizes = [size for size, _ in self.signed]
        assert sizes == sorted(sizes)
        assert len(set(sizes)) == len(set(self.signed))


@contextmanager
def at_work(service: Service, count: int, chance: Random) -> Iterator[list[Client]]:
    """Clients that record all the while. At the end each has found out what became of all that it sent."""
    with open_county(service.url, service.state, datetime.now(UTC)) as county:
        place = str(county.area("990101101201"))
    stop = Event()
    clients = [Client(number, Random(chance.random()), service.ports, place, stop) for number in range(count)]
    threads = [Thread(target=one.run) for one in clients]
    for one in threads:
        one.start()
    try:
        yield clients
    finally:
        stop.set()
        for one in threads:
            one.join(PATIENCE)
    eventually(service.ready)
    assert [one.wrong for one in clients] == [[]] * count
    before = marks(recorded(service))
    unknown = [(client, one) for client in clients for one in client.sent if one.receipt is None]
    assert all(client.resolve(one) is (before[one.mark] == 1) for client, one in unknown)


def test_of_whatever_was_acknowledged_nothing_is_lost_by_any_kill(service, chance):
    witness = Witness(service.ports, Random(chance.random()))
    with keeping(service), witness:
        with at_work(service, CLIENTS, chance) as clients:
            done = killed(service, clients, chance)
        eventually(service.ready)
        head = len(recorded(service))
        eventually(lambda: witness.signed and witness.signed[-1][0] == head)
    service.end()

    assert done == KILLS
    witness.judge()
    sent = [one for client in clients for one in client.sent]
    judge(service, sent)
    assert_read_models_are_those_of_a_rebuild(service)
    for verb in ("check", "verify"):
        told = service.command(verb)
        assert told.returncode == 0, told.stdout + told.stderr


def recorded(service: Service) -> Sequence[Entry[Any]]:
    with open_county(service.url, service.state, datetime.now(UTC)) as county:
        return county.parts.ledger.feed(0, 1_000_000)


def marks(entries: Sequence[Entry[Any]]) -> Counter[str]:
    """How often each command of a client stands in the ledger: by its sentence, or by what it did to which case."""
    found = Counter[str]()
    for one in entries:
        told = getattr(one.event, "facts", None) or getattr(one.event, "note", None)
        if isinstance(told, Narrative):
            found[told.text] += 1
        if isinstance(one.event, CaseAccepted):
            found[f"/api/cases/{one.stream}/accept-case"] += 1
    return found


def judge(service: Service, sent: Sequence[Sent]) -> None:
    entries = recorded(service)
    at = {one.position: one for one in entries}
    assert [one.position for one in entries] == list(range(1, len(entries) + 1))
    assert [one.recorded_at for one in entries] == sorted(one.recorded_at for one in entries)
    assert marks(entries) == Counter(one.mark for one in sent)
    for one in sent:
        assert one.receipt
        entry = at[one.receipt["position"]]
        assert (str(entry.stream), entry.version) == (one.receipt["id"], one.receipt["version"])
    versions, serials = defaultdict(list), defaultdict(list)
    for entry in entries:
        versions[entry.stream].append(entry.version)
        if isinstance(entry.event, Numbered):
            serials[entry.event.series()].append(serial(entry.event.given))
    assert all(one == list(range(1, len(one) + 1)) for one in (*versions.values(), *serials.values()))


def serial(code: str) -> int:
    return int(re.findall(r"\d+", code)[-1])


def assert_read_models_are_those_of_a_rebuild(service: Service) -> None:
    with open_county(service.url, service.state, datetime.now(UTC)) as county:
        projector = county.parts.projector
        projector.catch_up()
        assert projector.parked() == []
        with Readers(service.url, restricted=True) as pool:
            tables = Tables(county.parts.ledger, service.url, pool)
            before = tables.contents()
            projector.rebuild()
            assert tables.contents() == before
