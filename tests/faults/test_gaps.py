"""How the drill of failovers counts: a gap is as long as the worst of the servers was away."""

from __future__ import annotations

import pytest

from tests.faults.failover.gaps import Success, longest

ONE, OTHER = 1, 2


def answered(port, *moments):
    return [Success(at, port) for at in moments]


def test_a_gap_reaches_from_the_last_success_before_to_the_first_after():
    assert longest(answered(ONE, 0, 9, 10, 17, 18), [ONE], 10.5, 16) == 7


def test_a_gap_outside_of_what_is_asked_for_does_not_count():
    assert longest(answered(ONE, 0, 9, 10, 11, 12, 30), [ONE], 9.5, 11.5) == 1


def test_a_server_that_answers_hides_none_that_does_not():
    spread = answered(ONE, *range(20)) + answered(OTHER, 0, 15, 16)

    assert longest(spread, [ONE, OTHER], 1, 15.5) == 15


@pytest.mark.parametrize("moments", [[5, 6], [0, 1]], ids=["nothing before", "nothing after"])
def test_a_gap_without_an_end_is_no_figure(moments):
    with pytest.raises(AssertionError):
        longest(answered(ONE, *moments), [ONE], 2, 4)
