"""信号 What is looked for between cases, in the snapshot of the figures; and what was found out about signals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from application.figures.asking import Counting
from application.figures.case_figures import CaseFilter
from application.figures.counting import Count, RowKind
from application.figures.definitions import REGISTERED
from application.rights import Scope
from application.signal.alike import alike
from application.signal.definitions import Pattern
from application.signal.service import MOST_TEXTS, Finding, Measured, TooManyToCompare
from domain.shared.decider import Entry
from domain.signal.commands import SignalStage
from domain.signal.findings import FindingRecorded
from infrastructure.privacy.person_tokens import BYTES
from infrastructure.read_models.case import PHONES, READER, WORDS
from infrastructure.read_models.figure_counts import FigureCounts, FigureSnapshot
from infrastructure.read_models.figure_query import FigureQuery

NAMES = 3
"""Names with one phone, from which on it is many."""
VILLAGE = (
    "(SELECT k.ancestor_id FROM dated_closure k JOIN area l ON l.id = k.ancestor_id AND l.level = 'village'"
    " WHERE k.area_id = {case}.place AND k.valid_from <= {case}.registered_on AND {case}.registered_on < k.valid_until"
    " AND k.known_from <= %(position)s AND k.known_until > %(position)s LIMIT 1)"
)


class PatternCounts(FigureCounts):
    """`application.signal.service.PatternBoard`."""

    @contextmanager
    def snapshot(self, scope: Scope, wanted: CaseFilter, today: date) -> Iterator[PatternsSeen]:
        with super().snapshot(scope, wanted, today) as snapshot:
            yield PatternsSeen(snapshot.connection, snapshot.moment, snapshot.among)


@dataclass(frozen=True)
class PatternsSeen(FigureSnapshot):
    def patterns(self, wanted: Counting, pattern: Pattern) -> Mapping[UUID, Measured]:
        looking: dict[Pattern, Callable[[Counting], Mapping[UUID, Measured]]] = {
            Pattern.ALIKE_TEXTS: self._alike_texts,
            Pattern.ONE_PHONE: self._one_phone,
            Pattern.ONE_PHOTO: self._one_photo,
            Pattern.DAILY_MOST: self._daily_most,
            Pattern.MOVED_BEFORE_DUE: self._moved_before_due,
        }
        return looking[pattern](wanted)

    def _registered(self, wanted: Counting) -> dict[UUID, UUID]:
        """The village of each case that was registered in the window."""
        asked = self._asked(RowKind.DISPUTE, wanted)
        rows = self._select(asked, f"u.id, {VILLAGE.format(case='u')}", REGISTERED)
        return {id: village for id, village in rows if village}

    def _select(self, asked: FigureQuery, columns: str, count: Count, more: str = "") -> list[Any]:
        where = f"{asked.where()} AND {asked.counted(count, cohort=False)}"
        query = f"SELECT {columns} FROM {asked.tables()} WHERE {where}{more}"
        return self.connection.execute(query, asked.values).fetchall()

    def _alike_texts(self, wanted: Counting) -> Mapping[UUID, Measured]:
        villages = self._registered(wanted)
        if len(villages) > MOST_TEXTS:
            raise TooManyToCompare(most=MOST_TEXTS, cases=len(villages))
        texts = dict(self._of_cases(WORDS, villages))
        return _by_village(villages, alike({id: frozenset(tokens) for id, tokens in texts.items()}))

    def _one_phone(self, wanted: Counting) -> Mapping[UUID, Measured]:
        """Of one phone that parties of several names have, in several cases."""
        villages = self._registered(wanted)
        cases: dict[bytes, set[UUID]] = defaultdict(set)
        names: dict[bytes, set[bytes]] = defaultdict(set)
        for id, pairs in self._of_cases(PHONES, villages):
            for pair in pairs:
                cases[pair[:BYTES]].add(id)
                names[pair[:BYTES]].add(pair[BYTES:])
        return _by_village(villages, [cases[one] for one in cases if len(names[one]) >= NAMES and len(cases[one]) > 1])

    def _of_cases(self, column: str, ids: Iterable[UUID]) -> list[Any]:
        query = f"SELECT id, {column} FROM case_board WHERE {READER} IS NULL AND id = ANY(%s)"
        return self.connection.execute(query, [list(ids)]).fetchall()

    def _one_photo(self, wanted: Counting) -> Mapping[UUID, Measured]:
        """The same bytes in the files of several cases."""
        villages = self._registered(wanted)
        cases: dict[str, set[UUID]] = defaultdict(set)
        for id, content in self._select(self._asked(RowKind.PAPER, wanted), "u.id, u.sha256", REGISTERED):
            cases[content].add(id)
        return _by_village(villages, [ids for ids in cases.values() if len(ids) > 1])

    def _daily_most(self, wanted: Counting) -> Mapping[UUID, Measured]:
        """Of each body, how many agreements one mediator reached on one day at most."""
        asked = self._asked(RowKind.MEDIATION, wanted)
        rows = self._select(asked, "u.body, u.mediators, u.agreed_on, u.id", Count("agreed_on"))
        days: dict[tuple[UUID, UUID, date], set[UUID]] = defaultdict(set)
        for body, mediators, day, id in rows:
            for one in mediators:
                days[body, one, day].add(id)
        most: dict[UUID, set[UUID]] = {}
        for (body, _, _), ids in days.items():
            most[body] = max(most.get(body, set()), ids, key=len)
        return {body: Measured(len(ids), 0, frozenset(ids)) for body, ids in most.items()}

    def _moved_before_due(self, wanted: Counting) -> Mapping[UUID, Measured]:
        """Of each sender, offers on the last day of the matter's time or the day before."""
        asked = self._asked(RowKind.REFERRAL, wanted)
        rows = self._select(asked, "u.sender, u.case_id, c.due_on - u.offered_on", Count("offered_on"))
        offers: dict[UUID, list[UUID]] = defaultdict(list)
        late: dict[UUID, set[UUID]] = defaultdict(set)
        for sender, case, left in rows:
            offers[sender].append(case)
            if left is not None and 0 <= left <= 1:
                late[sender].add(case)
        return {one: Measured(len(late[one]), len(cases), frozenset(late[one])) for one, cases in offers.items()}


