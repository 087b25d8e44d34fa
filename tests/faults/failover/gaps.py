"""How long nothing succeeded, of what was asked all the time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Success:
    """`port`: whom of the servers it was asked."""

    at: float
    port: int


def longest(successes: Sequence[Success], ports: Iterable[int], begin: float, end: float) -> float:
    """Seconds between two successes of the same server, of which `begin` to `end` holds a part; the worst server's.

    One that answers does not hide another that does not: browsers of a county are spread over both."""
    return max(_longest(sorted(one.at for one in successes if one.port == port), begin, end) for port in ports)


def _longest(moments: Sequence[float], begin: float, end: float) -> float:
    first, last = bisect_left(moments, begin), bisect_left(moments, end)
    assert first > 0, "nothing had succeeded before"
    assert last < len(moments), "nothing succeeded afterwards"
    return max(later - one for one, later in pairwise(moments[first - 1 : last + 1]))
