"""Plain functions that take turns on a loop: each waits without a thread; turns and threads wait for one another."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from uuid import uuid4

import pytest

from application.ports import VersionMismatch
from infrastructure.concurrency.batching import Together
from infrastructure.concurrency.turns import aside, in_turn, loop_of_turn, wait_for
from tests.ledger.samples import NOON, TALLIES, Noted, asked, record
from tests.patience import PATIENCE


def test_what_work_answers_or_raises_comes_back():
    async def both():
        assert await in_turn(lambda: 7) == 7
        assert await in_turn(lambda: aside(lambda: 8)) == 8
        with pytest.raises(KeyError, match="gone"):
            await in_turn(lambda: aside(lambda: {}["gone"]))

    asyncio.run(both())
    assert aside(lambda: 9) == 9


def test_the_loop_goes_on_while_somebody_waits():
    gone_on = threading.Event()

    async def main():
        slow = asyncio.create_task(in_turn(lambda: aside(lambda: gone_on.wait(PATIENCE))))
        await asyncio.sleep(0)
        await in_turn(lambda: None)
        assert not slow.done()
        gone_on.set()
        assert await slow

    asyncio.run(main())


def test_turns_of_a_loop_and_threads_are_done_together_each_once():
    done: list[int] = []
    sizes: list[int] = []

    def do(batch):
        sizes.append(len(batch))
        time.sleep(0.001)
        done.extend(batch)

    together = Together(do, 50)

    async def turns(first):
        await asyncio.gather(*(in_turn(lambda n=n: together.done(n)) for n in range(first, first + 300)))

    def thread(first):
        for n in range(first, first + 50):
            together.done(n)

    with ThreadPoolExecutor(6) as threads:
        work = [threads.submit(thread, 1000 + 100 * n) for n in range(4)]
        work += [threads.submit(lambda n=n: asyncio.run(turns(5000 + 1000 * n))) for n in range(2)]
        for one in work:
            one.result(60)

    of_threads = [1000 + 100 * n + k for n in range(4) for k in range(50)]
    of_turns = [5000 + 1000 * n + k for n in range(2) for k in range(300)]
    assert sorted(done) == [*of_threads, *of_turns]
    assert max(sizes) > 10


def test_what_a_batch_raises_is_raised_to_every_turn_in_it():
    def do(batch):
        raise ValueError(len(batch))

    async def main():
        together = Together(do, 50)
        outcomes = await asyncio.gather(*(in_turn(lambda: together.done(1)) for _ in range(5)), return_exceptions=True)
        assert [type(one) for one in outcomes] == [ValueError] * 5

    asyncio.run(main())


def test_a_turn_that_is_given_up_holds_nobody_up(ledger):
    async def main():
        id, other = uuid4(), uuid4()
        given_up = asyncio.create_task(in_turn(lambda: record(ledger, id, 0, Noted())))
        await asyncio.sleep(0)
        given_up.cancel()
        receipt = await in_turn(lambda: record(ledger, other, 0, Noted()))
        assert receipt.version == 1
        with pytest.raises(asyncio.CancelledError):
            await given_up

    asyncio.run(main())


def test_of_many_turns_on_one_stream_each_version_is_taken_once(ledger):
    id, threads_before = uuid4(), threading.active_count()
    outcomes: list[int | None] = []

    def adding(unit):
        assert loop_of_turn()
        known = unit.history(TALLIES, id)
        unit.append(TALLIES, id, known.version, [Noted()], NOON)
        return id

    async def one():
        try:
            receipt = await in_turn(lambda: ledger.carry_out(asked(), adding, from_memory=True))
            outcomes.append(receipt.version)
        except VersionMismatch:
            outcomes.append(None)

    async def main():
        for _ in range(20):
            await asyncio.gather(*(one() for _ in range(8)))

    asyncio.run(main())

    won = [version for version in outcomes if version]
    assert sorted(won) == list(range(1, len(won) + 1))
    assert len(won) >= 20
    assert ledger.history(TALLIES, id).version == len(won)
    assert threading.active_count() < threads_before + 20


def test_a_turn_knows_what_its_request_has_set():
    whose = ContextVar("whose", default="nobody")

    async def main():
        whose.set("somebody")
        assert await in_turn(lambda: whose.get()) == "somebody"

    asyncio.run(main())


def test_a_batch_that_is_given_up_by_the_loop_ends_the_turn():
    async def main():
        never = asyncio.get_running_loop().create_future()
        turn = asyncio.create_task(in_turn(lambda: wait_for(never)))
        await asyncio.sleep(0)
        never.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(turn, 5)

    asyncio.run(main())
