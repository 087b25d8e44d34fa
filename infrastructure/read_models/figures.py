"""What figures are counted over: dated rows of disputes, mediations, answers, referrals, escalations and reports.

Each row was true on some days, and was known in some stretch of the ledger. No row is ever changed but for its end, so
that a count as of a position and a day is the same whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from psycopg import sql

from application.figures.dated.case_rows import case_dating
from application.figures.dated.columns import (
    ANSWER,
    DISPUTE,
    MEDIATION,
    PAPER,
    AnswerRow,
    DisputeRow,
    MediationRow,
    PaperRow,
)
from application.figures.dated.dating import Dating, Key, KnownChange, Span
from application.figures.dated.handover_rows import (
    ESCALATION,
    REFERRAL,
    EscalationRow,
    ReferralRow,
    escalation_dating,
    referral_dating,
)
from application.figures.dated.sweep_rows import REPORT, ReportRow, sweep_dating
from application.ports import Stream
from application.streams import CASES, ESCALATIONS, REFERRALS, SWEEPS
from domain.case.commands import CaseEvent
from domain.escalation.commands import EscalationEvent
from domain.referral.commands import ReferralEvent
from domain.shared.decider import Entry
from domain.sweep.sweep import SweepEvent
from infrastructure.memory import Memory
from infrastructure.projection.histories import REMEMBERED, Load
from infrastructure.read_models.copied import array

STILL = 9223372036854775807
"""`known_until` of what is still known so: no position is as far."""
FOR_EVER = date.max
"""`until` of what is still so."""
DATED = "id, no, since, until, known_from, known_until"
ROWS: Mapping[str, tuple[str, ...]] = {
    DISPUTE: DisputeRow._fields,
    MEDIATION: MediationRow._fields,
    ANSWER: AnswerRow._fields,
    PAPER: PaperRow._fields,
    REFERRAL: ReferralRow._fields,
    ESCALATION: EscalationRow._fields,
    REPORT: ReportRow._fields,
}
"""The columns of each table behind those of its days, as its schema has them."""


@dataclass
class _Written:
    """What a page writes into one table: rows that are new, and the ends of rows that were there before."""

    new: dict[tuple[UUID, int, date], tuple[Any, ...]] = field(default_factory=dict)
    known_for_a_while: list[tuple[Any, ...]] = field(default_factory=list)
    ended: list[tuple[UUID, int, date, int]] = field(default_factory=list)

    def end(self, stream: UUID, span: Span, position: int) -> None:
        at = stream, span.key[1], span.since
        if new := self.new.pop(at, None):
            self.known_for_a_while.append((*new[:5], position, *new[6:]))
        else:
            self.ended.append((*at, position))

    def begin(self, stream: UUID, span: Span, position: int) -> None:
        no, since = span.key[1], span.since
        row = (stream, no, since, span.until or FOR_EVER, position, STILL, *map(_copied, span.row))
        self.new[stream, no, since] = row


def _copied(value: Any) -> Any:
    return array(value) if isinstance(value, tuple) else value


class DatedTables:
    name: ClassVar = "figures"
    contexts: ClassVar[tuple[str, ...]] = ("case", "referral", "escalation", "sweep")
    by_stream: ClassVar = True
    schema: ClassVar = """
        CREATE TABLE dated_dispute (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            place uuid NOT NULL, category text NOT NULL, source text NOT NULL, registered_on date NOT NULL,
            registered_by uuid NOT NULL, holder uuid NOT NULL, status text NOT NULL, difficulty text,
            risk text NOT NULL, level text NOT NULL, highest_rank smallint NOT NULL, channel text,
            mediators uuid[] NOT NULL, result text, accepted_on date, agreed_on date, resolved_on date,
            closed_on date, reopened_on date, criminal_on date, followed_up_on date, raised_on date,
            first_answer_on date, due_on date, agreed_minutes integer, upgraded boolean NOT NULL,
            late_days integer NOT NULL, bounces integer NOT NULL,
            imported boolean NOT NULL);
        CREATE INDEX dated_dispute_of ON dated_dispute (id, no, since);
        CREATE INDEX dated_dispute_now ON dated_dispute (place)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_dispute_past ON dated_dispute (place, until);
        CREATE TABLE dated_mediation (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            place uuid NOT NULL, category text NOT NULL, source text NOT NULL, registered_on date NOT NULL,
            body uuid NOT NULL, channel text NOT NULL, mandate text NOT NULL, mediators uuid[] NOT NULL,
            opened_on date NOT NULL, sessions integer NOT NULL, agreed_on date, form text, effect_on date,
            ended_on date, ground text, concluded_on date, due_on date, promised_until date,
            promised bigint NOT NULL, performed_on date, performed_late boolean NOT NULL,
            paid_in_time bigint NOT NULL, breached boolean NOT NULL, confirmable boolean NOT NULL, applied_on date,
            confirmed_on date);
        CREATE INDEX dated_mediation_of ON dated_mediation (id, no, since);
        CREATE INDEX dated_mediation_now ON dated_mediation (place)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_mediation_past ON dated_mediation (place, until);
        CREATE TABLE dated_answer (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            place uuid NOT NULL, category text NOT NULL, source text NOT NULL, registered_on date NOT NULL,
            holder uuid NOT NULL, answered_on date NOT NULL, side text NOT NULL, satisfaction text NOT NULL);
        CREATE INDEX dated_answer_of ON dated_answer (id, no, since);
        CREATE INDEX dated_answer_now ON dated_answer (place)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_answer_past ON dated_answer (place, until);
        CREATE TABLE dated_paper (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            place uuid NOT NULL, category text NOT NULL, source text NOT NULL, registered_on date NOT NULL,
            holder uuid NOT NULL, filed_on date NOT NULL, sha256 text NOT NULL);
        CREATE INDEX dated_paper_of ON dated_paper (id, no, since);
        CREATE INDEX dated_paper_now ON dated_paper (place)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_paper_past ON dated_paper (place, until);
        CREATE TABLE dated_referral (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            case_id uuid NOT NULL, kind text NOT NULL, stage text NOT NULL, sender uuid NOT NULL,
            receivers uuid[] NOT NULL, accepted_by uuid, offered_on date NOT NULL, acknowledged_on date,
            accepted_on date, accepted_late boolean NOT NULL, rejected boolean NOT NULL, returned boolean NOT NULL,
            in_time boolean, silent boolean NOT NULL, outcome text, transit_days double precision);
        CREATE INDEX dated_referral_of ON dated_referral (id, no, since);
        CREATE INDEX dated_referral_now ON dated_referral (case_id)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_referral_past ON dated_referral (case_id, until);
        CREATE TABLE dated_escalation (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            case_id uuid NOT NULL, kind text NOT NULL, stage text NOT NULL, ground text, below uuid NOT NULL,
            above uuid NOT NULL, by_clock boolean NOT NULL, began_on date NOT NULL, answered_on date);
        CREATE INDEX dated_escalation_of ON dated_escalation (id, no, since);
        CREATE INDEX dated_escalation_now ON dated_escalation (case_id)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_escalation_past ON dated_escalation (case_id, until);
        CREATE TABLE dated_report (
            id uuid NOT NULL, no integer NOT NULL, since date NOT NULL, until date NOT NULL,
            known_from bigint NOT NULL, known_until bigint NOT NULL,
            place uuid NOT NULL, registered_on date NOT NULL, body uuid NOT NULL, level text NOT NULL,
            due boolean NOT NULL, reported_on date, late_days integer, found integer NOT NULL, zero boolean NOT NULL);
        CREATE INDEX dated_report_of ON dated_report (id, no, since);
        CREATE INDEX dated_report_now ON dated_report (place, registered_on)
            WHERE known_until = 9223372036854775807 AND until = '9999-12-31';
        CREATE INDEX dated_report_past ON dated_report (place, registered_on, until, known_until);
    """

    def __init__(self, load: Load) -> None:
        self._kinds = (
            _Kind(CASES, CaseEvent, case_dating, load),
            _Kind(REFERRALS, ReferralEvent, referral_dating, load),
            _Kind(ESCALATIONS, EscalationEvent, escalation_dating, load),
            _Kind(SWEEPS, SweepEvent, sweep_dating, load),
        )

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        written: dict[str, _Written] = {}
        for kind in self._kinds:
            kind.write(page, written)
        for table, rows in written.items():
            _end(table, rows.ended, to)
            _copy(table, [*rows.known_for_a_while, *rows.new.values()], to)

    def forget(self) -> None:
        """What it remembers of them."""
        for kind in self._kinds:
            kind.forget()


class _Kind:
    """The streams of one kind, and what is remembered of how far each was told."""

    def __init__(
        self, stream: Stream[Any], events: type[Any], dating: Callable[[UUID], Dating[Any]], load: Load
    ) -> None:
        self._stream, self._events, self._dating, self._load = stream, events, dating, load
        self._memory: Memory[UUID, Dating[Any]] = Memory(REMEMBERED)

    def write(self, page: Sequence[Entry[Any]], written: dict[str, _Written]) -> None:
        added: dict[UUID, list[Entry[Any]]] = {}
        for entry in page:
            if isinstance(entry.event, self._events):
                added.setdefault(entry.stream, []).append(entry)
        if not added:
            return
        began = self._memory.generation
        for id, dating in self._known(added, page[0].position - 1).items():
            for change in filter(None, map(dating.record, added[id])):
                _take(id, change, written)
            self._memory.keep(id, dating, began)

    def _known(self, added: Mapping[UUID, list[Entry[Any]]], before: int) -> dict[UUID, Dating[Any]]:
        """As they stood before the page: remembered, if it is just what was recorded before."""
        known, unknown = dict[UUID, Dating[Any]](), list[UUID]()
        for id, entries in added.items():
            remembered = self._memory.take(id)
            if entries[0].version == 1:
                known[id] = self._dating(id)
            elif remembered and remembered.version == entries[0].version - 1:
                known[id] = remembered
            else:
                unknown.append(id)
        for history in self._load(self._stream, unknown, before) if unknown else ():
            known[history.id] = dating = self._dating(history.id)
            for entry in history.entries:
                dating.record(entry)
        return known

    def forget(self) -> None:
        self._memory.forget()


def _take(id: UUID, change: KnownChange, written: dict[str, _Written]) -> None:
    for span in change.ended:
        _of(written, span.key).end(id, span, change.position)
    for span in change.begun:
        _of(written, span.key).begin(id, span, change.position)


def _of(written: dict[str, _Written], key: Key) -> _Written:
    return written.setdefault(key[0], _Written())


def _end(table: str, ended: Sequence[tuple[UUID, int, date, int]], to: psycopg.Cursor[Any]) -> None:
    if not ended:
        return
    query = sql.SQL(
        "UPDATE {} AS d SET known_until = e.position"
        " FROM unnest(%s::uuid[], %s::integer[], %s::date[], %s::bigint[]) AS e (id, no, since, position)"
        " WHERE d.id = e.id AND d.no = e.no AND d.since = e.since AND d.known_until = 9223372036854775807"
    )
    columns: Iterable[list[Any]] = map(list, zip(*ended, strict=True))
    to.execute(query.format(sql.Identifier(f"dated_{table}")), list(columns))


def _copy(table: str, rows: Sequence[tuple[Any, ...]], to: psycopg.Cursor[Any]) -> None:
    columns = sql.SQL(f"{DATED}, {', '.join(ROWS[table])}")
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(f"dated_{table}"), columns)
    with to.copy(query) as copy:
        for row in rows:
            copy.write_row(row)
