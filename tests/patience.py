"""Waiting for what is to come. It ends when that has come: no test judges how long a busy machine takes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

Held = TypeVar("Held")

PATIENCE = float(os.environ.get("PATIENCE", "240"))
"""Seconds, after which it will not come any more. Whoever writes a test of pages waits less for their own mistakes."""

PAUSE = 0.05
"""Seconds between two looks. Who looks over HTTP says `verify=False`: to read all authorities takes a look's time and
more, and nobody here speaks TLS."""


def eventually(holds: Callable[[], Held]) -> Held:
    until = time.monotonic() + PATIENCE
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(PAUSE)
    assert held, f"not within {PATIENCE} s"
    return held
