"""Lists of cases: one filter for rights and wishes, keyset pages, Chinese search by pairs of characters."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row, scalar_row
from psycopg_pool import ConnectionPool

from application.case.row import Card
from application.figures.case_figures import CardPage, CaseFilter, KnownDisputes, Waiting
from application.rights import Scope
from domain.case.people import NewParty
from domain.shared.errors import Refused
from domain.shared.values import AreaId
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case import PERSONS
from infrastructure.read_models.case_condition import ALL_OF_IT, KNOWN, condition, first
from infrastructure.read_models.case_sealed import CARD, CardRows


class UnknownCursor(Refused):
    """This page's beginning is none that was given out."""


class CaseLists:
    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens, rows: CardRows) -> None:
        self._pool = pool
        self._persons, self._card_rows = persons, rows

    def cards(self, scope: Scope, wanted: CaseFilter, after: str | None = None, limit: int = 50) -> CardPage:
        """The latest registered first; of what was searched for, those with that very number or name before them."""
        where, values = condition(scope, wanted, self._persons)
        rank = first(wanted)
        keys = [*([rank] if rank else []), "b.registered_at", "b.id"]
        if after:
            where += f" AND ({', '.join(keys)}) < ({'%(after_rank)s, ' if rank else ''}%(after_at)s, %(after_id)s)"
            values |= _cursor(after)
        query = (
            f"SELECT {CARD}, {rank or 'false'} AS rank FROM {_among(scope, wanted, after)}"
            f" WHERE {where} ORDER BY {' DESC, '.join(keys)} DESC LIMIT %(limit)s"
        )
        rows = self._ranked(query, values | {"limit": limit + 1})
        more = len(rows) > limit
        cards = tuple(card for card, _ in rows[:limit])
        return CardPage(cards=cards, after=_mark(*rows[limit - 1]) if more else None)

    def _ranked(self, query: str, values: dict[str, Any]) -> list[tuple[Card, bool]]:
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = [(row.pop("rank"), row) for row in cursor.execute(query, values).fetchall()]
        return [(self._card_rows.card(row), rank) for rank, row in rows]

    def by_code(self, code: str) -> UUID | None:
        """For whoever runs the ledger: whose case it is, is not asked."""
        query = f"SELECT b.id FROM case_board b WHERE b.code = %s AND {ALL_OF_IT}"
        with self._pool.connection() as connection, connection.cursor(row_factory=scalar_row) as cursor:
            found: UUID | None = cursor.execute(query, [code]).fetchone()
        return found

    def known(self, scope: Scope, persons: Iterable[NewParty], near: AreaId, limit: int) -> KnownDisputes:
        """By the name or a number of any of them, in this area, of whatever the reader reads of a case, the whole or a
        part; elsewhere by the name alone, so that nobody confirms a number that they may not see."""
        told = list(persons)
        names = {token for one in told for token in self._persons.whole("name", one.name)}
        found = {"known": sorted(names | (self._numbers(told) if scope.finds_by_number else set())), "limit": limit}
        going_on = f"b.{PERSONS} && %(known)s::bytea[] AND b.status <> 'merged'"
        where, values = condition(scope, CaseFilter(area=near), self._persons)
        query = (
            f"SELECT {CARD} FROM case_board b WHERE {where} AND {going_on}"
            " ORDER BY b.registered_at DESC, b.id DESC LIMIT %(limit)s"
        )
        cards = tuple(self._read(query, values | found))
        elsewhere = self._elsewhere(scope, near, f"{going_on} AND {OPEN}", found | {"known": sorted(names)})
        return KnownDisputes(cards=cards, elsewhere=elsewhere)

    def _numbers(self, persons: Iterable[NewParty]) -> set[bytes]:
        """An address is also that of others."""
        told = [(kind, text) for one in persons for kind, text in (("phone", one.phone), (ID, one.identity_number))]
        return {token for kind, text in told if text for token in self._persons.whole(kind, text)}

    def _elsewhere(self, scope: Scope, near: AreaId, which: str, values: dict[str, Any]) -> tuple[UUID, ...]:
        """Who holds a case of them that the reader knows nothing of. `which` is ours, never a reader's."""
        if scope.everything:
            return ()
        lies_there, area = condition(Scope(everything=True), CaseFilter(area=near), self._persons)
        bodies = {"seen_bodies": list(scope.bodies), "seen_areas": list(scope.areas)}
        query = (
            f"SELECT DISTINCT b.holder FROM case_board b WHERE {lies_there} AND {which} AND NOT {KNOWN}"
            " ORDER BY 1 LIMIT %(limit)s"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=scalar_row) as cursor:
            return tuple(cursor.execute(query, bodies | area | values).fetchall())

    def waiting(self, scope: Scope, limit: int) -> Waiting:
        return Waiting(
            due=self._first(scope, "open", "due", limit),
            sessions=self._first(scope, "open", "session_at", limit),
            unaccepted=self._first(scope, "registered", "registered_at", limit),
            risks=self._risks(scope, limit),
        )

    def _risks(self, scope: Scope, limit: int) -> tuple[Card, ...]:
        """What was reported to the reader's own bodies and waits for their answer, closed or not."""
        where, values = condition(scope, CaseFilter(), self._persons)
        query = (
            f"SELECT {CARD} FROM case_board b WHERE {where} AND b.risk_for <> '{{}}'"
            " AND b.risk_for && %(own)s::uuid[] ORDER BY b.registered_at, b.id LIMIT %(limit)s"
        )
        return tuple(self._read(query, values | {"own": list(scope.bodies), "limit": limit}))

    def _first(self, scope: Scope, status: str, order: str, limit: int) -> tuple[Card, ...]:
        """`status` and `order` are ours, never a reader's."""
        where, values = condition(scope, CaseFilter(), self._persons)
        if _few(scope):
            where += f" AND {ON_DESK.format(status=status)}"
        query = (
            f"SELECT {CARD} FROM case_board b WHERE {where} AND b.status = '{status}'"
            f" AND b.{order} IS NOT NULL ORDER BY b.{order}, b.id LIMIT %(limit)s"
        )
        return tuple(self._read(query, values | {"limit": limit}))

    def _read(self, query: str, values: dict[str, Any]) -> list[Card]:
        with self._pool.connection() as connection, connection.cursor(row_factory=self._card_rows) as cursor:
            cards: list[Card] = cursor.execute(query, values).fetchall()
        return cards

    def count(self, scope: Scope, wanted: CaseFilter) -> int:
        where, values = condition(scope, wanted, self._persons)
        with self._pool.connection() as connection, connection.cursor(row_factory=scalar_row) as cursor:
            found = cursor.execute(f"SELECT count(*) FROM case_board b WHERE {where}", values).fetchone()
        return int(found or 0)


ID = "identity-number"
OPEN = "b.status IN ('registered', 'open')"
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


def _mark(row: Card, rank: bool) -> str:
    told = f"{row.registered_at.isoformat()} {row.id} {int(rank)}"
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _cursor(mark: str) -> dict[str, Any]:
    try:
        moment, id, rank = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split(" ")
        return {"after_at": datetime.fromisoformat(moment), "after_id": UUID(id), "after_rank": rank == "1"}
    except ValueError:
        raise UnknownCursor from None
