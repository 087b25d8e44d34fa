"""What nobody filed, and what was erased, is thrown away: two days later, where all that was filed is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.logs import get_logger
from infrastructure.files.sealed import FilePlace
from infrastructure.read_models.erasures import ErasureTables

log = get_logger("tiaojie.files")

KEPT_FOR = timedelta(days=2)
"""Whoever was interrupted between the photo and the form comes back."""
EVERY = timedelta(hours=1)


class Sweeping:
    """`caught_up`: brings the read model to the end of the ledger, and says whether it came there: what it does not
    know yet may be filed."""

    def __init__(self, place: FilePlace, pool: ConnectionPool[Any], caught_up: Callable[[], bool]) -> None:
        self._place, self._pool, self._caught_up = place, pool, caught_up
        self._next = datetime.min.replace(tzinfo=UTC)

    def look(self) -> None:
        """Asked often; the place is looked through now and then."""
        if (now := datetime.now(UTC)) >= self._next:
            self._next = now + EVERY
            self.sweep(now)

    def sweep(self, now: datetime) -> int:
        """How many: none while a history cannot be read, for its files are not known. Raises FilesAway."""
        old = {UUID(hex=name) for name in self._place.names(now - KEPT_FOR)}
        if not old or not self._caught_up():
            return 0
        filed = self._filed()
        gone = old - filed if filed is not None else set()
        for owner in gone:
            self._place.remove(owner.hex)
        if gone:
            log.info("files that no entry names were thrown away", number=len(gone))
        return len(gone)

    def _filed(self) -> set[UUID] | None:
        with self._pool.connection() as connection:
            query = "SELECT count(*) FROM parked WHERE model = %s"
            if connection.execute(query, [ErasureTables.name]).fetchall() != [(0,)]:
                return None
            rows = connection.execute(
                "SELECT owner FROM case_file WHERE owner NOT IN (SELECT owner FROM erasure)"
            ).fetchall()
        return {owner for (owner,) in rows}
