"""A number lies far by the median of its peers, and texts are alike by what they have in common."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from application.signal.alike import ALIKE, alike
from application.signal.peers import STRANGE, spread, strange


def test_one_that_lies_far_is_told_and_those_beside_it_are_not():
    values = dict(enumerate([0.05, 0.06, 0.04, 0.05, 0.07, 0.05, 0.06, 0.9]))

    _, far = strange(values)

    assert list(far) == [7]
    assert far[7] > STRANGE


def test_of_a_few_and_of_those_that_are_all_alike_none_lies_far():
    assert strange({1: 0.0, 2: 1.0}) == (None, {})
    assert strange(dict.fromkeys(range(9), 0.5))[1] == {}


def test_a_few_strange_ones_do_not_hide_each_other():
    values = {number: 0.02 + number / 1000 for number in range(30)} | {100: 0.8, 101: 0.85, 102: 0.9}

    assert strange(values)[1].keys() == {100, 101, 102}


@given(st.lists(st.floats(0, 1), min_size=5, max_size=40))
def test_half_of_all_lie_within_the_quarters(values):
    found = spread(values)

    assert found is not None
    assert found.low <= found.middle <= found.high


def tokens(random: Random, count: int) -> frozenset[bytes]:
    return frozenset(random.randbytes(8) for _ in range(count))


@given(st.integers(0, 10_000))
def test_texts_that_share_nine_tenths_are_found_and_strange_ones_are_not(seed):
    random = Random(seed)
    common = tokens(random, 90)
    copies = {f"copy {number}": common | tokens(random, 5) for number in range(4)}
    others = {f"other {number}": tokens(random, 80) for number in range(20)}

    found = alike(copies | others)

    assert found == [frozenset(copies)]


def test_what_is_alike_by_less_is_not_told():
    random = Random(1)
    common = tokens(random, 60)
    assert ALIKE > 60 / 140
    assert alike({"one": common | tokens(random, 40), "other": common | tokens(random, 40)}) == []
