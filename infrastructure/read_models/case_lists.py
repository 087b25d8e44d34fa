"""Lists of cases: one filter for rights and wishes, keyset pages, Chinese search by pairs of characters."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg_pool import ConnectionPool

from application.case.row import Card, as_listed, bigrams
from application.figures.case_figures import CardPage, CaseFilter, Move, Waiting
from application.rights import Scope
from domain.shared.errors import Refused
from domain.shared.values import Level

CARD = ", ".join(f"b.{one.name}" for one in fields(Card) if one.name != "whole")
CHARACTERS_NEEDED = 2


class UnknownCursor(Refused):
    """This page's beginning is none that was given out."""


class TooShortToSearch(Refused):
    """A search needs two characters or more."""


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
        )

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


def condition(scope: Scope, wanted: CaseFilter, person_hash: Callable[[str], bytes]) -> tuple[str, dict[str, Any]]:
    """WHERE and its values: of what the scope lets see, what is wanted. Every list and figure goes through here."""
    parts, values = ["b.status <> 'merged'"] if wanted.outcome or wanted.cohort else ["true"], dict[str, Any]()
    _see(scope, parts, values)
    for column in ("status", "stage", "category", "source", "risk", "result", "level"):
        if (value := getattr(wanted, column)) is not None:
            parts.append(f"b.{column} = %({column})s")
            values[column] = str(value)
    parts += _imported(wanted)
    _lie_in(wanted, parts, values)
    _search(wanted, parts, values, person_hash)
    if wanted.words or wanted.party:
        parts.append(whole(scope))
    _counted(wanted, parts, values)
    return " AND ".join(parts), values


def _imported(wanted: CaseFilter) -> Iterator[str]:
    if wanted.imported is not None:
        yield "b.imported" if wanted.imported else "NOT b.imported"
    if wanted.flagged is not None:
        yield f"b.flagged {'<>' if wanted.flagged else '='} '{{}}'"


LIES_IN_SCOPE = (
    "(b.place = ANY(%(seen_areas)s::uuid[]) OR b.holder IN"
    " (SELECT id FROM body WHERE area_id = ANY(%(seen_areas)s::uuid[])))"
)


def whole(scope: Scope) -> str:
    """Whether the reader sees all of a case: names, facts, and what a search looks through."""
    return "true" if scope.everything else f"(b.seeing && %(seen_bodies)s::uuid[] OR {LIES_IN_SCOPE})"


def _see(scope: Scope, parts: list[str], values: dict[str, Any]) -> None:
    if scope.everything:
        return
    parts.append(f"(b.bodies && %(seen_bodies)s::uuid[] OR {LIES_IN_SCOPE})")
    values |= {"seen_bodies": list(scope.bodies), "seen_areas": list(scope.areas)}


def _lie_in(wanted: CaseFilter, parts: list[str], values: dict[str, Any]) -> None:
    if wanted.area:
        day = "b.registered_on" if wanted.cohort or wanted.outcome not in RESOLVED else "b.resolved_on"
        parts.append(
            "EXISTS (SELECT 1 FROM area_closure c WHERE c.area_id = b.place AND c.ancestor_id = %(area)s"
            f" AND c.valid_from <= {day} AND {day} < c.valid_until)"
        )
        values["area"] = wanted.area
    if wanted.body:
        parts.append("b.bodies && ARRAY[%(body)s]::uuid[]")
        values["body"] = wanted.body


def _search(wanted: CaseFilter, parts: list[str], values: dict[str, Any], person_hash: Callable[[str], bytes]) -> None:
    if words := wanted.words.strip():
        if not (pairs := bigrams(words)):
            raise TooShortToSearch(needed=CHARACTERS_NEEDED)
        parts.append("b.words @> %(words)s::text[]")
        values["words"] = sorted(pairs)
    if party := wanted.party.strip():
        parts.append("b.persons @> ARRAY[%(party)s]::bytea[]")
        values["party"] = person_hash(party)


RESOLVED = frozenset({"resolved", "village", "township"})
HIGHEST = {"village": Level.VILLAGE.rank, "township": Level.TOWNSHIP.rank}


def _counted(wanted: CaseFilter, parts: list[str], values: dict[str, Any]) -> None:
    """What happened in the window: a move, or else what its outcome says."""
    if wanted.moved and wanted.moved is not Move.BOUNCED:
        parts.append(_moved(wanted, values))
        return
    if wanted.moved:
        parts.append("b.bounces > 0")
    _window(wanted, parts, values)


def _window(wanted: CaseFilter, parts: list[str], values: dict[str, Any]) -> None:
    """P: the day of what is counted lies in the window. C: the day of registration does."""
    resolved = wanted.outcome in RESOLVED
    if resolved:
        parts.append("b.resolved_on IS NOT NULL")
    if wanted.outcome == "open":
        parts.append(OPEN_AT_THE_END)
        values["until"] = wanted.until
        if not wanted.cohort:
            return
    column = "b.resolved_on" if resolved and not wanted.cohort else "b.registered_on"
    for name, sign in (("since", ">="), ("until", "<=")):
        if value := getattr(wanted, name):
            parts.append(f"{column} {sign} %({name})s")
            values[name] = value
    if wanted.outcome in HIGHEST:
        parts.append("b.highest_rank <= %(highest)s")
        values["highest"] = HIGHEST[str(wanted.outcome)]


REFERRALS = {
    Move.REFERRED: "true",
    Move.IN_TIME: "r.answered_in_time",
    Move.REJECTED: "(r.stage IN ('rejected', 'upheld') OR r.ground IS NOT NULL)",
    Move.SILENT: "r.silent",
    Move.RETURNED: "r.stage = 'returned'",
}
ESCALATIONS = {
    Move.ESCALATED: "r.kind IN ('request', 'call-up')",
    Move.SENT_BACK: "r.stage IN ('sent-back', 'returned-down')",
    Move.BY_CLOCK: "r.by_clock",
    Move.SUPERVISED: "r.kind = 'supervision'",
}


def _moved(wanted: CaseFilter, values: dict[str, Any]) -> str:
    """By the day of the offer, or of the request."""
    referral = wanted.moved in REFERRALS
    table, day = ("referral_board", "r.offered_on") if referral else ("escalation_board", "r.began_on")
    parts = ["r.case_id = b.id", {**REFERRALS, **ESCALATIONS}[Move(wanted.moved or "")]]
    for name, sign in (("since", ">="), ("until", "<=")):
        if value := getattr(wanted, name):
            parts.append(f"{day} {sign} %({name})s")
            values[name] = value
    return f"EXISTS (SELECT 1 FROM {table} r WHERE {' AND '.join(parts)})"


OPEN_AT_THE_END = (
    "(%(until)s::date IS NULL AND b.closed_on IS NULL OR b.registered_on <= %(until)s"
    " AND (b.closed_on IS NULL OR b.closed_on > %(until)s))"
)
"""Registered and not yet closed when the window ends."""
