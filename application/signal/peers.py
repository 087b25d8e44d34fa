"""How far a number lies from those of its peers: by the median, which a few strange ones do not move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

K = TypeVar("K")
STRANGE = 3.5
"""Robust z from which a number is shown (Iglewicz and Hoaglin)."""
TO_SIGMA, TO_SIGMA_OF_MEAN = 1.4826, 1.2533
"""By these a median and a mean of deviations are as a standard deviation is, of numbers that are spread normally."""
FEWEST = 5
"""Fewer peers are none."""


@dataclass(frozen=True)
class Spread:
    """How the numbers of all peers lie."""

    peers: int
    low: float
    middle: float
    high: float
    deviation: float

    def z(self, value: float) -> float:
        return (value - self.middle) / self.deviation if self.deviation else 0.0


def spread(values: Sequence[float]) -> Spread | None:
    """None: there are too few to compare. Where more than half are alike, the mean of the deviations stands for their
    median, which is nought."""
    if len(values) < FEWEST:
        return None
    ordered, middle = sorted(values), median(values)
    deviations = [abs(one - middle) for one in values]
    deviation = median(deviations) * TO_SIGMA or sum(deviations) / len(deviations) * TO_SIGMA_OF_MEAN
    quarter = len(ordered) // 4
    return Spread(len(values), ordered[quarter], middle, ordered[-1 - quarter], deviation)


def strange(values: Mapping[K, float]) -> tuple[Spread | None, dict[K, float]]:
    """How they are spread, and those that lie far above, with how far."""
    found = spread(list(values.values()))
    if found is None:
        return None, {}
    far = {key: found.z(value) for key, value in values.items()}
    return found, {key: z for key, z in far.items() if z >= STRANGE}
