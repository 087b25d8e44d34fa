"""更正、作废与补录: a row for each correction, strike and late entry of a case or of a referral or escalation of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.case.amendments import AmendedEntry, AmendmentCount, AmendmentFilter, AmendmentKind
from application.case.page import LATE
from application.figures.case_figures import CaseFilter
from application.rights import Scope
from domain.case.commands import CaseEvent
from domain.case.record.correction import EntryCorrected, EntryStruck
from domain.escalation.commands import EscalationEvent
from domain.referral.commands import ReferralEvent
from domain.shared.calendar import local_day
from domain.shared.decider import Entry
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case_condition import ALL_OF_IT, condition

T = TypeVar("T")
OF_A_CASE = (CaseEvent, ReferralEvent, EscalationEvent)


class AmendmentTables:
    name: ClassVar = "case_amendments"
    contexts: ClassVar[tuple[str, ...]] = ("case", "referral", "escalation")
    by_stream: ClassVar = True
    schema: ClassVar = """
        CREATE TABLE case_amendment (
            position bigint PRIMARY KEY, context text NOT NULL, stream uuid NOT NULL, version integer NOT NULL,
            kind text NOT NULL, body uuid NOT NULL, officer uuid NOT NULL,
            recorded_on date NOT NULL, happened_on date NOT NULL);
        CREATE INDEX case_amendment_by_body ON case_amendment (body, position DESC);
        CREATE INDEX case_amendment_by_day ON case_amendment (recorded_on, position DESC);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        rows = [_row(one, kind) for one in page if isinstance(one.event, OF_A_CASE) and (kind := _kind(one))]
        to.executemany("INSERT INTO case_amendment VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)


def _kind(entry: Entry[Any]) -> AmendmentKind | None:
    match entry.event:
        case EntryCorrected():
            return AmendmentKind.CORRECTION
        case EntryStruck():
            return AmendmentKind.STRIKE
    return AmendmentKind.LATE if entry.recorded_at - entry.occurred_at > LATE else None


def _row(entry: Entry[Any], kind: AmendmentKind) -> tuple[Any, ...]:
    stamp, days = entry.stamp, (local_day(entry.recorded_at), local_day(entry.occurred_at))
    context = entry.event.name.partition(".")[0]
    return (entry.position, context, entry.stream, entry.version, kind.value, stamp.body, stamp.by, *days)


_WANTED = (
    " AND (%(kind)s::text IS NULL OR a.kind = %(kind)s) AND (%(of_body)s::uuid IS NULL OR a.body = %(of_body)s)"
    " AND (%(from)s::date IS NULL OR a.recorded_on >= %(from)s) AND (%(to)s::date IS NULL OR a.recorded_on <= %(to)s)"
)


class Amendments:
    """Answers application.case.amendments.AmendmentBoard."""

    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens) -> None:
        self._pool, self._persons = pool, persons

    def amendments(
        self, scope: Scope, wanted: AmendmentFilter, before: int | None, limit: int
    ) -> Sequence[AmendedEntry]:
        columns = (
            "a.position, a.context, a.stream, b.id AS case_id, b.code, a.version, a.kind, a.body, a.officer,"
            " a.recorded_on, a.happened_on, a.recorded_on - a.happened_on AS days"
        )
        page = " AND (%(before)s::bigint IS NULL OR a.position < %(before)s) ORDER BY a.position DESC LIMIT %(limit)s"
        return self._rows(AmendedEntry, columns, page, scope, wanted, before=before, limit=limit)

    def amendment_counts(self, scope: Scope, wanted: AmendmentFilter) -> Sequence[AmendmentCount]:
        columns = "a.body, a.kind, count(*) AS entries"
        return self._rows(AmendmentCount, columns, " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2", scope, wanted)

    def _rows(
        self, row: type[T], columns: str, end: str, scope: Scope, wanted: AmendmentFilter, **more: Any
    ) -> list[T]:
        where, values = condition(scope, CaseFilter(), self._persons)
        query = (
            f"SELECT {columns} FROM case_amendment a"
            " LEFT JOIN referral_board r ON r.id = a.stream LEFT JOIN escalation_board e ON e.id = a.stream"
            " JOIN case_board b ON b.id = coalesce(r.case_id, e.case_id, a.stream)"
            f" WHERE {where} AND {ALL_OF_IT}{_WANTED}{end}"
        )
        asked = {"kind": wanted.kind, "of_body": wanted.body, "from": wanted.since, "to": wanted.until}
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(row)) as cursor:
            found: list[T] = cursor.execute(query.encode(), values | asked | more).fetchall()
        return found
