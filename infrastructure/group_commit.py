"""Group commit: what arrives together is recorded in one transaction, each piece of work with its own outcome.

Deciding, encoding and encrypting come before. A refusal of one never touches its neighbours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg import Cursor

from application.ports import Asked, Receipt, StoreAway, VersionMismatch
from domain.shared.decider import Entry, Numbered
from infrastructure.idempotency import Answers
from infrastructure.line import BROKEN, Line
from infrastructure.numbering import number
from infrastructure.recorder import Head, LedgerRecorder, Row
from infrastructure.stored import Draft
from infrastructure.together import Together

MOST_ROWS = 2_000
"""Of one transaction, unless a single piece of work has more: the longer it takes, the longer the next one waits."""
ASK_AGAIN_FOR = 5.0
"""Seconds in which an unknown outcome is looked up, after the connection broke during a commit."""
Outcome = Receipt | Exception


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


class Unknown(Exception):
    """The connection broke during the commit: recorded or not, nobody has told."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = outcomes


class GroupCommit:
    def __init__(self, line: Line, recorder: LedgerRecorder, encoder: Encoder) -> None:
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
        try:
            outcomes = self._commit(batch)
        except BROKEN:
            outcomes = [StoreAway() for _ in batch]
        except Exception as failed:
            if len(batch) > 1:
                for one in batch:
                    self._settle([one])
                return
            outcomes = [VersionMismatch() if isinstance(failed, psycopg.IntegrityError) else failed]
        for one, outcome in zip(batch, outcomes, strict=True):
            one.outcome = outcome

    def _commit(self, batch: Sequence[Decided]) -> Sequence[Outcome]:
        """Raises BROKEN where nothing was recorded, or nobody knows."""
        was_open = self._line.open
        try:
            return self._in_transaction(batch)
        except Unknown as unknown:
            if self._found(batch, unknown.outcomes):
                return unknown.outcomes
            raise psycopg.OperationalError from unknown
        except BROKEN:
            if not was_open or self._line.open:
                raise
        return self._in_transaction(batch)  # the line had broken while nothing was said: nothing was recorded

    def _in_transaction(self, batch: Sequence[Decided]) -> Sequence[Outcome]:
        with self._line.held() as connection:
            with connection.cursor() as cursor:
                outcomes = self._record(cursor, batch)
                try:
                    cursor.execute("COMMIT")
                except BROKEN as broken:
                    raise Unknown(outcomes) from broken
            with suppress(*BROKEN):
                self._recorder.tell_at_times(connection)
        return outcomes

    def _record(self, cursor: Cursor[Any], batch: Sequence[Decided]) -> list[Outcome]:
        """Under the feed's lock: reads what can refuse, drops the losers, inserts the rest in one statement."""
        head = self._recorder.begin(cursor)
        answers = Answers(cursor, [one.asked for one in batch])
        versions = actual_versions(cursor, {stream for one in batch for stream in one.expected})
        rows, outcomes = list[Row](), list[Outcome]()
        for one in batch:
            outcome: Outcome | None = answers.known(one.asked) or _overtaken(one, versions)
            if outcome is None:
                added, outcome = self._added(cursor, head, one, len(rows))
                rows += added
                versions |= {draft.stream: draft.version for draft in one.drafts}
                answers.give(one.asked, outcome)
            outcomes.append(outcome)
        if rows:
            self._recorder.add(cursor, head, rows)
        answers.keep()
        return outcomes

    def _added(self, cursor: Cursor[Any], head: Head, one: Decided, before: int) -> tuple[list[Row], Receipt]:
        """Its rows, with the numbers that it takes."""
        drafts, given = one.drafts, dict[UUID, str]()
        if any(isinstance(draft.event, Numbered) for draft in drafts):
            drafts, given = number(cursor, drafts, head.recorded_at)
        about = [draft for draft in drafts if draft.stream == one.about]
        receipt = Receipt(
            id=one.about,
            version=max((draft.version for draft in about), default=one.version),
            position=head.position + before + len(drafts),
            numbers=tuple(given[draft.id] for draft in about if draft.id in given),
        )
        first = head.position + before + 1
        one.entries = [draft.entry(place, head.recorded_at) for place, draft in enumerate(drafts, first)]
        return [one.rows.get(draft.id) or self._encoder.row(draft) for draft in drafts], receipt

    def _found(self, batch: Sequence[Decided], outcomes: Sequence[Outcome]) -> bool:
        """The connection broke during the commit: was it recorded? Only where that is sure the answer is yes."""
        won = (one for one, outcome in zip(batch, outcomes, strict=True) if isinstance(outcome, Receipt))
        event = next((draft.id for one in won for draft in one.drafts), None)
        until = time.monotonic() + ASK_AGAIN_FOR
        while event and time.monotonic() < until:
            try:
                with self._line.held() as connection:
                    query = "SELECT 1 FROM stored_events WHERE event_id = %s"
                    return connection.execute(query, [event]).fetchone() is not None
            except BROKEN:
                time.sleep(0.2)
        return False


def _overtaken(one: Decided, versions: dict[UUID, int]) -> VersionMismatch | None:
    for stream, version in one.expected.items():
        if (actual := versions.get(stream, 0)) != version:
            return VersionMismatch(expected=version, actual=actual)
    return None


def actual_versions(cursor: Cursor[Any], streams: Iterable[UUID]) -> dict[UUID, int]:
    """Of each stream that has begun. By its index: the last entry of each, not a count over all of it."""
    query = (
        "SELECT s.id, e.version FROM unnest(%s::uuid[]) AS s (id), LATERAL (SELECT originator_version AS version"
        " FROM stored_events WHERE originator_id = s.id ORDER BY originator_version DESC LIMIT 1) e"
    )
    return {row["id"]: row["version"] for row in cursor.execute(query, [list(streams)], prepare=True)}
