"""机构合并: what lies at a body: its open cases, with those it was offered, and whoever is appointed to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg_pool import ConnectionPool

from domain.shared.values import BodyId, CaseId, OfficerId

_OPEN = (
    "SELECT id FROM case_board WHERE bodies && ARRAY[%(body)s::uuid] AND status NOT IN ('closed', 'archived', 'merged')"
    " UNION SELECT case_id FROM referral_board WHERE receivers && ARRAY[%(body)s::uuid] OR sender = %(body)s ORDER BY 1"
)
_APPOINTED = (
    "SELECT DISTINCT officer_id FROM appointment WHERE body_id = %(body)s"
    " AND (in_force_until IS NULL OR in_force_until > %(day)s) ORDER BY 1"
)


class DeskLists:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def open_cases(self, body: BodyId) -> Sequence[CaseId]:
        with self._pool.connection() as connection:
            return [CaseId(id) for (id,) in connection.execute(_OPEN, {"body": body}).fetchall()]

    def appointed(self, body: BodyId, day: date) -> Sequence[OfficerId]:
        with self._pool.connection() as connection:
            found = connection.execute(_APPOINTED, {"body": body, "day": day}).fetchall()
            return [OfficerId(id) for (id,) in found]
