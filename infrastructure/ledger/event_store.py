"""The ledger: every event of every stream in one gapless order; what belongs together is recorded all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from psycopg import Cursor

from application.ports import Asked, InFlight, KeyReused, Receipt, StoreAway, Stream, Unit, VersionMismatch
from domain.shared.decider import Entry, Event, History, Numbered
from domain.shared.errors import DomainError
from domain.shared.values import PersonId
from infrastructure.concurrency.turns import aside
from infrastructure.ledger.feed import HoleInTheFeed, Read, as_readable
from infrastructure.ledger.group_commit import Decided, GroupCommit
from infrastructure.ledger.idempotency import Answered, Key, found, looking_up, replayed
from infrastructure.ledger.recent_histories import Loader, RecentHistories
from infrastructure.ledger.recorder import AWAY, LedgerDatastore, LedgerRecorder
from infrastructure.ledger.stored import Coder, Draft, draft
from infrastructure.postgres.lending import MOST
from infrastructure.postgres.pipeline import wire_of
from infrastructure.postgres.write_connection import WriteLine
from infrastructure.privacy.cipher import PersonalCipher

S = TypeVar("S")

WAIT_FOR_CONNECTION = 3.0
"""Seconds until a request is told that the store is away."""


class PostgresLedger:
    """`application.ports.Ledger`."""

    def __init__(
        self,
        url: str,
        cipher: PersonalCipher,
        clock: Callable[[], datetime] | None = None,
        *,
        restricted: bool,
        pool: int = MOST,
    ) -> None:
        """`restricted`: what infrastructure.ledger.schema.prepare answered."""
        self.datastore = LedgerDatastore(
            url,
            restricted=restricted,
            pool_size=1,
            max_overflow=pool - 1,
            connect_timeout=WAIT_FOR_CONNECTION,
            pre_ping=True,
            idle_in_transaction_session_timeout=10,
        )
        self.recorder = LedgerRecorder(self.datastore, cipher.mark_key, clock)
        self.coder = Coder(self.recorder.marks, cipher)
        self._loader = Loader(self.coder)
        self._line = WriteLine(self.datastore.connect)
        self._together = GroupCommit(self._line, self.recorder, self.coder)
        self._lock, self._going_on = Lock(), set[tuple[UUID, str]]()

    def open_line(self) -> None:
        """At the start, and not at the first command: others may hold by then all that the server lends."""
        self._line.open_now()

    def close(self) -> None:
        self._line.close()
        self.datastore.close()

    def forget(self) -> None:
        """Every history in memory: some of it may have been erased."""
        self._loader.recent.forget()

    def carry_out(self, asked: Asked, work: Callable[[Unit], UUID], *, from_memory: bool = False) -> Receipt:
        """Decides by what is read, encodes and encrypts; then it is recorded together with whatever else arrives."""
        with self._in_flight(asked):
            try:
                return self._carried_out(asked, work, from_memory)
            except (DomainError, StoreAway):
                if before := self._answered(asked):
                    return before
                raise

    def _carried_out(self, asked: Asked, work: Callable[[Unit], UUID], from_memory: bool) -> Receipt:
        """A refusal by what is remembered is none: it is decided anew by what is recorded."""
        now, load = self._loader.recent.generation, self._from_memory if from_memory else self._load
        unit = LedgerUnit(load, asked, now, verifies=from_memory)
        try:
            return self._record(unit, work(unit))
        except DomainError as refusal:
            if not from_memory or isinstance(refusal, StoreAway | KeyReused):
                raise
        unit = LedgerUnit(self._load, asked, self._loader.recent.generation, verifies=True)
        return self._record(unit, work(unit))

    def _from_memory(self, stream: Stream[S], id: UUID) -> History[S]:
        return self._loader.remembered(stream, id) or self._load(stream, id)

    def _record(self, unit: LedgerUnit, about: UUID) -> Receipt:
        decided = Decided(unit.asked, about, unit.known_version(about), unit.drafts, unit.expected)
        self.coder.make_keys(unit.drafts)
        decided.rows = {one.id: self.coder.row(one) for one in unit.drafts if not isinstance(one.event, Numbered)}
        receipt = self._together.record(decided)
        if not receipt.replayed:
            unit.keep_in(self._loader.recent, decided.entries)
        return receipt

    @contextmanager
    def _in_flight(self, asked: Asked) -> Iterator[None]:
        """Raises InFlight. Between processes the batch decides: there the second is answered as the first."""
        if asked.idempotency is None:
            yield
            return
        key = (asked.by, asked.idempotency.key)
        with self._lock:
            if key in self._going_on:
                raise InFlight
            self._going_on.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._going_on.discard(key)

    def _answered(self, asked: Asked) -> Receipt | None:
        """The first answer to this key. Raises KeyReused."""
        if asked.idempotency is None:
            return None
        key = (asked.by, asked.idempotency.key)
        answer = replayed(asked, aside(lambda: self._answered_before(key)))
        if isinstance(answer, KeyReused):
            raise answer
        return answer

    def _answered_before(self, key: Key) -> dict[Key, Answered]:
        with self._asking() as cursor:
            (rows,) = wire_of(cursor.connection).ask(looking_up([key]))
        return found(rows)

    @contextmanager
    def _reading(self) -> Iterator[Cursor[Any]]:
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            yield cursor

    @contextmanager
    def _asking(self) -> Iterator[Cursor[Any]]:
        """Reading for somebody who waits for the answer. Raises StoreAway."""
        try:
            with self._reading() as cursor:
                yield cursor
        except AWAY:
            raise StoreAway from None

    def history(self, stream: Stream[S], id: UUID) -> History[S]:
        return self._load(stream, id)

    def _load(self, stream: Stream[S], id: UUID) -> History[S]:
        return aside(lambda: self._loaded(stream, id))

    def _loaded(self, stream: Stream[S], id: UUID) -> History[S]:
        with self._asking() as cursor:
            return self._loader.load(cursor, stream, id)

    def histories(self, stream: Stream[S], ids: Sequence[UUID], up_to: int) -> Iterable[History[S]]:
        """As they were at that position; none of a stream that had not begun."""
        query = (
            "SELECT * FROM stored_events WHERE originator_id = ANY(%s) AND notification_id <= %s"
            " ORDER BY originator_id, originator_version"
        )
        found: dict[UUID, list[Entry[Any]]] = {}
        with self._asking() as cursor:
            rows = cursor.execute(query, [list(ids), up_to]).fetchall()
        for entry in self.coder.entries(rows):
            found.setdefault(entry.stream, []).append(entry)
        return [History.of(id, stream.blank(id), entries) for id, entries in found.items()]

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        return self.coder.entries(self._page(after, limit))

    def feed_as_readable(self, after: int, limit: int) -> Sequence[Read]:
        return as_readable(self.coder, self._page(after, limit))

    def _page(self, after: int, limit: int) -> Sequence[Mapping[str, Any]]:
        """Raises HoleInTheFeed."""
        query = "SELECT * FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
        with self._asking() as cursor:
            rows = cursor.execute(query, [after, limit]).fetchall()
        for expected, row in enumerate(rows, after + 1):
            if row["notification_id"] != expected:
                raise HoleInTheFeed(f"expected {expected}, found {row['notification_id']}")
        return rows

    def part_of(self, stream: UUID, first: int, last: int) -> Sequence[Read]:
        query = (
            "SELECT * FROM stored_events WHERE originator_id = %s AND notification_id BETWEEN %s AND %s"
            " ORDER BY originator_version"
        )
        with self._asking() as cursor:
            return as_readable(self.coder, cursor.execute(query, [stream, first, last]).fetchall())

    def head(self) -> int:
        with self._asking() as cursor:
            return int(cursor.execute("SELECT position FROM feed_head").fetchall()[0]["position"])

    def position_at(self, moment: datetime) -> int:
        """By halving: the time of recording never goes back from one entry to the next."""
        query = "SELECT recorded_at < %s AS before FROM stored_events WHERE notification_id = %s"
        before, after = 0, self.head() + 1
        with self._asking() as cursor:
            while after - before > 1:
                middle = (before + after) // 2
                found = cursor.execute(query, [moment, middle]).fetchall()
                before, after = (middle, after) if found and found[0]["before"] else (before, middle)
        return before

    def last_serials(self) -> dict[tuple[UUID, str, int], int]:
        """The number that was last given, by body, kind and year."""
        with self._asking() as cursor:
            rows = cursor.execute("SELECT body, kind, year, last FROM serials").fetchall()
        return {(row["body"], row["kind"], row["year"]): row["last"] for row in rows}


class LedgerUnit:
    """`application.ports.Unit`: reads what is recorded, and gathers what is to be recorded with it."""

    def __init__(
        self,
        load: Callable[[Stream[Any], UUID], History[Any]],
        asked: Asked,
        generation: int,
        *,
        verifies: bool = False,
    ) -> None:
        """`generation`: of what is remembered now. `verifies`: whatever was read must still be so when it is recorded,
        not only what is added to."""
        self._load, self._generation = load, generation
        self._verifies = verifies
        self._known: dict[UUID, History[Any]] = {}
        self.asked = asked
        self.drafts: list[Draft] = []
        self.began: dict[tuple[str, UUID], History[Any]] = {}
        """The histories as they were read, by kind and id."""
        self.expected: dict[UUID, int] = {}
        """The version that each stream must still have."""

    def history(self, stream: Stream[S], id: UUID) -> History[S]:
        if id not in self._known:
            found = self._known[id] = self.began[stream.name, id] = self._load(stream, id)
            if self._verifies and found.entries:
                self.expected.setdefault(id, found.version)
        return self._known[id]

    def keep_in(self, recent: RecentHistories, added: Sequence[Entry[Any]]) -> None:
        """What was recorded just now, added to what it stood on."""
        for (name, id), history in self.began.items():
            if mine := [entry for entry in added if entry.stream == id]:
                recent.keep(name, self._grown(history, mine), self._generation)

    def _grown(self, began: History[Any], added: Sequence[Entry[Any]]) -> History[Any]:
        """With its entries as they were recorded. Where none took a number then, the state is known already."""
        if any(isinstance(entry.event, Numbered) for entry in added):
            return began.then(added)
        return replace(self._known[began.id], entries=(*began.entries, *added))

    def known_version(self, id: UUID) -> int:
        return self._known[id].version if id in self._known else 0

    def append(
        self,
        stream: Stream[S],
        id: UUID,
        expected: int,
        events: Sequence[Event[Any]],
        occurred_at: datetime,
        on_behalf_of: PersonId | None = None,
        asked: Asked | None = None,
    ) -> None:
        known = self._known.get(id)
        if known is None and expected == 0:
            known = self.began[stream.name, id] = History.of(id, stream.blank(id), ())
        if known is not None and known.version != expected:
            raise VersionMismatch(expected=expected, actual=known.version)
        by = asked or self.asked
        drafts = [
            draft(id, version, event, occurred_at, on_behalf_of, by)
            for version, event in enumerate(events, expected + 1)
        ]
        self.expected.setdefault(id, expected)
        self.drafts += drafts
        if known is not None:
            self._known[id] = known.then([one.entry(0, by.now) for one in drafts])
