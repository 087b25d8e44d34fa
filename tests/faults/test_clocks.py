"""A clock is set an hour ahead or back, or two processes disagree: the ledger's own time never runs back."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import UUID, uuid4

import pytest

from application.streams import CASES
from domain.case.clocks import ClockRanOut
from infrastructure.concurrency.turns import in_turn
from tests.api.conftest import open_county
from tests.ledger.samples import NOON, TALLIES, Noted, asked, record

NOW, HOUR = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), timedelta(hours=1)


class Clock:
    def __init__(self, moment=NOW):
        self.moment = moment

    def __call__(self):
        return self.moment


def judged(ledger, count):
    entries = ledger.feed(0, 1_000_000)
    times = [one.recorded_at for one in entries]
    assert [one.position for one in entries] == list(range(1, count + 1))
    assert times == sorted(times)
    return times


@pytest.mark.parametrize("steps", [(HOUR, -HOUR), (-HOUR, HOUR), (HOUR, HOUR, -3 * HOUR)])
def test_the_time_of_recording_never_runs_back_when_the_clock_does(make_ledger, make_database, steps):
    clock = Clock()
    ledger = make_ledger(make_database(), clock)
    record(ledger, uuid4(), 0, Noted())

    for step in steps:
        clock.moment += step
        record(ledger, uuid4(), 0, Noted())

    times = judged(ledger, 1 + len(steps))
    assert max(times) == max(times[-1], NOW)


def test_two_processes_an_hour_apart_keep_one_order(make_ledger, make_database):
    url = make_database()
    ledgers = [make_ledger(url, Clock(NOW)), make_ledger(url, Clock(NOW + HOUR))]

    def write(ledger):
        for _ in range(100):
            record(ledger, uuid4(), 0, Noted())

    threads = [Thread(target=write, args=[one]) for one in ledgers for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)

    times = judged(ledgers[0], 400)
    assert times[-1] == NOW + HOUR


def test_a_clock_that_jumps_within_a_batch_leaves_answers_and_keys_as_they_are(make_ledger, make_database):
    clock = Clock()
    ledger = make_ledger(make_database(), clock)
    keys = [uuid4().hex for _ in range(40)]
    streams = [uuid4() for _ in keys]

    def once(key, stream, number):
        clock.moment = NOW + HOUR * (number % 3 - 1)

        def work(unit):
            unit.append(TALLIES, stream, unit.history(TALLIES, stream).version, [Noted()], NOON)
            return stream

        return ledger.carry_out(asked(key, key.encode()), work, from_memory=True)

    async def everybody():
        told = zip(keys, streams, range(len(keys)), strict=True)
        return await asyncio.gather(*(in_turn(lambda one=one: once(*one)) for one in told))

    first, again = asyncio.run(everybody()), asyncio.run(everybody())

    judged(ledger, len(keys))
    assert [one.position for one in again] == [one.position for one in first]
    assert all(one.replayed for one in again)


def test_a_clock_of_the_law_acts_once_though_two_workers_disagree_by_an_hour(make_database, tmp_path):
    with open_county(make_database(), tmp_path) as county:
        case = county.as_("li.ming").register()
        case.act("accept-case")
        county.parts.projector.catch_up()
        now = county.clock() + timedelta(days=40)

        for moment in (now, now + HOUR, now - HOUR, now):
            county.parts.system.deciding.timers.fire(moment)
            county.parts.projector.catch_up()

        entries = county.parts.ledger.history(CASES, UUID(case.id)).entries
        acted = Counter(one.event.clock for one in entries if isinstance(one.event, ClockRanOut))
        assert acted
        assert set(acted.values()) == {1}
        assert county.parts.system.deciding.timers.fire(now) == 0
