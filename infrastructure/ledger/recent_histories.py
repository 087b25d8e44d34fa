"""Recent histories in memory: a baseline only, to which every load adds what was recorded since."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from psycopg import Cursor

from application.ports import Stream
from domain.shared.decider import History
from infrastructure.ledger.stored import Coder

S = TypeVar("S")

ROOM = 2_000


class RecentHistories:
    """Histories never change, they grow: what is remembered may be short, but is never wrong."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[tuple[str, UUID], History[Any]] = OrderedDict()
        self._lock = Lock()
        self.generation = 0
        """Another one each time that all was forgotten."""

    def get(self, stream: str, id: UUID) -> History[Any] | None:
        with self._lock:
            if (stream, id) in self._kept:
                self._kept.move_to_end((stream, id))
            return self._kept.get((stream, id))

    def forget(self) -> None:
        with self._lock:
            self.generation += 1
            self._kept.clear()

    def keep(self, stream: str, history: History[Any], generation: int) -> None:
        """`generation`: as it was when the history began to be read. What was read before all was forgotten may have
        what was erased since, and is not kept."""
        with self._lock:
            if generation != self.generation:
                return
            self._kept[stream, history.id] = history
            self._kept.move_to_end((stream, history.id))
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)


class Loader:
    """Reads histories: from what is remembered, and what was recorded since."""

    def __init__(self, coder: Coder) -> None:
        self._coder = coder
        self.recent = RecentHistories()

    def remembered(self, stream: Stream[S], id: UUID) -> History[S] | None:
        """As it was when it was last read or added to, which may be a while ago."""
        return self.recent.get(stream.name, id)

    def load(self, cursor: Cursor[Any], stream: Stream[S], id: UUID) -> History[S]:
        began = self.recent.generation
        known = self.recent.get(stream.name, id) or History.of(id, stream.blank(id), ())
        query = (
            "SELECT * FROM stored_events WHERE originator_id = %s AND originator_version > %s"
            " ORDER BY originator_version"
        )
        rows = cursor.execute(query, [id, known.version], prepare=True).fetchall()
        if rows and not known.entries and not str(rows[0]["topic"]).startswith((f"{stream.name}.", f"{stream.name}_")):
            return known  # another kind of thing has this id
        if rows:
            known = known.then(self._coder.entries(rows))
            self.recent.keep(stream.name, known, began)
        return known
