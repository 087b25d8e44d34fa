"""Boxes of offers and requests, the columns of the levels board, the bridge to courts and organs."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool

from application.case.row import Card
from application.escalation.row import EscalationCard
from application.figures.case_figures import CaseFilter
from application.figures.handover_figures import Awaited, Box, Cards, LevelColumn
from application.referral.row import ReferralCard
from application.rights import Scope
from domain.shared.values import Level
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case_condition import ALL_OF_IT, condition, of_referrals
from infrastructure.read_models.case_order import UnknownCursor
from infrastructure.read_models.case_sealed import CARD, CardRows

C = TypeVar("C", ReferralCard, EscalationCard)

REFERRAL = ", ".join(f"r.{one.name}" for one in fields(ReferralCard) if one.name != "outcome")
SIDES = "r.sender = ANY(%(seen_bodies)s::uuid[]) OR r.accepted_by = ANY(%(seen_bodies)s::uuid[])"
"""What it came back with is between these two: other receivers are not told."""
ESCALATION = ", ".join(f"e.{one.name}" for one in fields(EscalationCard))
OPEN_REFERRAL = "r.stage IN ('offered', 'acknowledged', 'objected', 'accepted')"
OPEN_ESCALATION = "e.stage IN ('requested', 'accepted', 'supervised')"
BOXES = {
    ("referral", Box.IN): "r.receivers && %(seen_bodies)s::uuid[]",
    ("referral", Box.OUT): "r.sender = ANY(%(seen_bodies)s::uuid[])",
    ("referral", Box.WAITING): "r.waiting <> '{}' AND r.waiting && %(seen_bodies)s::uuid[]",
    ("escalation", Box.WAITING): "e.above = ANY(%(seen_bodies)s::uuid[]) AND e.stage = 'requested'",
    ("escalation", Box.IN): "e.above = ANY(%(seen_bodies)s::uuid[])",
    ("escalation", Box.OUT): "e.below = ANY(%(seen_bodies)s::uuid[])",
}
COLUMNS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


class HandoverLists:
    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens, rows: CardRows) -> None:
        self._pool = pool
        self._persons, self._card_rows = persons, rows

    def referrals(self, scope: Scope, box: Box, open: bool, after: str | None, limit: int) -> Cards[ReferralCard]:
        """Those that should be answered first, first."""
        where = f"{BOXES['referral', box]} AND {OPEN_REFERRAL if open else 'true'}"
        query = (
            f"SELECT {REFERRAL}, CASE WHEN {SIDES} THEN r.outcome END AS outcome FROM referral_board r WHERE {where}"
        )
        return self._page(query, "r", ReferralCard, scope, after, limit)

    def escalations(self, scope: Scope, box: Box, open: bool, after: str | None, limit: int) -> Cards[EscalationCard]:
        where = f"{BOXES['escalation', box]} AND {OPEN_ESCALATION if open else 'true'}"
        query = f"SELECT {ESCALATION} FROM escalation_board e WHERE {where}"
        return self._page(query, "e", EscalationCard, scope, after, limit)

    def waiting(self, scope: Scope) -> Awaited:
        query = (
            f"SELECT (SELECT count(*) FROM referral_board r WHERE {BOXES['referral', Box.WAITING]}) AS offers,"
            f" (SELECT count(*) FROM escalation_board e WHERE {BOXES['escalation', Box.WAITING]}) AS requests"
        )
        values = {"seen_bodies": list(scope.bodies)}
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Awaited)) as cursor:
            return cursor.execute(query, values).fetchone() or Awaited(offers=0, requests=0)

    def _page(self, query: str, of: str, card: type[C], scope: Scope, after: str | None, limit: int) -> Cards[C]:
        key = f"coalesce({of}.due, 'infinity'::date), {of}.id"
        values: dict[str, Any] = {"seen_bodies": list(scope.bodies), "limit": limit + 1}
        if after:
            query += f" AND ({key}) > (%(after_day)s, %(after_id)s)"
            values["after_day"], values["after_id"] = _cursor(after)
        rows = self._rows(card, f"{query} ORDER BY {key} LIMIT %(limit)s", values)
        more = len(rows) > limit
        return Cards(cards=tuple(rows[:limit]), after=_mark(rows[limit - 1]) if more else None)

    def _rows(self, card: type[Any], query: str, values: dict[str, Any]) -> list[Any]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(card)) as cursor:
            return list(cursor.execute(query, values).fetchall())

    def _case_cards(self, query: str, values: dict[str, Any]) -> list[Card]:
        with self._pool.connection() as connection, connection.cursor(row_factory=self._card_rows) as cursor:
            return list(cursor.execute(query, values).fetchall())

    def levels(self, scope: Scope, limit: int) -> Sequence[LevelColumn]:
        """Open cases by the level that holds them, those that it has had longest first."""
        where, values = condition(scope, CaseFilter(), self._persons)
        going_on = f"{where} AND b.status IN ('registered', 'open')"
        totals = self._totals(
            f"SELECT b.level, count(*) AS cases FROM case_board b WHERE {going_on} GROUP BY 1", values
        )
        query = (
            f"SELECT {CARD} FROM case_board b WHERE {going_on} AND b.level = %(of_level)s"
            " ORDER BY b.held_since, b.id LIMIT %(limit)s"
        )
        columns = []
        for level in COLUMNS:
            cards = tuple(self._case_cards(query, values | {"of_level": str(level), "limit": limit}))
            columns.append(LevelColumn(level=level, total=totals.get(level, 0), cards=cards))
        return columns

    def _totals(self, query: str, values: dict[str, Any]) -> dict[str, int]:
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return {row["level"]: row["cases"] for row in cursor.execute(query, values).fetchall()}

    def bridge(self, scope: Scope, limit: int) -> Sequence[ReferralCard]:
        where, values = condition(scope, CaseFilter(), self._persons)
        query = (
            f"SELECT {REFERRAL}, CASE WHEN {SIDES} OR {ALL_OF_IT} THEN r.outcome END AS outcome"
            " FROM referral_board r JOIN case_board b ON b.id = r.case_id"
            f" WHERE {where} AND {of_referrals(scope)} AND {OPEN_REFERRAL} AND r.kind <> 'invite'"
            " AND (r.kind IN ('delegate', 'entrust') OR EXISTS (SELECT 1 FROM body s WHERE s.id = r.sender"
            " AND s.kind IN ('court', 'organ', 'police', 'petition')) OR EXISTS (SELECT 1 FROM body s"
            " WHERE s.id = ANY(r.receivers) AND s.kind IN ('court', 'organ', 'police')))"
            " ORDER BY coalesce(r.due, 'infinity'::date), r.id LIMIT %(limit)s"
        )
        return self._rows(ReferralCard, query, values | {"limit": limit, "seen_bodies": list(scope.bodies)})

    def elsewhere(self, scope: Scope, limit: int) -> Sequence[Card]:
        going_on = "b.organs <> '{}' AND b.status IN ('registered', 'open')"
        return self._cards(scope, going_on, "b.breach DESC, b.registered_at, b.id", {"limit": limit})

    def confirmations(self, scope: Scope, today: date, limit: int) -> Sequence[Card]:
        asked = "(b.confirmation = 'applied' OR b.confirmation IS NULL AND b.confirm_by >= %(today)s)"
        where = f"b.confirm_by IS NOT NULL AND {asked}"
        return self._cards(scope, where, "b.confirm_by, b.id", {"limit": limit, "today": today})

    def _cards(self, scope: Scope, where: str, order: str, more: dict[str, Any]) -> Sequence[Card]:
        seen, values = condition(scope, CaseFilter(), self._persons)
        query = f"SELECT {CARD} FROM case_board b WHERE {seen} AND {where} ORDER BY {order} LIMIT %(limit)s"
        return self._case_cards(query, values | more)


def _mark(row: ReferralCard | EscalationCard) -> str:
    return urlsafe_b64encode(f"{row.due or 'infinity'} {row.id}".encode()).decode().rstrip("=")


def _cursor(mark: str) -> tuple[str, UUID]:
    try:
        day, id = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split(" ")
        return day if day == "infinity" else date.fromisoformat(day).isoformat(), UUID(id)
    except ValueError:
        raise UnknownCursor from None
