"""Reads the whole ledger: nothing missing, nothing out of order, everything readable, every number accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from api.wiring import Wired
from api.wiring_ledgers import BeingMadeAnew, Hole, Read, Unread, readable_page
from domain.shared.calendar import local_day
from domain.shared.decider import Numbered

PAGE = 1_000


@dataclass
class Found:
    events: int = 0
    faults: list[str] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    serials: dict[tuple[UUID, str], list[str]] = field(default_factory=dict)
    taken: Counter[tuple[UUID, str, int]] = field(default_factory=Counter)
    """How many numbers were given, by body, kind and year."""
    last_recorded: datetime | None = None

    @property
    def streams(self) -> int:
        return len(self.versions)


def check(parts: Wired, progress: Callable[[int, int], None]) -> Found:
    """What cannot be read is a fault of its position; a hole in the feed is one, and the last that is looked for."""
    found, head = Found(), parts.ledger.head()
    try:
        while page := readable_page(parts.ledger, found.events, PAGE):
            for entry in page:
                _look_at(entry, found)
            progress(found.events, max(head, found.events))
    except Hole as hole:
        found.faults.append(f"the feed has a hole: {hole}")
    if found.events < head and not found.faults:
        found.faults.append(f"the feed is said to end at {head}, and ends at {found.events}")
    found.faults += differing(parts, progress)
    found.faults += [f"password of officer {one}: not the one that was set" for one in parts.logins.passwords.not_set()]
    found.faults += parts.logins.looks.faults()
    found.faults += _faults_of_numbers(found, parts.ledger.last_serials())
    return found


def _faults_of_numbers(found: Found, last: Mapping[tuple[UUID, str, int], int]) -> Iterator[str]:
    """A row of numbers has no gap: its last one says how many were given. One that was set back gives them again."""
    for (body, kind), numbers in found.serials.items():
        if len(set(numbers)) < len(numbers):
            yield f"body {body} has given a number of {kind} twice"
    for body, kind, year in sorted(found.taken.keys() | last.keys(), key=str):
        given, said = found.taken[body, kind, year], last.get((body, kind, year), 0)
        if given != said:
            yield f"body {body} has given {given} numbers of {kind} in {year}, and the next would be {said + 1}"


def differing(parts: Wired, progress: Callable[[int, int], None]) -> list[str]:
    """What lists, rights and figures are read from, against the events that it is made from."""
    try:
        found = parts.projector.differences(lambda _, done, of: progress(done, of))
    except BeingMadeAnew:
        return ["the read models are being made anew: they are compared when that is done"]
    return [
        f"table {one.table}: {one.rows} rows are otherwise than the events say"
        + (f" ({', '.join(map(str, one.ids))})" if one.ids else "")
        if one.rows is not None
        else f"table {one.table}: it is gone, or of another form"
        for one in found
    ]


def _look_at(entry: Read, found: Found) -> None:
    found.events += 1
    if isinstance(entry, Unread):
        why = "was recorded by somebody else, or altered since" if entry.is_not_ours else "cannot be read"
        found.faults.append(f"position {entry.position}: {entry.name} {why}")
        found.versions[entry.stream] = found.versions.get(entry.stream, 0) + 1
        return
    if entry.version != found.versions.get(entry.stream, 0) + 1:
        found.faults.append(f"position {entry.position}: stream {entry.stream} jumps to version {entry.version}")
    if found.last_recorded and entry.recorded_at < found.last_recorded:
        found.faults.append(f"position {entry.position}: recorded before the one before it")
    found.versions[entry.stream], found.last_recorded = entry.version, entry.recorded_at
    if isinstance(entry.event, Numbered) and entry.event.given:  # an imported mediation was numbered elsewhere
        series = entry.event.series()
        found.serials.setdefault((series.body, series.kind), []).append(entry.event.given)
        found.taken[series.body, series.kind, local_day(entry.recorded_at).year] += 1
