"""Group commit: what arrives together is recorded in one transaction, each piece of work with its own outcome.

Deciding, encoding and encrypting come before. A refusal of one never touches its neighbours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

import psycopg
from opentelemetry import trace

from application.ports import Asked, Receipt, StoreAway, VersionMismatch
from domain.shared.decider import Entry, Numbered
from infrastructure.concurrency.batching import Together
from infrastructure.concurrency.turns import aside
from infrastructure.ledger.idempotency import Answered, Key, found, keeping, looking_up, replayed
from infrastructure.ledger.numbering import number
from infrastructure.ledger.recorder import HOLD, Head, LedgerRecorder, Row, adding
from infrastructure.ledger.stored import Draft
from infrastructure.metrics import APPEND_SECONDS, BATCH_SIZE, CONFLICTS, UNKNOWN
from infrastructure.postgres.pipeline import Ask, Statement, Wire, integer, moment, uuids
from infrastructure.postgres.write_connection import BROKEN, WriteLine, asks_too_much

MOST_ROWS = 2_000
"""The most events of one transaction, unless one piece of work has more: others wait as long as it takes."""
ASK_AGAIN_FOR = 5.0
"""Seconds in which an unknown outcome is looked up, after the connection broke during a commit."""
Outcome = Receipt | Exception
TRACER = trace.get_tracer("tiaojie.ledger")
BEGIN, COMMIT = Ask(Statement(b"begin", b"BEGIN")), Ask(Statement(b"commit", b"COMMIT"))
LAST = Statement(
    b"last",
    b"SELECT s.id, e.version FROM unnest($1::uuid[]) AS s (id), LATERAL (SELECT originator_version AS version"
    b" FROM stored_events WHERE originator_id = s.id ORDER BY originator_version DESC LIMIT 1) e",
)
BY_ID = Statement(b"by_id", b"SELECT 1 FROM stored_events WHERE event_id = ANY($1::uuid[])")


class Encoder(Protocol):
    def row(self, one: Draft) -> Row: ...


class Decided:
    """A piece of work that is decided and encoded, and waits for its turn to be recorded."""

    def __init__(
        self, asked: Asked, about: UUID, version: int, drafts: Sequence[Draft], expected: dict[UUID, int]
    ) -> None:
        """`version`: of the stream that the receipt is about, where nothing is added to it."""
        self.asked, self.about, self.version = asked, about, version
        self.drafts, self.expected = drafts, expected
        self.rows: dict[UUID, Row] = {}
        self.entries: Sequence[Entry[Any]] = ()
        """What was recorded, once it is."""
        self.outcome: Outcome | None = None

    def placed(self, head: Head, numbered: Mapping[UUID, Draft]) -> Receipt:
        """Its place in the feed, behind that head, with the numbers that it takes."""
        self.drafts = [numbered.get(one.id, one) for one in self.drafts]
        self.entries = [one.entry(place, head.recorded_at) for place, one in enumerate(self.drafts, head.position + 1)]
        about = [one for one in self.drafts if one.stream == self.about]
        return Receipt(
            id=self.about,
            version=max((one.version for one in about), default=self.version),
            position=head.position + len(self.drafts),
            numbers=tuple(one.event.given for one in about if one.id in numbered and isinstance(one.event, Numbered)),
        )


class Unknown(Exception):
    """The connection broke during the commit: recorded or not, nobody has told."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = outcomes


