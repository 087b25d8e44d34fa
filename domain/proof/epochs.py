"""Epochs: each restore from a copy begins another one, so that what was signed before and is gone is never mixed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, auto

from domain.proof.checkpoint import Checkpoint
from domain.proof.tree import NotProven


class Standing(Enum):
    """Where a checkpoint stands, seen from the ledger as it is. Nobody reads it: it is not stored."""

    HERE = auto()
    GONE = auto()
    """It tells of what was recorded after the copy from which the ledger was restored."""
    AHEAD = auto()
    """It is of an epoch that the ledger does not know: the ledger is older than it."""


class Epochs:
    def __init__(self, begun: Mapping[int, int]) -> None:
        """`begun`: the position after which each epoch begins. Raises NotProven: they do not follow one another."""
        self._begun = sorted(begun.items())
        places = [after for _, after in self._begun]
        if not places or places[0] != 0 or places != sorted(places):
            raise NotProven("the epochs do not follow one another")

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._begun)

    @property
    def now(self) -> int:
        return self._begun[-1][0]

    @property
    def since(self) -> int:
        """How much was there when the present one began."""
        return self._begun[-1][1]

    def of(self, position: int) -> int:
        """Also of a position that can be none: the first one."""
        return next((number for number, after in reversed(self._begun) if after < position), self._begun[0][0])

    def standing(self, checkpoint: Checkpoint) -> Standing:
        if checkpoint.epoch > self.now:
            return Standing.AHEAD
        for (number, after), (_, until) in zip(self._begun, [*self._begun[1:], (0, checkpoint.size)], strict=True):
            if number == checkpoint.epoch:
                return Standing.HERE if after <= checkpoint.size <= until else Standing.GONE
        return Standing.GONE
