"""Two clocks for one thing: how it stood on each day, by what had happened; and since which entry that is known.

A row that was true on some days is a span. An entry ends the spans that it makes untrue and begins others, and neither
is ever deleted: asked as of any entry and any day, the rows are just those that `History.effective_at` would tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from domain.shared.calendar import local_day
from domain.shared.decider import Amending, Entry, standing

S = TypeVar("S")
Key = tuple[str, int]
"""The name of a table, and the number of a row among those of one stream."""
Rows = Mapping[Key, Any]


class Span(NamedTuple):
    """A row that was true from a day on, until another day; `until` None: it still is."""

    key: Key
    since: date
    until: date | None
    row: Any


class RowTelling(Protocol[S]):
    """Gathers what entries tell that the state does not keep, and says which rows follow from both."""

    def add(self, entry: Entry[S], state: S) -> None:
        """`state`: after the entry."""
        ...

    def rows(self, state: S) -> Rows: ...


@dataclass(frozen=True)
class KnownChange:
    """What an entry changed in what is known of a stream's days."""

    position: int
    ended: frozenset[Span]
    begun: frozenset[Span]


class Dating(Generic[S]):
    """The spans of one stream, carried on entry by entry. An entry that happened last is only added; what was recorded
    late, or amends, has all of them told anew."""

    def __init__(self, blank: S, telling: Callable[[], RowTelling[S]]) -> None:
        self._blank = blank
        self._telling = telling
        self._recorded: list[Entry[S]] = []
        self._awaited = 0
        """How many entries that an amendment announced are still to come."""
        self._begin()

    def _begin(self) -> None:
        self._state, self._told = self._blank, self._telling()
        self._last: date = date.min
        self._open: dict[Key, Span] = {}
        self._closed: set[Span] = set()

    @property
    def version(self) -> int:
        return self._recorded[-1].version if self._recorded else 0

    def record(self, entry: Entry[S]) -> KnownChange | None:
        """None: nothing that is counted changed."""
        self._recorded.append(entry)
        amends = self._amends(entry)
        day = _shown_on(entry)
        if amends or day < self._last:
            return self._told_anew(entry.position)
        return self._go_on(entry, day)

    def _amends(self, entry: Entry[S]) -> bool:
        if self._awaited:
            self._awaited -= 1
            return True
        if isinstance(entry.event, Amending):
            self._awaited = len(entry.event.rewritten)
            return True
        return False

    def _go_on(self, entry: Entry[S], day: date) -> KnownChange | None:
        before = dict(self._open)
        ended, begun = set[Span](), set[Span]()
        self._take(entry)
        for key, span in self._stand_on(day).items():
            if key in before:
                ended.add(before[key])
            begun.update(span)
        return _change(entry.position, ended, begun)

    def _take(self, entry: Entry[S]) -> None:
        self._state = entry.event.evolve(self._state, entry.occurred_at)
        self._told.add(entry, self._state)

    def _stand_on(self, day: date) -> dict[Key, list[Span]]:
        """Takes the rows as they stand by the end of the day; answers what that makes of the span of each key."""
        rows, found = self._told.rows(self._state), dict[Key, list[Span]]()
        for key in [key for key in self._open if key not in rows]:
            found[key] = self._end(self._open.pop(key), day)
        for key, row in rows.items():
            was = self._open.get(key)
            if was is not None and was.row == row:
                continue
            begun = self._open[key] = Span(key, day, None, row)
            found[key] = [*(self._end(was, day) if was else []), begun]
        self._last = day
        return found

    def _end(self, span: Span, day: date) -> list[Span]:
        """A row that stood for no day at all was never seen."""
        if span.since >= day:
            return []
        ended = span._replace(until=day)
        self._closed.add(ended)
        return [ended]

    def _told_anew(self, position: int) -> KnownChange | None:
        before = self._spans()
        self._begin()
        entries = standing(self._recorded)
        for day in sorted({_shown_on(one) for one in entries}):
            self._fold(one for one in entries if _shown_on(one) <= day)
            self._stand_on(day)
        after = self._spans()
        return _change(position, before - after, after - before)

    def _fold(self, entries: Iterable[Entry[S]]) -> None:
        """As `effective_at` reads them: in the order of the record, those left out that have no place in the state."""
        self._state, self._told = self._blank, self._telling()
        for entry in entries:
            if entry.event.has_place_in(self._state):
                self._take(entry)

    def _spans(self) -> set[Span]:
        return {*self._closed, *self._open.values()}


def _shown_on(entry: Entry[Any]) -> date:
    return local_day(entry.event.shown_from(entry.occurred_at))


def _change(position: int, ended: set[Span], begun: set[Span]) -> KnownChange | None:
    return KnownChange(position, frozenset(ended), frozenset(begun)) if ended or begun else None


def dated(blank: S, telling: Callable[[], RowTelling[S]], entries: Iterable[Entry[S]]) -> Dating[S]:
    """As it stands after these entries."""
    dating = Dating(blank, telling)
    for entry in entries:
        dating.record(entry)
    return dating