class GroupCommit:
    def __init__(self, line: WriteLine, recorder: LedgerRecorder, encoder: Encoder) -> None:
        self._line, self._recorder, self._encoder = line, recorder, encoder
        self._together = Together(self._settle, MOST_ROWS, lambda one: len(one.drafts))

    def record(self, decided: Decided) -> Receipt:
        """Raises VersionMismatch, KeyReused, StoreAway; then nothing of it is recorded, or that is not known."""
        self._together.done(decided)
        if isinstance(decided.outcome, Receipt):
            return decided.outcome
        assert decided.outcome
        raise decided.outcome

    def _settle(self, batch: Sequence[Decided]) -> None:
        """Gives each its outcome. Where one breaks the transaction of all, each gets one of its own."""
        BATCH_SIZE.observe(len(batch))
        try:
            with TRACER.start_as_current_span("append", attributes={"tiaojie.commands": len(batch)}):
                outcomes = self._timed(batch)
        except Exception as failed:
            away = isinstance(failed, BROKEN) and not asks_too_much(failed)
            if len(batch) > 1 and not away:
                for one in batch:
                    self._settle([one])
                return
            outcomes = [StoreAway() if away else _told(failed) for _ in batch]
        for one, outcome in zip(batch, outcomes, strict=True):
            one.outcome = outcome

    def _timed(self, batch: Sequence[Decided]) -> Sequence[Outcome]:
        with APPEND_SECONDS.time():
            outcomes = self._commit(batch)
        CONFLICTS.inc(sum(isinstance(one, VersionMismatch) for one in outcomes))
        return outcomes

    def _commit(self, batch: Sequence[Decided]) -> Sequence[Outcome]:
        """Raises BROKEN where nothing was recorded, or nobody knows. A line that had broken while nothing was said is
        opened anew, once."""
        for attempt in (1, 2):
            was_open = self._line.open
            try:
                return self._in_transaction(batch)
            except Unknown as unknown:
                UNKNOWN.inc()
                if self._found(batch, unknown.outcomes):
                    return unknown.outcomes
                raise psycopg.OperationalError from unknown
            except BROKEN:
                if attempt == 2 or not was_open or self._line.open:
                    raise
        raise AssertionError("the second attempt answers or raises")

    def _in_transaction(self, batch: Sequence[Decided]) -> Sequence[Outcome]:
        with self._line.held() as wire:
            outcomes, asks = self._decided(wire, batch)
            try:
                wire.ask(*asks, COMMIT)
            except BROKEN as broken:
                if self._line.open:  # it was told why, and nothing was recorded
                    raise
                raise Unknown(outcomes) from broken
            with suppress(*BROKEN):
                wire.ask(*self._recorder.telling())
        return outcomes

    def _decided(self, wire: Wire, batch: Sequence[Decided]) -> tuple[list[Outcome], list[Ask]]:
        """Under the feed's lock: reads what can refuse, drops the losers; the rest goes in by one statement."""
        head, known, versions = self._read(wire, batch)
        outcomes = dict[Decided, Outcome]()
        for one in batch:
            if outcome := replayed(one.asked, known) or _overtaken(one, versions):
                outcomes[one] = outcome
            else:
                versions |= {draft.stream: draft.version for draft in one.drafts}
        winners = [one for one in batch if one not in outcomes]
        numbered = number(wire, (draft for one in winners for draft in one.drafts), head.recorded_at)
        rows, given = list[Row](), list[tuple[Asked, Receipt]]()
        for one in winners:
            outcomes[one] = receipt = one.placed(Head(head.position + len(rows), head.recorded_at), numbered)
            rows += [one.rows.get(draft.id) or self._encoder.row(draft) for draft in one.drafts]
            given.append((one.asked, receipt))
        asks = [adding(head, rows, self._recorder.marks)] if rows else []
        return [outcomes[one] for one in batch], [*asks, *keeping(given)]

    def _read(self, wire: Wire, batch: Sequence[Decided]) -> tuple[Head, dict[Key, Answered], dict[UUID, int]]:
        """Takes the feed's lock; then reads what was answered to these keys, and the versions of these streams."""
        keys = [(one.asked.by, one.asked.idempotency.key) for one in batch if one.asked.idempotency]
        streams = {stream for one in batch for stream in one.expected}
        looked_up = [looking_up(keys)] if keys else []
        _, ((position, recorded_at),), last, *answers = wire.ask(BEGIN, Ask(HOLD), _last(streams), *looked_up)
        head = self._recorder.head(integer(position), moment(recorded_at))
        versions = {UUID(bytes=stream): integer(version) for stream, version in last}
        return head, found(answers[0]) if answers else {}, versions

    def _found(self, batch: Sequence[Decided], outcomes: Sequence[Outcome]) -> bool:
        """The connection broke during the commit: was it recorded? Only where that is sure the answer is yes.

        Under the feed's lock, which the lost session held: whoever has it then has committed, or never will."""
        won = (one for one, outcome in zip(batch, outcomes, strict=True) if isinstance(outcome, Receipt))
        event = next((draft.id for one in won for draft in one.drafts), None)
        until = time.monotonic() + ASK_AGAIN_FOR
        while event and time.monotonic() < until:
            try:
                with self._line.held() as wire:
                    _, _, recorded, _ = wire.ask(BEGIN, Ask(HOLD), Ask(BY_ID, (uuids([event]),)), COMMIT)
                    return bool(recorded)
            except BROKEN:  # also where the lost session, or another, holds the lock for too long
                aside(lambda: time.sleep(0.2))
        return False


def _told(failed: Exception) -> Exception:
    """Each of these constraints is the last wall: a breach says that somebody else was faster."""
    return VersionMismatch() if isinstance(failed, psycopg.IntegrityError) else failed


def _overtaken(one: Decided, versions: dict[UUID, int]) -> VersionMismatch | None:
    for stream, version in one.expected.items():
        if (actual := versions.get(stream, 0)) != version:
            return VersionMismatch(expected=version, actual=actual)
    return None


def _last(streams: Iterable[UUID]) -> Ask:
    """By its index: the last entry of each, not a count over all of it."""
    return Ask(LAST, (uuids(streams),))
