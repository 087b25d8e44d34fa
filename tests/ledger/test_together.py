"""What arrives together is done together; nobody waits without need, and nobody is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from infrastructure.concurrency.batching import Together
from tests.patience import PATIENCE


def test_a_lone_one_waits_for_nobody():
    batches = []
    together = Together(batches.append, 10)

    for item in "abc":
        together.done(item)

    assert batches == [["a"], ["b"], ["c"]]


def test_whatever_arrives_while_one_is_done_is_done_in_one_go_after_it():
    batches, begun, go_on = [], Event(), Event()

    def do(batch):
        batches.append(sorted(batch))
        if len(batches) == 1:
            begun.set()
            assert go_on.wait(PATIENCE)

    together = Together(do, 100)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(together.done, 0)
        assert begun.wait(PATIENCE)
        others = [threads.submit(together.done, number) for number in range(1, 9)]
        while len(together._waiting) < 8:
            pass
        go_on.set()
        assert [one.result(10) for one in (first, *others)] == [None] * 9

    assert batches == [[0], [1, 2, 3, 4, 5, 6, 7, 8]]


@pytest.mark.parametrize("most", [1, 3, 7])
def test_a_batch_is_no_larger_than_it_may_be_unless_one_alone_is(most):
    batches = []
    together = Together(batches.append, most, lambda item: item)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(together.done, [1, 2, 5, 1, 1, 9, 2, 3] * 20))

    assert sum(map(len, batches)) == 160
    assert all(sum(batch) <= most or len(batch) == 1 for batch in batches)


def test_each_of_many_is_done_once_also_where_some_fail():
    done, lock = [], Lock()

    def do(batch):
        with lock:  # never two at once: the lock is free
            done.extend(batch)
        if any(number % 10 == 3 for number in batch):
            raise LookupError

    together = Together(do, 4)

    def attempt(number):
        try:
            together.done(number)
        except LookupError:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        ended = list(threads.map(attempt, range(2_000)))

    assert sorted(done) == list(range(2_000))
    assert not any(ended[3::10])
    assert any(ended)
