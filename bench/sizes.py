"""How much is measured, and for how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    rounds: int
    seconds: float
    """Of each measurement of throughput; pgbench takes whole seconds."""
    clients: tuple[int, ...]
    connections: int
    cases: int
    """Registered before, and then changed again and again: fewer than the ledger remembers in memory."""
    demo: bool
    """Whether the ledger that is replayed holds the demo county's disputes, or only its ground."""
    short: int
    long: int
    """Events of the two cases that are loaded."""
    repeats: int
    """How often a load is repeated in one round; its median counts."""
    legacy: int
    """Cases of the file that is imported."""
    npm: bool
    """Whether the peers are fetched that npm has."""


FULL = Sizes(5, 2.0, (1, 16, 64), 16, 1_000, demo=True, short=20, long=5_000, repeats=20, legacy=25_000, npm=True)
QUICK = Sizes(1, 1.0, (1, 16, 64), 16, 200, demo=False, short=20, long=500, repeats=5, legacy=3_000, npm=True)
TINY = Sizes(1, 0.2, (2,), 2, 4, demo=False, short=6, long=12, repeats=2, legacy=60, npm=False)