def _by_village(villages: Mapping[UUID, UUID], groups: Iterable[Iterable[UUID]]) -> dict[UUID, Measured]:
    """How many cases of each village are in one of the groups, of all of it."""
    inside = {id for group in groups for id in group}
    every: dict[UUID, set[UUID]] = defaultdict(set)
    for id, village in villages.items():
        every[village].add(id)
    return {village: Measured(len(ids & inside), len(ids), frozenset(ids & inside)) for village, ids in every.items()}


class FindingTables:
    name: ClassVar = "signal"
    contexts: ClassVar[tuple[str, ...]] = ("signal",)
    by_stream: ClassVar = True
    schema: ClassVar = """
        CREATE TABLE signal_finding (
            id uuid PRIMARY KEY, version integer NOT NULL, finding text NOT NULL, by_officer uuid NOT NULL,
            for_body uuid NOT NULL, recorded_at timestamptz NOT NULL);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            if isinstance(entry.event, FindingRecorded):
                to.execute(
                    "INSERT INTO signal_finding VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET"
                    " version = excluded.version, finding = excluded.finding, by_officer = excluded.by_officer,"
                    " for_body = excluded.for_body, recorded_at = excluded.recorded_at",
                    [
                        *(entry.stream, entry.version, entry.event.finding.value),
                        *(entry.stamp.by, entry.stamp.body, entry.recorded_at),
                    ],
                )


class Findings:
    """`application.signal.service.FindingBoard`: what was found out is read from the ledger, for it is nobody's row."""

    def __init__(self, pool: ConnectionPool[Any], account: Callable[[UUID, int], str]) -> None:
        self._pool, self._account = pool, account

    def findings(self, ids: Sequence[UUID]) -> Mapping[UUID, Finding]:
        query = "SELECT id, version, finding, by_officer, for_body, recorded_at FROM signal_finding WHERE id = ANY(%s)"
        with self._pool.connection() as connection:
            rows = connection.execute(query, [list(ids)]).fetchall()
        return {
            id: Finding(id, SignalStage(finding), by, body, at, self._account(id, version))
            for id, version, finding, by, body, at in rows
        }
