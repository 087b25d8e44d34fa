"""Work that takes a core for long: a few threads do it, and step back behind whatever else wants to run."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from infrastructure.concurrency.turns import loop_of_turn, wait_for

T = TypeVar("T")
STEP = 10
"""Of the system's niceness: ten times the time goes to whoever did not step back."""


class SteppingBack:
    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, "stepping-back", _step_back)

    def done(self, work: Callable[[], T]) -> T:
        """Within a turn the loop goes on with others meanwhile."""
        if loop_of_turn() is None:
            return self._threads.submit(work).result()
        return wait_for(asyncio.wrap_future(self._threads.submit(work)))

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)


def _step_back() -> None:
    """Where a system gives threads no priority of their own, they go on with that of the process."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STEP)
