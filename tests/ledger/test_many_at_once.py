"""Many writers on few streams, some of whom fail: what is recorded has no gap, nowhere."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.ports import VersionMismatch
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.schema import prepare
from tests.effort import times
from tests.ledger.samples import NOON, TALLIES, Coded, Mishap, Noted, Unlucky, asked

STREAMS = [UUID(int=number) for number in range(1, 51)]


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
            unit.append(TALLIES, id, unit.history(TALLIES, id).version, [Unlucky()], NOON)
        return streams[0]

    return work


@settings(max_examples=times(test=2, soak=12))
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


def test_one_connection_is_enough_to_be_answered_by(make_ledger, make_database):
    """Reading, recording and waking the followers never hold one connection while they wait for a second."""
    url = make_database()
    narrow = PostgresLedger(url, make_ledger(url).coder.cipher, restricted=prepare(url), pool=1)

    def work(unit) -> UUID:
        id = uuid4()
        unit.append(TALLIES, id, unit.history(TALLIES, id).version, [Noted()], NOON)
        return id

    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda _: narrow.carry_out(asked(), work), range(80)))
    narrow.close()

    assert sorted(one.position for one in receipts) == list(range(1, 81))


def test_of_what_arrives_together_a_loser_never_touches_its_neighbours(make_ledger, make_database):
    ledger = make_ledger(make_database())
    ledger.carry_out(asked(), lambda unit: (unit.append(TALLIES, STREAMS[0], 0, [Noted()], NOON), STREAMS[0])[1])
    works = [written_at(ledger, STREAMS[number % 8], number % 3) for number in range(64)]

    with ThreadPoolExecutor(16) as threads:
        versions = list(threads.map(lambda work: attempt(ledger, work), works))

    entries = ledger.feed(0, 1_000)
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) == 1 + sum(version > 0 for version in versions)
    for id in STREAMS[:8]:
        mine = [entry.version for entry in entries if entry.stream == id]
        assert mine == list(range(1, len(mine) + 1))


def written_at(ledger, id: UUID, fate: int):
    """One event; or one that breaks under the lock; or one at a version that is over."""

    def work(unit) -> UUID:
        version = unit.history(TALLIES, id).version
        event = Unlucky() if fate == 1 else Coded()
        unit.append(TALLIES, id, version, [event], NOON)
        unit.expected[id] -= fate == 2
        return id

    return work
