"""How often Python looks for cycles."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Python looks after every 700 objects that outlive others; histories are nothing but such objects, and hold no
    cycles. A third of the time to decode went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
