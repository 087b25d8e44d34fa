"""Where the processor's time goes: the innermost Python frame at each millisecond of it."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = str(Path(__file__).resolve().parents[1])
EACH = 0.001
"""Seconds of this process's time on a processor between two samples."""
WHOLE = ("domain", "application", "api", "bench")
"""Of the rest of ours, each file is told by itself."""


@dataclass
class Sampled:
    """What is written in C counts where it was called from."""

    found: Counter[str] = field(default_factory=Counter)
    spent: float = 0.0
    """Seconds on a processor, of all threads."""

    def shares(self, least: float) -> list[tuple[str, float]]:
        total = sum(self.found.values()) or 1
        return [(name, count / total) for name, count in self.found.most_common() if count / total >= least]


@contextmanager
def sampling() -> Iterator[Sampled]:
    """Of the main thread, which must be the one that works."""
    made = Sampled()

    def note(number: int, frame: FrameType | None) -> None:
        if frame:
            made.found[_place(frame.f_code.co_filename)] += 1

    before, began = signal.signal(signal.SIGPROF, note), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, EACH, EACH)
    try:
        yield made
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        made.spent = time.process_time() - began
        signal.signal(signal.SIGPROF, before)


def _place(file: str) -> str:
    _, library, rest = file.partition("/site-packages/")
    if library:
        return rest.partition("/")[0].removesuffix(".py")
    if file.startswith(ROOT):
        within = file[len(ROOT) + 1 :]
        top = within.partition("/")[0]
        return top if top in WHOLE else within
    path = Path(file)
    return f"Python's {path.parent.name if path.parent.name == 'asyncio' else path.stem}"
