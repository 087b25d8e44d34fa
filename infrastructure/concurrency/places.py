"""Places for those who wait: whoever finds none is told at once, instead of waiting behind all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from application.office import Crowded


class Places:
    def __init__(self, room: int) -> None:
        self._room, self._taken = room, 0
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Raises Crowded."""
        with self._lock:
            if self._taken >= self._room:
                raise Crowded
            self._taken += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken -= 1
