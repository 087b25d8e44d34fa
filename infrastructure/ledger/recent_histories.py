"""Recent histories in memory: a baseline only, to which every load adds what was recorded since."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from psycopg import Cursor

from application.ports import Stream
from domain.shared.decider import History
from infrastructure.ledger.stored import Coder
from infrastructure.memory import Memory

S = TypeVar("S")

ROOM = 2_000


class RecentHistories:
    """Histories never change, they grow: what is remembered may be short, but is never wrong."""

    def __init__(self, room: int = ROOM) -> None:
        self._memory: Memory[tuple[str, UUID], History[Any]] = Memory(room)

    @property
    def generation(self) -> int:
        return self._memory.generation

    def get(self, stream: str, id: UUID) -> History[Any] | None:
        return self._memory.get((stream, id))

    def keep(self, stream: str, history: History[Any], generation: int) -> None:
        self._memory.keep((stream, history.id), history, generation)

    def forget(self) -> None:
        self._memory.forget()


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
