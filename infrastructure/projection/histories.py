"""The histories that a page of the feed goes on with: remembered between pages, loaded where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from application.ports import Stream
from domain.shared.decider import Amending, Entry, History
from infrastructure.memory import Memory

REMEMBERED = 4_000
"""How many stay in memory between pages: the next event of one mostly comes soon."""

Load = Callable[[Stream[Any], Sequence[UUID], int], Iterable[History[Any]]]
"""The histories of these streams, up to a position."""


class Histories:
    """The histories of one kind of stream, whose events are of one class."""

    def __init__(self, stream: Stream[Any], events: type[Any], load: Load) -> None:
        self._stream = stream
        self._events = events
        self._load = load
        self._memory: Memory[UUID, History[Any]] = Memory(REMEMBERED)

    def changed(self, page: Sequence[Entry[Any]]) -> list[History[Any]]:
        """Those that the page has entries of, with them."""
        entries = [entry for entry in page if isinstance(entry.event, self._events)]
        if not entries:
            return []
        by_stream = groupby(sorted(entries, key=lambda one: (one.stream, one.version)), lambda one: one.stream)
        added = {id: list(group) for id, group in by_stream}
        return self._continued(added, page[0].position - 1)

    def _continued(self, added: dict[UUID, list[Entry[Any]]], before: int) -> list[History[Any]]:
        began = self._memory.generation
        known = {id: self._known(id, entries[0].version) for id, entries in added.items()}
        unknown = [id for id, history in known.items() if history is None]
        known |= {one.id: one for one in self._load(self._stream, unknown, before)} if unknown else {}
        histories = []
        for id, entries in added.items():
            past = known[id] or History.of(id, self._stream.blank(id), ())
            history = continued(past, entries)
            self._memory.keep(id, history, began)
            histories.append(history)
        return histories

    def _known(self, id: UUID, next_version: int) -> History[Any] | None:
        """What is remembered, if it is just what was recorded before; a page that was rolled back is forgotten."""
        if next_version == 1:
            return History.of(id, self._stream.blank(id), ())
        history = self._memory.get(id)
        return history if history and history.version == next_version - 1 else None

    def forget(self) -> None:
        """All of it, from any thread: what is asked for again is loaded again."""
        self._memory.forget()


def continued(past: History[Any], entries: list[Entry[Any]]) -> History[Any]:
    """The history with these added; read from its beginning where the page's edge cut a correction in two."""
    if _awaits_rewritten(past):
        return History.of(past.id, past.blank, (*past.entries, *entries))
    return past.then(entries)


def _awaits_rewritten(history: History[Any]) -> bool:
    """Whether the entries that its last correction announces are still to come."""
    for after, entry in enumerate(reversed(history.entries)):
        if isinstance(entry.event, Amending):
            return len(entry.event.rewritten) > after
    return False
