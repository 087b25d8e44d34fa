"""Many writers whose sessions are killed, and followers meanwhile: what is delivered is always a whole beginning."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from threading import Event, Thread
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest

from application.ports import Receipt, StoreAway, VersionMismatch
from infrastructure.ledger.bulk import Appended
from infrastructure.ledger.schema import prepare
from infrastructure.postgres.pool import Readers
from infrastructure.projection.projector import Projector
from tests.effort import times
from tests.faults.writers import Attempt, Writers
from tests.ledger.samples import Coded
from tests.patience import PATIENCE

THREADS = 5
SECONDS = times(test=4, soak=60)
Delivered = list[tuple[int, UUID]]


class Followed:
    """A read model that notes what it was given."""

    name: ClassVar = "followed"
    contexts: ClassVar[tuple[str, ...]] = ()
    by_stream: ClassVar = False
    schema: ClassVar = "CREATE TABLE followed (at bigint PRIMARY KEY, event uuid NOT NULL)"

    def apply(self, page: Any, to: Any) -> None:
        to.executemany("INSERT INTO followed VALUES (%s, %s)", [(one.position, one.id) for one in page])


class Followers:
    """The feed as another process reads it; a read model that a projector fills, and whoever reads that."""

    def __init__(self, ledger: Any, pool: Readers, url: str) -> None:
        self.ledger, self.pool = ledger, pool
        self.projectors = [Projector(ledger, pool, [Followed()], url) for _ in range(2)]
        self.stop, self.faults = Event(), list[BaseException]()
        self.read: Delivered = []
        self.shown: list[Delivered] = []
        self.threads = [Thread(target=self._guarded, args=[one]) for one in (self._read_on, self._look)]
        self.threads += [Thread(target=one.run, args=[self.stop]) for one in self.projectors]

    def _guarded(self, follow: Any) -> None:
        try:
            while not self.stop.is_set():
                try:
                    follow()
                except StoreAway:
                    time.sleep(0.01)
        except BaseException as fault:
            self.faults.append(fault)

    def _read_on(self) -> None:
        self.read += [(one.position, one.id) for one in self.ledger.feed(len(self.read), 100)]

    def _look(self) -> None:
        with self.pool.connection() as connection:
            self.shown.append(connection.execute("SELECT at, event FROM followed ORDER BY at").fetchall())
        time.sleep(0.2)

    def __enter__(self) -> Followers:
        self.projectors[0].prepare()
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *of: object) -> None:
        self.stop.set()
        for one in self.threads:
            one.join(PATIENCE)
        assert not any(one.is_alive() for one in self.threads)


@pytest.fixture
def url(make_database) -> str:
    return make_database()


@pytest.fixture
def followers(make_ledger, url) -> Iterator[Followers]:
    ledger = make_ledger(url)
    with Readers(url, restricted=prepare(url)) as pool, Followers(ledger, pool, url) as made:
        yield made


def enough(made: Sequence[Attempt], followers: Followers) -> bool:
    """Of each kind, so that there is something to judge; how long that takes is the machine's affair."""
    if len({len(one) for one in list(followers.shown)}) <= 5:
        return False
    recorded = [one for one in list(made) if isinstance(one.outcome, Receipt)]
    kinds = {type(one.outcome) for one in list(made)}
    several = sum(len(one.answers) > 2 for one in list(made))
    return (
        kinds >= {Receipt, Appended, VersionMismatch} and several > 20 and sum(bool(one.gate) for one in recorded) > 80
    )


def kill_sessions(url: str, chance: Random, made: Sequence[Attempt], followers: Followers) -> int:
    """Those that are at work at that moment, until enough has been tried."""
    killed, began = 0, time.monotonic()
    query = (
        "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND datname = current_database() AND state <> 'idle' ORDER BY random() LIMIT 2) AS busy"
    )
    with psycopg.connect(url, autocommit=True) as admin:
        while (passed := time.monotonic() - began) < SECONDS or (
            passed < PATIENCE and not (killed > 50 and enough(made, followers))
        ):
            time.sleep(chance.random() * 0.1)
            killed += admin.execute(query).fetchall()[0][0]
    return killed


