"""Lists of cases: one filter for rights and wishes, keyset pages, Chinese search by pairs of characters."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg_pool import ConnectionPool

from application.case.row import Card, as_listed
from application.figures.case_figures import CardPage, CaseFilter, Waiting
from application.rights import Scope
from domain.shared.errors import Refused
from infrastructure.read_models.case_condition import condition, whole

CARD = ", ".join(f"b.{one.name}" for one in fields(Card) if one.name != "whole")


class UnknownCursor(Refused):
    """This page's beginning is none that was given out."""


class CaseLists:
    def __init__(self, pool: ConnectionPool[Any], person_hash: Callable[[str], bytes]) -> None:
        self._pool = pool
        self._person_hash = person_hash

    def cards(self, scope: Scope, wanted: CaseFilter, after: str | None = None, limit: int = 50) -> CardPage:
        """The latest registered first."""
        where, values = condition(scope, wanted, self._person_hash)
        if after:
            where += " AND (b.registered_at, b.id) < (%(after_at)s, %(after_id)s)"
            values["after_at"], values["after_id"] = _cursor(after)
        query = (
            f"SELECT {CARD}, {whole(scope)} AS whole FROM {_among(scope, wanted, after)} WHERE {where}"
            " ORDER BY b.registered_at DESC, b.id DESC LIMIT %(limit)s"
        )
        rows = self._read(query, values | {"limit": limit + 1}, scope)
        more = len(rows) > limit
        return CardPage(cards=tuple(rows[:limit]), after=_mark(rows[limit - 1]) if more else None)

    def by_code(self, code: str) -> UUID | None:
        """For whoever runs the ledger: whose case it is, is not asked."""
        with self._pool.connection() as connection, connection.cursor(row_factory=scalar_row) as cursor:
            found: UUID | None = cursor.execute("SELECT id FROM case_board WHERE code = %s", [code]).fetchone()
        return found

    def waiting(self, scope: Scope, limit: int) -> Waiting:
        return Waiting(
            due=self._first(scope, "open", "due", limit),
            sessions=self._first(scope, "open", "session_at", limit),
            unaccepted=self._first(scope, "registered", "registered_at", limit),
            risks=self._risks(scope, limit),
        )

    def _risks(self, scope: Scope, limit: int) -> tuple[Card, ...]:
        """What was reported to the reader's own bodies and waits for their answer, closed or not."""
        query = (
            f"SELECT {CARD}, true AS whole FROM case_board b WHERE b.risk_for <> '{{}}'"
            " AND b.risk_for && %(own)s::uuid[] ORDER BY b.registered_at, b.id LIMIT %(limit)s"
        )
        return tuple(self._read(query, {"own": list(scope.bodies), "limit": limit}, scope))

    def _first(self, scope: Scope, status: str, order: str, limit: int) -> tuple[Card, ...]:
        """`status` and `order` are ours, never a reader's."""
        where, values = condition(scope, CaseFilter(), self._person_hash)
        if _few(scope):
            where += f" AND {ON_DESK.format(status=status)}"
        query = (
            f"SELECT {CARD}, {whole(scope)} AS whole FROM case_board b WHERE {where} AND b.status = '{status}'"
            f" AND b.{order} IS NOT NULL ORDER BY b.{order}, b.id LIMIT %(limit)s"
        )
        return tuple(self._read(query, values | {"limit": limit}, scope))

    def _read(self, query: str, values: dict[str, Any], scope: Scope) -> list[Card]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Card)) as cursor:
            return [as_listed(card, scope.bodies) for card in cursor.execute(query, values).fetchall()]

    def count(self, scope: Scope, wanted: CaseFilter) -> int:
        where, values = condition(scope, wanted, self._person_hash)
        with self._pool.connection() as connection, connection.cursor(row_factory=scalar_row) as cursor:
            found = cursor.execute(f"SELECT count(*) FROM case_board b WHERE {where}", values).fetchone()
        return int(found or 0)


LATEST = """(SELECT DISTINCT d.id FROM unnest(%(seen_bodies)s::uuid[]) AS s (body), LATERAL (
    SELECT id FROM case_desk WHERE body = s.body {which}
    ORDER BY registered_at DESC, id DESC LIMIT %(limit)s) AS d) AS latest JOIN case_board b USING (id)"""

ON_DESK = """b.id IN (
    SELECT id FROM case_desk WHERE body = ANY(%(seen_bodies)s::uuid[]) AND status = '{status}')"""


def _few(scope: Scope) -> bool:
    """The desk of a few bodies, which a thousandth of the cases may be on."""
    return not scope.everything and not scope.areas


def _among(scope: Scope, wanted: CaseFilter, after: str | None) -> str:
    """For the desk of a few bodies: the latest of each, by their index. What is seen and wanted is asked of these as of
    all."""
    if not _few(scope) or wanted.but(status=None) != CaseFilter():
        return "case_board b"
    which = " AND status = %(status)s" if wanted.status else ""
    return LATEST.format(which=which + (" AND (registered_at, id) < (%(after_at)s, %(after_id)s)" if after else ""))


def _mark(row: Card) -> str:
    return urlsafe_b64encode(f"{row.registered_at.isoformat()} {row.id}".encode()).decode().rstrip("=")


def _cursor(mark: str) -> tuple[datetime, UUID]:
    try:
        moment, id = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split(" ")
        return datetime.fromisoformat(moment), UUID(id)
    except ValueError:
        raise UnknownCursor from None
