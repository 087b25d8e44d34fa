"""Look-ups that hardly ever change, remembered for a second: each command and each page asks for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from infrastructure.turns import aside

T = TypeVar("T")

FOR = 1.0
"""Seconds until a change of rights or bodies is seen by every process."""


def remembered(look_up: Callable[..., T], seconds: float = FOR) -> Callable[..., T]:
    """The look-up, asked at most once in so many seconds for the same arguments. What is not found is not kept."""
    kept: dict[tuple[Any, ...], T] = {}
    emptied_at = time.monotonic()

    def answer(*key: Any) -> T:
        nonlocal emptied_at
        if time.monotonic() - emptied_at > seconds:
            kept.clear()
            emptied_at = time.monotonic()
        if key not in kept:
            found = aside(lambda: look_up(*key))
            if found is None:
                return found
            kept[key] = found
        return kept[key]

    return answer


def remember(register: Any, names: tuple[str, ...]) -> None:
    """Makes these look-ups of the register remembered ones."""
    for name in names:
        setattr(register, name, remembered(getattr(register, name)))
