"""PostgreSQL's machine vanishes without a word, or confirms everything and says nothing: nobody waits for ever."""

from __future__ import annotations

import asyncio
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any
from uuid import uuid4

import pytest

from application.ports import StoreAway
from infrastructure import sessions
from infrastructure.concurrency.turns import in_turn
from infrastructure.ledger import event_store, recorder
from infrastructure.ledger.group_commit import COMMIT
from infrastructure.postgres import connecting
from infrastructure.postgres import pipeline as wire
from infrastructure.postgres import pool as readers
from infrastructure.postgres import timeouts as network
from infrastructure.postgres.pool import Readers
from infrastructure.sessions import SessionTable
from tests.faults.black_hole import Way, filters_packets, way_to
from tests.ledger.samples import TALLIES, Noted, asked, record

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="filters packets as Linux does")
REFUSED = "packet filters (SO_ATTACH_FILTER) are refused here, root may set them: a cut cable cannot be played"
VANISH = pytest.param("vanish", marks=pytest.mark.skipif(not filters_packets(), reason=REFUSED))

LONG = 3600.0
WITHIN = 120.0
"""Seconds, on a busy machine; all limits are shorter here than they are."""


@pytest.fixture
def way(make_database) -> Iterator[Way]:
    with way_to(make_database()) as made:
        yield made


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch) -> None:
    """Where a machine has vanished, TCP alone must notice it: what the program waits for by itself comes too late."""
    hurried = {"keepalives_idle": 1, "keepalives_interval": 1, "tcp_user_timeout": 1_000}
    monkeypatch.setattr(connecting, "LIMITS", hurried)
    monkeypatch.setattr(recorder, "CONNECT_FOR", 1)
    monkeypatch.setattr(event_store, "WAIT_FOR_CONNECTION", 1.0)
    monkeypatch.setattr(readers, "WAIT", 1.0)
    monkeypatch.setattr(wire, "ANSWER_WITHIN", LONG)
    monkeypatch.setattr(network, "ALIVE_WITHIN", LONG)
    monkeypatch.setattr(network.Bounded, "patience", LONG)


def limited(monkeypatch) -> None:
    """What is confirmed is noticed by the program alone."""
    monkeypatch.setattr(wire, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(network, "ALIVE_WITHIN", 0.2)
    monkeypatch.setattr(network.Bounded, "patience", 1.0)


@contextmanager
def soon():
    began = time.monotonic()
    yield
    assert time.monotonic() - began < WITHIN


def by_thread(work):
    return work()


def by_turn(work):
    return asyncio.run(in_turn(work))


@pytest.mark.parametrize("how", ["swallow", VANISH])
def test_a_command_is_told_that_the_store_is_away_and_later_the_same_key_records_once(
    make_ledger, way, monkeypatch, how
):
    carried_out = by_turn if how == "swallow" else by_thread
    if how == "swallow":
        limited(monkeypatch)
    ledger, id, on = make_ledger(way.url), uuid4(), asked(uuid4().hex)
    record(ledger, uuid4(), 0, Noted())
    getattr(way, how)()

    with soon(), pytest.raises(StoreAway):
        carried_out(lambda: record(ledger, id, 0, Noted(), on=on))

    way.come_back()
    receipt, again = eventually(lambda: record(ledger, id, 0, Noted(), on=on)), record(ledger, id, 0, Noted(), on=on)
    assert receipt.but(replayed=True) == again
    assert eventually(ledger.head) == 2


def eventually(ask):
    until = time.monotonic() + WITHIN
    while True:
        try:
            return ask()
        except StoreAway:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_commit_that_is_never_answered_is_looked_up_over_another_connection(make_ledger, way, monkeypatch):
    limited(monkeypatch)
    ledger, id = make_ledger(way.url), uuid4()
    record(ledger, uuid4(), 0, Noted())
    held, times = ledger._line.held, iter([True])

    class Silenced:
        def __init__(self, wire):
            self.wire = wire

        def ask(self, *asked):
            if COMMIT in asked and next(times, False):
                way.silence()
            return self.wire.ask(*asked)

    @contextmanager
    def silenced():
        with held() as wire:
            yield Silenced(wire)

    monkeypatch.setattr(ledger._line, "held", silenced)

    with soon():
        receipt = by_turn(lambda: record(ledger, id, 0, Noted()))

    assert (receipt.version, receipt.position) == (1, 2)
    assert eventually(lambda: ledger.history(TALLIES, id)).version == 1


@pytest.mark.parametrize("how", ["swallow", VANISH])
def test_a_reader_who_waits_for_an_answer_is_told_that_the_store_is_away(way, monkeypatch, how):
    if how == "swallow":
        limited(monkeypatch)
    with Readers(way.url, restricted=False, size=1) as pool:

        def ask(query):
            with pool.connection() as connection:
                return connection.execute(query).fetchall()

        eventually(lambda: ask("SELECT 1"))
        Timer(0.3, getattr(way, how)).start()

        with soon(), pytest.raises(StoreAway):
            ask("SELECT pg_sleep(600)")

        way.come_back()
        assert eventually(lambda: ask("SELECT 1")) == [(1,)]


def test_before_it_is_lent_a_connection_shows_that_somebody_is_there(way, monkeypatch):
    limited(monkeypatch)
    with Readers(way.url, restricted=False, size=1) as pool:
        with pool.connection():
            way.swallow()

        with soon(), pytest.raises(StoreAway), pool.connection():
            pass

        way.come_back()


def test_the_limits_are_those_of_every_connection_of_the_ledger_and_of_readers(make_ledger, way):
    datastore = make_ledger(way.url).datastore
    with Readers(way.url, restricted=False) as pool, pool.connection() as reading, datastore.connect() as alone:
        connections = [reading, alone, pooled := datastore.pool.getconn()]
        datastore.pool.putconn(pooled)

        for one in connections:
            assert isinstance(one, network.Bounded)
            known = {each.keyword.decode(): each.val for each in one.pgconn.info}
            assert {name: int(known[name] or 0) for name in connecting.LIMITS} == connecting.LIMITS


class ThenSilent(Readers):
    """Whose connections were answered a moment ago, when they were lent."""

    def __init__(self, way: Way) -> None:
        super().__init__(way.url, restricted=False)
        self.way = way

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[Any]:
        with super().connection(timeout) as lent:
            self.way.swallow()
            yield lent


def test_nobody_waits_behind_a_look_at_the_logins_that_is_not_answered(make_ledger, way, monkeypatch):
    make_ledger(way.url)
    monkeypatch.setattr(sessions, "LOOKED_UP_WITHIN", 0.5)
    token = urlsafe_b64encode(bytes(sessions.ID + sessions.SECRET)).decode()
    with ThenSilent(way) as pool, soon(), pytest.raises(StoreAway):
        SessionTable(pool, b"s" * 32, 12).find(token)
