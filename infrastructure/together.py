"""What arrives together is done together: one of those who wait does it for all, and a lone one waits for nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class _Waiting(Generic[T]):
    def __init__(self, item: T) -> None:
        self.item = item
        self.leads = False
        self.failed: BaseException | None = None
        self._turn = Lock()
        self._turn.acquire()

    def wait(self) -> None:
        self._turn.acquire()

    def wake(self) -> None:
        self._turn.release()


class Together(Generic[T]):
    def __init__(self, do: Callable[[Sequence[T]], None], most: int, size: Callable[[T], int] = lambda item: 1) -> None:
        """`do`: for all of a batch; what it raises is raised to everybody in it. `most`: the size of a batch, unless a
        single item is larger."""
        self._do, self._most, self._size = do, most, size
        self._lock = Lock()
        self._waiting: list[_Waiting[T]] = []
        self._led = False

    def done(self, item: T) -> None:
        """Returns when it is done, by this thread or by another."""
        mine = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
            mine.leads, self._led = not self._led, True
        if not mine.leads:
            mine.wait()
        if mine.leads:
            self._lead()
        if mine.failed:
            raise mine.failed

    def _lead(self) -> None:
        """Whoever leads finds its own item first in the batch."""
        batch = self._take()
        try:
            self._do([one.item for one in batch])
        except BaseException as failed:
            for one in batch:
                one.failed = failed
        finally:
            self._hand_on(batch)

    def _take(self) -> list[_Waiting[T]]:
        with self._lock:
            taken, count = self._size(self._waiting[0].item), 1
            for one in self._waiting[1:]:
                taken += self._size(one.item)
                if taken > self._most:
                    break
                count += 1
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
            return batch

    def _hand_on(self, batch: Sequence[_Waiting[T]]) -> None:
        """Wakes the next leader, then those whose item is done."""
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
            if following:
                following.leads = True
        if following:
            following.wake()
        for one in batch:
            if not one.leads:
                one.wake()
