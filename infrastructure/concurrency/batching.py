"""What arrives together is done together: one of those who wait does it for all, and a lone one waits for nobody."""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Generic, TypeVar

from infrastructure.concurrency.turns import loop_of_turn, wait_for

T = TypeVar("T")


class _Waiting(Generic[T]):
    """With its thread, or for its turn on a loop."""

    def __init__(self, item: T, loop: AbstractEventLoop | None) -> None:
        self.item = item
        self.leads = False
        self.failed: BaseException | None = None
        self.loop = loop
        self.turn: Future[None] | None = loop.create_future() if loop else None
        self._thread = None if loop else Lock()
        if self._thread:
            self._thread.acquire()

    def wait(self) -> None:
        if self.turn:
            wait_for(self.turn)
        if self._thread:
            self._thread.acquire()

    def wake(self) -> None:
        """Lets somebody go on who waits with a thread."""
        if self._thread:
            self._thread.release()


class Together(Generic[T]):
    def __init__(self, do: Callable[[Sequence[T]], None], most: int, size: Callable[[T], int] = lambda item: 1) -> None:
        """`do`: for all of a batch; what it raises is raised to everybody in it. `most`: the size of a batch, unless a
        single item is larger."""
        self._do, self._most, self._size = do, most, size
        self._lock = Lock()
        self._waiting: list[_Waiting[T]] = []
        self._led = False

    def done(self, item: T) -> None:
        """Returns when it is done, by this thread or turn or by another."""
        mine = _Waiting(item, loop_of_turn())
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
        leads = [following] if following else []
        _wake([*leads, *(one for one in batch if not one.leads)])


def _wake(those: Sequence[_Waiting[Any]]) -> None:
    here, elsewhere = loop_of_turn(), defaultdict[AbstractEventLoop, list[Future[None]]](list)
    for one in those:
        if one.turn is None or one.loop is None:
            one.wake()
        elif one.loop is here:
            _release([one.turn])
        else:
            elsewhere[one.loop].append(one.turn)
    for loop, turns in elsewhere.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_release, turns)


def _release(turns: Sequence[Future[None]]) -> None:
    for one in turns:
        if not one.done():
            one.set_result(None)
