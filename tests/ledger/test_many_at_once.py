"""Many writers on few streams, some of whom fail: what is recorded has no gap, nowhere."""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.ports import VersionMismatch
from infrastructure.event_store import PostgresLedger
from infrastructure.schema import prepare
from tests.ledger.samples import NOON, TALLIES, Coded, Noted, asked

STREAMS = [UUID(int=number) for number in range(1, 51)]


class Mishap(Exception):
    """A piece of work that fails, before or under the lock."""


def attempt(ledger, work) -> int:
    """How many events were recorded."""
    try:
        return ledger.carry_out(asked(), work).version
    except (Mishap, VersionMismatch):
        return 0


def written(ledger, seed: int):
    """Events for one to three streams at the versions that they have now; some works fail, at one point or another."""
    chance = Random(seed)

    def work(unit) -> UUID:
        streams = chance.sample(STREAMS, chance.randint(1, 3))
        for id in streams:
            events = [chance.choice([Noted(what=str(seed)), Coded()]) for _ in range(chance.randint(1, 4))]
            unit.append(TALLIES, id, unit.history(TALLIES, id).version, events, NOON)
            if chance.random() < 0.1:
                raise Mishap
        if chance.random() < 0.15:
            ledger._append(unit._cursor, unit, streams[0])
            raise Mishap
        return streams[0]

    return work


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_of_two_hundred_works_on_fifty_streams_every_version_and_position_and_number_follows_the_last(
    make_database, make_ledger_once, seed
):
    ledger = make_ledger_once(make_database())

    with ThreadPoolExecutor(12) as writers:
        done = list(writers.map(lambda number: attempt(ledger, written(ledger, seed + number)), range(200)))

    entries = ledger.feed(0, 10_000)
    assert any(done)
    assert not all(done)
    assert [entry.position for entry in entries] == list(range(1, ledger.head() + 1))
    assert [entry.recorded_at for entry in entries] == sorted(entry.recorded_at for entry in entries)
    versions = defaultdict(list)
    for entry in entries:
        versions[entry.stream].append(entry.version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    numbers = [int(entry.event.code.split()[1]) for entry in entries if isinstance(entry.event, Coded)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.fixture(scope="module")
def make_ledger_once(tmp_path_factory, make_cipher):
    opened = []

    def make(url: str) -> PostgresLedger:
        opened.append(PostgresLedger(url, make_cipher(tmp_path_factory.mktemp("vault")), restricted=prepare(url)))
        return opened[-1]

    yield make
    for ledger in opened:
        ledger.close()


def test_what_was_recorded_is_answered_also_where_no_second_connection_is_free(make_ledger, make_database):
    url = make_database()
    first = make_ledger(url)
    narrow = PostgresLedger(url, first.coder.cipher, restricted=prepare(url), pool=1)
    begun, waiting, over, id = Event(), Event(), Event(), uuid4()

    def work(unit) -> UUID:
        begun.set()
        assert waiting.wait(10)
        time.sleep(0.5)
        unit.append(TALLIES, id, 0, [Noted()], NOON)
        return id

    def takes_the_only_connection_next() -> None:
        assert begun.wait(10)
        waiting.set()
        with narrow.datastore.get_connection():
            assert over.wait(30)

    with ThreadPoolExecutor(2) as threads:
        taking = threads.submit(takes_the_only_connection_next)
        try:
            receipt = narrow.carry_out(asked(), work)
        finally:
            over.set()
        taking.result(10)
    narrow.close()

    assert (receipt.version, first.history(TALLIES, id).version) == (1, 1)
