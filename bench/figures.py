"""What was measured: samples, one a round, and how they compare with their peer's of the same round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Spread:
    median: float
    low: float
    high: float


@dataclass
class Figures:
    samples: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, float] = field(default_factory=dict)
    """What is counted once: sizes, not speeds."""

    def add(self, measured: Mapping[str, float]) -> None:
        for key, value in measured.items():
            self.samples[key].append(value)

    def spread(self, key: str) -> Spread:
        return _spread(self.samples[key])

    def ratio(self, key: str, peer: str) -> Spread:
        """Of each round by itself: what else the machine did then slowed both."""
        return _spread([ours / theirs for ours, theirs in zip(self.samples[key], self.samples[peer], strict=True)])


def _spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))
