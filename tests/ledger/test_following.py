"""A projector that runs: it hears of events, looks by itself where it does not, and is rebuilt meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
import pytest

from application.ports import StoreAway
from infrastructure.ledger import recorder
from infrastructure.ledger.schema import prepare
from infrastructure.postgres import pool as pooling
from infrastructure.postgres.pool import Readers
from infrastructure.projection import projector as projecting
from infrastructure.projection.projector import Projector
from tests.ledger.samples import Noted, record
from tests.patience import eventually

LONG = 60.0


class Noting:
    """A read model that can be held up before it writes."""

    name: ClassVar = "noting"
    contexts: ClassVar[tuple[str, ...]] = ()
    by_stream: ClassVar = False
    schema: ClassVar = "CREATE TABLE noting (position bigint PRIMARY KEY)"

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self.go_on.set()

    def apply(self, page: Any, to: Any) -> None:
        self.begun.set()
        assert self.go_on.wait(LONG)
        to.executemany("INSERT INTO noting VALUES (%s)", [(entry.position,) for entry in page])


@pytest.fixture
def url(make_database) -> str:
    return make_database()


@pytest.fixture
def ledger(make_ledger, url):
    return make_ledger(url)


@pytest.fixture
def noting() -> Noting:
    return Noting()


@pytest.fixture
def projector(ledger, url, noting) -> Iterator[Projector]:
    with Readers(url, restricted=prepare(url)) as pool:
        made = Projector(ledger, pool, [noting], url)
        made.prepare()
        yield made


@contextmanager
def running(projector: Projector, wake: Callable[[], None]) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=projector.run, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wake()
        thread.join(LONG)
    assert not thread.is_alive()


def position(projector: Projector) -> int:
    return projector.status()[0].position


def listens(owner: Any) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN stored_events' AND datname = current_database()"
    return owner.execute(query).fetchone() is not None


@pytest.fixture
def owner(url) -> Iterator[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def test_it_is_woken_by_an_event_long_before_it_would_look(ledger, projector, owner, monkeypatch):
    monkeypatch.setattr(projecting, "POLL", LONG)

    with running(projector, ledger.recorder.tell):
        assert eventually(lambda: listens(owner))
        for id in [uuid4() for _ in range(3)]:
            time.sleep(2 * recorder.NOTIFY_EVERY)
            at = record(ledger, id, 0, Noted()).position

            assert eventually(lambda at=at: position(projector) == at)


def test_it_sees_what_nobody_told_it(ledger, projector, owner, monkeypatch):
    monkeypatch.setattr(recorder, "NOTIFY_EVERY", float("inf"))
    with running(projector, lambda: None):
        assert eventually(lambda: listens(owner))

        at = record(ledger, uuid4(), 0, Noted()).position

        assert eventually(lambda: position(projector) == at)


def test_it_goes_on_when_its_connections_were_broken(ledger, projector, owner):
    with running(projector, ledger.recorder.tell):
        assert eventually(lambda: listens(owner))
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        owner.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

        at = record(ledger, uuid4(), 0, Noted()).position

        assert eventually(lambda: position(projector) == at)


def test_it_fills_again_what_somebody_emptied(ledger, url, owner):
    class Passing(Noting):
        name: ClassVar = "passing"
        schema: ClassVar = "CREATE TABLE noting (position bigint PRIMARY KEY)"

    head = record(ledger, uuid4(), 0, Noted(), Noted()).position
    with Readers(url, restricted=prepare(url)) as pool:
        made = Projector(ledger, pool, [Passing()], url)
        made.prepare()
        with running(made, ledger.recorder.tell):
            assert eventually(lambda: position(made) == head)
            owner.execute("DELETE FROM lasting_projection; TRUNCATE noting")

            assert eventually(lambda: [one.position for one in made.status()] == [head])

    assert owner.execute("SELECT count(*) FROM noting").fetchone() == (head,)


def test_a_reader_waits_for_its_own_position_and_not_for_the_end_of_what_others_record(ledger, projector, monkeypatch):
    """With every page something more is recorded: whoever reads to the end would never come to it."""
    mine, page = record(ledger, uuid4(), 0, Noted()).position, projecting.readable

    def and_one_more(*told: Any) -> Any:
        found = page(*told)
        assert record(ledger, uuid4(), 0, Noted()).position < mine + 50, "it follows for ever"
        return found

    monkeypatch.setattr(projecting, "PAGE", 1)
    monkeypatch.setattr(projecting, "readable", and_one_more)

    assert projector.wait(mine) >= mine


def test_a_reader_whose_time_is_over_is_told_what_was_reached(ledger, projector, noting):
    head = record(ledger, uuid4(), 0, Noted()).position

    assert projector.wait(head, timeout=-1.0) < head


def test_a_rebuild_waits_for_the_page_that_is_being_applied(ledger, projector, owner, noting):
    head = record(ledger, uuid4(), 0, Noted(), Noted()).position
    noting.go_on.clear()
    applying = Thread(target=projector.catch_up)
    applying.start()
    assert noting.begun.wait(LONG)
    faults: list[BaseException] = []
    other = Projector(ledger, projector._pool, [Noting()], projector._owner_url)
    rebuilding = Thread(target=lambda: attempt(other.rebuild, faults))
    rebuilding.start()
    waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    assert eventually(lambda: owner.execute(waits).fetchone() is not None)

    noting.go_on.set()
    applying.join(LONG)
    rebuilding.join(LONG)

    assert faults == []
    found = owner.execute("SELECT position FROM noting ORDER BY 1").fetchall()
    assert found == [(at,) for at in range(1, head + 1)]
    assert position(projector) == head


def test_a_worker_that_pauses_holds_nobody_up_and_writes_nothing_when_it_wakes(ledger, url, owner, monkeypatch):
    monkeypatch.setattr(pooling, "PAUSE", "300ms")
    head = record(ledger, uuid4(), 0, Noted(), Noted()).position
    pausing = Noting()
    pausing.go_on.clear()
    with Readers(url, restricted=prepare(url)) as own, Readers(url, restricted=prepare(url)) as others:
        paused, other = Projector(ledger, own, [pausing], url), Projector(ledger, others, [Noting()], url)
        paused.prepare()
        faults: list[BaseException] = []
        sleeping = Thread(target=lambda: attempt(paused.catch_up, faults))
        sleeping.start()
        assert pausing.begun.wait(LONG)

        assert eventually(lambda: other.catch_up() == head)

        pausing.go_on.set()
        sleeping.join(LONG)
    assert [type(fault) for fault in faults] == [StoreAway]
    found = owner.execute("SELECT position FROM noting ORDER BY 1").fetchall()
    assert found == [(at,) for at in range(1, head + 1)]


def attempt(work: Callable[[], None], faults: list[BaseException]) -> None:
    try:
        work()
    except BaseException as fault:
        faults.append(fault)
