"""试导入 A ledger on which everything is decided as ever, and nothing is recorded: what a sheet would do is told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from application.ports import Asked, Ledger, Receipt, Stream, Unit
from domain.shared.decider import Entry, History

S = TypeVar("S")
NOTHING = Receipt(id=UUID(int=0), version=0, position=0)


class _Tried(Exception):
    """All of it could be recorded."""


class OnTrial:
    """`application.ports.Ledger`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def carry_out(self, asked: Asked, work: Callable[[Unit], UUID], *, from_memory: bool = False) -> Receipt:
        """Raises what the work raises."""

        def tried(unit: Unit) -> NoReturn:
            work(unit)
            raise _Tried

        with contextlib.suppress(_Tried):
            self._ledger.carry_out(asked, tried)
        return NOTHING

    def history(self, stream: Stream[S], id: UUID) -> History[S]:
        return self._ledger.history(stream, id)

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        return self._ledger.feed(after, limit)

    def head(self) -> int:
        return self._ledger.head()

    def position_at(self, moment: datetime) -> int:
        return self._ledger.position_at(moment)
