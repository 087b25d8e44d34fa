"""Threads that begin at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import perf_counter


def run_together(clients: int, work: Callable[[int, Barrier], int]) -> float:
    """What all of them did in a second. Each gets its number, and waits for the others when it is ready."""
    begun: list[float] = []
    ready = Barrier(clients, action=lambda: begun.append(perf_counter()))

    def guarded(number: int) -> int:
        try:
            return work(number, ready)
        except BaseException:
            ready.abort()
            raise

    with ThreadPoolExecutor(clients) as pool:
        done = sum(pool.map(guarded, range(clients)))
    return done / (perf_counter() - begun[0])
