"""What was used last is remembered, up to a number of things; the oldest give way. From any thread."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """A baseline, never the truth: what is remembered may be old, so whoever asks adds what came since."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()
        self.generation = 0
        """Another one each time that all was forgotten."""

    def get(self, key: K) -> V | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def take(self, key: K) -> V | None:
        """The same, and it is remembered no more: of what is changed in place nobody else may hold a half."""
        with self._lock:
            return self._kept.pop(key, None)

    def keep(self, key: K, value: V, generation: int) -> None:
        """`generation`: as it was when the value began to be read. What was read before all was forgotten may have what
        was erased since, and is not kept."""
        with self._lock:
            if generation != self.generation:
                return
            self._kept[key] = value
            self._kept.move_to_end(key)
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """All of it: what is asked for again is read again."""
        with self._lock:
            self.generation += 1
            self._kept.clear()
