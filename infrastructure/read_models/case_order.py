"""The orders of a list of cases, each with the mark of where its next page begins."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from application.case.row import Card
from application.figures.queues import Sort
from domain.shared.errors import Refused

NEVER = "infinity"
"""How a day or a moment is ordered that there is not: after all others."""


class UnknownCursor(Refused):
    """This page's beginning is none that was given out."""


@dataclass(frozen=True)
class Order:
    """By a column of the board, and by the id where that is the same. `kind`: its type in SQL."""

    sort: Sort
    column: str
    kind: str
    latest_first: bool = False

    @property
    def key(self) -> str:
        """Columns that are always filled are asked as they are, so that their index is used."""
        always = self.column == "registered_at"
        return f"b.{self.column}" if always else f"coalesce(b.{self.column}, '{NEVER}'::{self.kind})"

    def keys(self, rank: str | None) -> list[str]:
        """`rank`: what is true of those that stand before all others."""
        before = [] if rank is None else [rank if self.latest_first else f"(NOT {rank})"]
        return [*before, self.key, "b.id"]

    def mark(self, row: Card, rank: bool) -> str:
        at = getattr(row, self.column)
        told = f"{self.sort} {at.isoformat() if at else NEVER} {row.id} {int(rank)}"
        return urlsafe_b64encode(told.encode()).decode().rstrip("=")

    def cursor(self, mark: str) -> dict[str, Any]:
        """Raises UnknownCursor, also for a mark of another order."""
        try:
            sort, at, id, rank = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split(" ")
            known = at == NEVER or (date if self.kind == "date" else datetime).fromisoformat(at)
            found = {"after_at": at if known else None, "after_id": UUID(id)}
        except ValueError:
            raise UnknownCursor from None
        if sort != self.sort:
            raise UnknownCursor
        return found | {"after_rank": (rank == "1") is self.latest_first}


ORDERS = {
    one.sort: one
    for one in (
        Order(Sort.LATEST, "registered_at", "timestamptz", latest_first=True),
        Order(Sort.OLDEST, "registered_at", "timestamptz"),
        Order(Sort.DUE, "due", "date"),
        Order(Sort.SESSION, "session_at", "timestamptz"),
        Order(Sort.HELD, "held_since", "timestamptz"),
    )
}
