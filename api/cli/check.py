"""Reads the whole ledger: nothing missing, nothing out of order, everything readable, every number accounted for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from api.wiring import Wired
from domain.shared.decider import Entry, Numbered

PAGE = 1_000


@dataclass
class Found:
    events: int = 0
    faults: list[str] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    serials: dict[tuple[UUID, str], list[str]] = field(default_factory=dict)
    last_recorded: datetime | None = None

    @property
    def streams(self) -> int:
        return len(self.versions)


def check(parts: Wired, progress: Callable[[int, int], None]) -> Found:
    """A hole in the feed, or bytes that cannot be read, end it with their error."""
    found, head = Found(), parts.ledger.head()
    while page := parts.ledger.feed(found.events, PAGE):
        for entry in page:
            _look_at(entry, found)
        progress(found.events, max(head, found.events))
    for (body, kind), numbers in found.serials.items():
        if len(set(numbers)) < len(numbers):
            found.faults.append(f"body {body} has given a number of {kind} twice")
    return found


def _look_at(entry: Entry[Any], found: Found) -> None:
    found.events += 1
    if entry.version != found.versions.get(entry.stream, 0) + 1:
        found.faults.append(f"position {entry.position}: stream {entry.stream} jumps to version {entry.version}")
    if found.last_recorded and entry.recorded_at < found.last_recorded:
        found.faults.append(f"position {entry.position}: recorded before the one before it")
    found.versions[entry.stream], found.last_recorded = entry.version, entry.recorded_at
    if isinstance(entry.event, Numbered) and entry.event.given:  # an imported mediation was numbered elsewhere
        series = entry.event.series()
        found.serials.setdefault((series.body, series.kind), []).append(entry.event.given)
