"""Positions have no gap and stand in the order of commits; times and numbers keep to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import psycopg
import pytest

from infrastructure.ledger.feed import HoleInTheFeed
from tests.ledger.samples import NOON, TALLIES, Coded, Mishap, Noted, Unlucky, asked, record
from tests.patience import PATIENCE


def test_a_follower_sees_every_position_in_turn_while_writers_write_and_fail(ledger):
    start, done, seen = ledger.head(), Flag(), []

    def follow():
        while not (done.is_set() and len(seen) == ledger.head() - start):
            seen.extend(entry.position for entry in ledger.feed(start + len(seen), 100))

    def write(number):
        def work(unit):
            id = uuid4()
            unit.append(TALLIES, id, 0, [Noted()] * (1 + number % 3), NOON)
            if number % 4 == 0:
                unit.append(TALLIES, id, 1 + number % 3, [Unlucky()], NOON)
            return id

        if number % 4 == 0:
            with pytest.raises(Mishap):
                ledger.carry_out(asked(), work)
        else:
            ledger.carry_out(asked(), work)

    follower = Thread(target=follow)
    follower.start()
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(160)))
    done.set()
    follower.join(PATIENCE)

    assert seen == list(range(start + 1, ledger.head() + 1))
    assert len(seen) == sum(1 + number % 3 for number in range(160) if number % 4)


def test_a_hole_in_the_feed_stops_the_reader(make_ledger, make_database):
    url = make_database()
    ledger = make_ledger(url)
    for _ in range(3):
        record(ledger, uuid4(), 0, Noted())
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("DELETE FROM stored_events WHERE notification_id = 2")

    with pytest.raises(HoleInTheFeed):
        ledger.feed(0, 10)

    with pytest.raises(HoleInTheFeed):
        ledger.feed(1, 10)


def test_the_time_of_recording_never_runs_back_when_the_clock_does(make_ledger):
    times = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(hours=1)])
    ledger, id = make_ledger(clock=lambda: max(NOON, NOON) if (at := next(times, None)) is None else at), uuid4()
    before = ledger.head()

    for version in range(3):
        record(ledger, id, version, Noted())

    recorded = [entry.recorded_at for entry in ledger.feed(before, 10)]
    assert recorded == sorted(recorded)
    assert recorded[1] == recorded[0]


def test_numbers_taken_by_many_at_once_are_unique_and_without_gap(make_ledger, make_database):
    ledger = make_ledger(make_database(), clock=lambda: NOON)

    def take(_):
        return record(ledger, uuid4(), 0, Coded()).numbers

    with ThreadPoolExecutor(16) as takers:
        given = [number for numbers in takers.map(take, range(200)) for number in numbers]

    assert sorted(given) == sorted(f"(2026) {serial}" for serial in range(1, 201))
    in_the_feed = [entry.event.code for entry in ledger.feed(0, 500)]
    assert in_the_feed == [f"(2026) {serial}" for serial in range(1, 201)]


def test_the_year_of_a_number_is_the_local_one_when_it_is_recorded(make_ledger, make_database):
    just_after_midnight_in_shanghai = datetime(2026, 12, 31, 16, 0, 1, tzinfo=UTC)
    ledger = make_ledger(make_database(), clock=lambda: just_after_midnight_in_shanghai)

    receipt = record(ledger, uuid4(), 0, Coded())

    assert receipt.numbers == ("(2027) 1",)


def test_a_number_that_was_not_recorded_is_given_again(make_ledger, make_database):
    ledger = make_ledger(make_database(), clock=lambda: NOON)

    def fails(unit):
        id = uuid4()
        unit.append(TALLIES, id, 0, [Coded(), Unlucky()], NOON)
        return id

    with pytest.raises(Mishap):
        ledger.carry_out(asked(), fails)

    assert record(ledger, uuid4(), 0, Coded()).numbers == ("(2026) 1",)
