"""Work that takes turns on an event loop: plain functions, which wait without a thread of their own.

Each piece of work is a greenlet. Where it has to wait, for the batch that records it or for an answer of the database,
the loop goes on with the others. Outside of a loop nothing changes: the same functions block their thread.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")


class _Turn(greenlet):
    def __init__(self, work: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(work, getcurrent())
        self.gr_context = copy_context()
        self.loop = loop


def loop_of_turn() -> asyncio.AbstractEventLoop | None:
    """The loop on which this work takes turns; None where it has a thread of its own."""
    turn = getcurrent()
    return turn.loop if isinstance(turn, _Turn) else None


def wait_for(answer: asyncio.Future[T]) -> T:
    """Lets the others have their turns until the answer is there. Only within a turn."""
    turn = getcurrent()
    assert turn.parent
    found: T = turn.parent.switch(answer)
    return found


def aside(ask: Callable[[], T]) -> T:
    """Asks what blocks: within a turn by another thread, so that the loop goes on."""
    if (loop := loop_of_turn()) is None:
        return ask()
    return wait_for(loop.run_in_executor(None, ask))


async def in_turn(work: Callable[[], T]) -> T:
    """What the work answers, or raises. Whoever gives up waiting does not cut it off: others may wait for the batch
    that it leads. It goes on to its end, and then the task is cancelled."""
    turn, given_up = _Turn(work, asyncio.get_running_loop()), None
    found = turn.switch()
    while not turn.dead:
        try:
            answer = await asyncio.shield(found)
        except asyncio.CancelledError as cancelled:
            if found.cancelled():
                found = turn.throw(cancelled)
            given_up = cancelled
        except BaseException:
            found = turn.throw(*sys.exc_info())
        else:
            found = turn.switch(answer)
    if given_up:
        raise given_up
    done: T = found
    return done
