"""What arrives together is done together: one of those who wait does it for all, and a lone one waits for nobody."""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any, Generic, TypeVar

from infrastructure.turns import loop_of_turn, wait_for

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
        """Of those who wait with a thread."""
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
        self._aside = ThreadPoolExecutor(1)
        """Leads for those who take turns on a loop, which must not stand still meanwhile."""

    def done(self, item: T) -> None:
        """Returns when it is done, by this thread or by another."""
        mine = _Waiting(item, loop_of_turn())
        with self._lock:
            self._waiting.append(mine)
            mine.leads, self._led = not self._led, True
        if mine.leads and mine.turn:
            mine.leads = False
            self._aside.submit(self._lead_on)
        if not mine.leads:
            mine.wait()
        if mine.leads:
            self._lead()
        if mine.failed:
            raise mine.failed

    def _lead(self) -> bool:
        """Does what waits, as far as it fits, and hands on. Whether this thread has to go on itself."""
        batch = self._take()
        try:
            self._do([one.item for one in batch])
        except BaseException as failed:
            for one in batch:
                one.failed = failed
        return self._hand_on(batch)

    def _lead_on(self) -> None:
        while self._lead():
            pass

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

    def _hand_on(self, batch: Sequence[_Waiting[T]]) -> bool:
        """To the next one's thread; or, where that one takes turns on a loop, to the thread aside. Then wakes those
        whose item is done."""
        leader = next((one for one in batch if one.leads), None)
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
            if following and not following.turn:
                following.leads = True
        goes_on = following is not None and following.turn is not None
        if following and following.leads:
            following.wake()
        elif goes_on and leader:
            self._aside.submit(self._lead_on)
        _wake(one for one in batch if one is not leader)
        return goes_on and leader is None


def _wake(those: Iterable[_Waiting[Any]]) -> None:
    by_loop = defaultdict[AbstractEventLoop, list[Future[None]]](list)
    for one in those:
        if one.loop and one.turn:
            by_loop[one.loop].append(one.turn)
        else:
            one.wake()
    for loop, turns in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_release, turns)


def _release(turns: Sequence[Future[None]]) -> None:
    for one in turns:
        if not one.done():
            one.set_result(None)
