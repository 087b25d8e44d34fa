"""Look-ups that hardly ever change, remembered for a second: each command and each page asks for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from infrastructure.concurrency.turns import aside

T = TypeVar("T")

FOR = 1.0
"""Seconds until a change of rights or bodies is seen by every process."""


ROOM = 10_000
"""Answers that are kept of one look-up."""


def remembered(look_up: Callable[..., T], seconds: float = FOR) -> Callable[..., T]:
    """The look-up, asked at most once in so many seconds for the same arguments. What is not found is not kept.

    While one asks again, the others go on with what was known: they do not all ask at the same moment."""
    kept: dict[tuple[Any, ...], tuple[T, float]] = {}
    asking: set[tuple[Any, ...]] = set()

    def answer(*key: Any) -> T:
        known, now = kept.get(key), time.monotonic()
        if known and (now - known[1] < seconds or (key in asking and now - known[1] < 2 * seconds)):
            return known[0]
        asking.add(key)
        try:
            found = aside(lambda: look_up(*key))
        finally:
            asking.discard(key)
        keep(key, found, now)
        return found

    def keep(key: tuple[Any, ...], found: T, asked_at: float) -> None:
        if len(kept) > ROOM:
            kept.clear()
        if found is None:
            kept.pop(key, None)
        else:
            kept[key] = (found, asked_at)

    return answer
