"""Recent histories in memory: a baseline only, to which every load adds what was recorded since."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from domain.shared.decider import History

ROOM = 2_000


class RecentHistories:
    """Histories never change, they grow: what is remembered may be short, but is never wrong."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[tuple[str, UUID], History[Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: str, id: UUID) -> History[Any] | None:
        with self._lock:
            if (stream, id) in self._kept:
                self._kept.move_to_end((stream, id))
            return self._kept.get((stream, id))

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()

    def keep(self, stream: str, history: History[Any]) -> None:
        with self._lock:
            self._kept[stream, history.id] = history
            self._kept.move_to_end((stream, history.id))
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)