def test_every_delivered_set_is_a_whole_beginning_and_every_acknowledged_work_is_there_once(
    make_ledger, url, followers, chance
):
    writers = Writers([make_ledger(url), make_ledger(url)], chance)
    kinds = [*[writers.by_thread] * THREADS, writers.by_turns, writers.in_bulk, writers.again_and_again]
    threads = [Thread(target=one, args=[chance.random()]) for one in kinds]
    for one in threads:
        one.start()

    killed = kill_sessions(url, chance, writers.made, followers)
    writers.stop.set()
    for one in threads:
        one.join(PATIENCE)

    assert not any(one.is_alive() for one in threads)
    assert writers.faults == []
    assert killed > 50
    settle(writers, followers)
    judge_delivered(followers)
    judge_works(writers.made, followers.ledger)


def settle(writers: Writers, followers: Followers) -> None:
    """What is unknown is asked once more under its key; a bulk page has none and is looked up."""
    before = written(followers.ledger.feed(0, 1_000_000))
    unknown = [one for one in writers.made if one.outcome is None]
    keyed = [one for one in unknown if one.asked.idempotency and one.asked.idempotency.digest != b"digest"]
    assert unknown
    for one in keyed:
        receipt = one.carry_out()
        assert receipt.replayed is (before[one.what] > 0)
        one.outcome = receipt
    for one in unknown:
        assert before[one.what] in (0, len(one.streams)), "all of it, or nothing"


def written(entries: Sequence[Any]) -> Counter[str]:
    """How often each piece of work stands in the ledger."""
    return Counter(getattr(one.event, "what", "").partition(" ")[0] for one in entries)


def judge_delivered(followers: Followers) -> None:
    head, until = followers.ledger.head(), time.monotonic() + PATIENCE
    while (len(followers.read) < head or len(followers.shown[-1]) < head) and time.monotonic() < until:
        time.sleep(0.05)
    followers.stop.set()
    assert followers.faults == []
    entries = followers.ledger.feed(0, 1_000_000)
    whole = [(one.position, one.id) for one in entries]
    assert [position for position, _ in whole] == list(range(1, head + 1))
    assert followers.read == whole
    assert len({len(one) for one in followers.shown}) > 5
    assert all(one == whole[: len(one)] for one in followers.shown)
    assert followers.shown[-1] == whole
    assert [one.recorded_at for one in entries] == sorted(one.recorded_at for one in entries)


def judge_works(made: list[Attempt], ledger: Any) -> None:
    entries = ledger.feed(0, 1_000_000)
    found = written(entries)
    by_position = {one.position: one for one in entries}
    for one in made:
        if isinstance(one.outcome, Receipt | Appended):
            assert found[one.what] == len(one.streams)
        if isinstance(one.outcome, VersionMismatch):
            assert found[one.what] == 0
        assert sum(not answer.replayed for answer in one.answers) <= 1
        assert len({answer.but(replayed=False) for answer in one.answers}) <= 1
        if isinstance(one.outcome, Receipt):
            entry = by_position[one.outcome.position]
            assert one.outcome.numbers == (
                (entry.event.code,) if one.numbered and len(one.streams) == 1 else one.outcome.numbers
            )
    versions = dict[UUID, int]()
    for entry in entries:
        versions[entry.stream] = versions.get(entry.stream, 0) + 1
        assert entry.version == versions[entry.stream]
        if remembered := getattr(entry.event, "what", "").split()[1:]:
            assert versions[UUID(remembered[0])] == int(remembered[1]), "decided by what was over"
    given = [int(one.event.code.split()[1]) for one in entries if isinstance(one.event, Coded)]
    assert given == list(range(1, len(given) + 1))
    assert {type(one.outcome) for one in made} >= {Receipt, Appended, VersionMismatch}
    assert sum(len(getattr(one.event, "what", "").split()) > 1 for one in entries) > 50
    assert sum(len(one.answers) > 2 for one in made) > 20
