"""Lists of cases: one filter for rights and wishes, keyset pages, Chinese search by pairs of characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row, scalar_row
from psycopg_pool import ConnectionPool

from application.case.row import Card
from application.figures.case_figures import CardPage, CaseFilter, KnownDisputes
from application.figures.queues import SORT_OF_QUEUE, Queue, Sort
from application.rights import Scope
from domain.case.people import NewParty
from domain.shared.values import AreaId
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case import PERSONS
from infrastructure.read_models.case_condition import ALL_OF_IT, KNOWN, condition, first, known_line
from infrastructure.read_models.case_order import ORDERS, Order
from infrastructure.read_models.case_queues import ANY_QUEUE, counted
from infrastructure.read_models.case_sealed import CARD, CardRows


class CaseLists:
    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens, rows: CardRows) -> None:
        self._pool = pool
        self._persons, self._card_rows = persons, rows

    def cards(
        self,
        scope: Scope,
        wanted: CaseFilter,
        after: str | None = None,
        limit: int = 50,
        sort: Sort | None = None,
    ) -> CardPage:
        """In the order that is wanted; of what was searched for, those with that very number or name before all."""
        order = ORDERS[sort or SORT_OF_QUEUE.get(wanted.queue, Sort.LATEST)]
        where, values = condition(scope, wanted, self._persons)
        keys = order.keys(rank := first(wanted))
        if after:
            asked = f"{'%(after_rank)s, ' if rank else ''}%(after_at)s::{order.kind}, %(after_id)s"
            where += f" AND ({', '.join(keys)}) {'<' if order.latest_first else '>'} ({asked})"
            values |= order.cursor(after)
        direction = " DESC" if order.latest_first else ""
        query = (
            f"SELECT {CARD}, {rank or 'false'} AS rank FROM {_among(scope, wanted, after, order)}"
            f" WHERE {where} ORDER BY {', '.join(key + direction for key in keys)} LIMIT %(limit)s"
        )
        rows, more = self._ranked(query, values | {"limit": limit + 1}, limit)
        cards = tuple(card for card, _ in rows)
        return CardPage(cards=cards, after=order.mark(*rows[-1]) if more else None)

    def _ranked(self, query: str, values: dict[str, Any], limit: int) -> tuple[list[tuple[Card, bool]], bool]:
        """And whether there are more than these. Whatever is not shown is not opened."""
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = [(row.pop("rank"), row) for row in cursor.execute(query, values).fetchall()]
        return [(self._card_rows.card(row), rank) for rank, row in rows[:limit]], len(rows) > limit

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

    def queues(self, scope: Scope, day: date) -> Mapping[Queue, int]:
        """Of the reader's own bodies, in one statement."""
        where, values = condition(scope, CaseFilter(day=day), self._persons)
        if scope.everything:
            return {}
        query = f"SELECT {counted()} FROM case_board b WHERE {ANY_QUEUE} AND {where}"
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(query, values).fetchone() or {}
        return {Queue(name): number for name, number in row.items()}

    def of(self, scope: Scope, ids: Sequence[UUID]) -> Mapping[UUID, Card]:
        where, values = known_line(scope)
        query = f"SELECT {CARD} FROM case_board b WHERE {where} AND b.id = ANY(%(ids)s)"
        return {one.id: one for one in self._read(query, values | {"ids": list(ids)})}

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


def _few(scope: Scope) -> bool:
    """The desk of a few bodies, which a thousandth of the cases may be on."""
    return not scope.everything and not scope.areas


def _among(scope: Scope, wanted: CaseFilter, after: str | None, order: Order) -> str:
    """For the desk of a few bodies: the latest of each, by their index. What is seen and wanted is asked of these as of
    all."""
    latest = order is ORDERS[Sort.LATEST]
    if not _few(scope) or not latest or wanted.but(status=None, day=None) != CaseFilter():
        return "case_board b"
    which = " AND status = %(status)s" if wanted.status else ""
    return LATEST.format(which=which + (" AND (registered_at, id) < (%(after_at)s, %(after_id)s)" if after else ""))
