"""The case board: its table and how events fill it. Lists and figures read it in case_lists and case_figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from application.case.disclosure.withheld import withheld
from application.case.page import CasePage, gist
from application.case.row import (
    Card,
    bigrams,
    card,
    numbers,
    parts,
    searched_others,
    searched_parties,
    searched_text,
)
from application.streams import CASES
from domain.case.clocks import running
from domain.case.commands import CaseEvent
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.decider import Entry, History
from infrastructure.privacy.person_tokens import MADE_BY, PersonTokens
from infrastructure.privacy.table_keys import TableCipher, TableKeys
from infrastructure.projection.histories import Histories, Load
from infrastructure.read_models.clock_rows import COLUMNS as CLOCK_COLUMNS
from infrastructure.read_models.clock_rows import write_clocks
from infrastructure.read_models.copied import copied

CARD_COLUMNS = tuple(one.name for one in fields(Card) if one.name != "whole")
READER = "reader"
"""The body whose line it is: it sees a part of the case. NULL: the line of whoever sees all of it."""
SEALED = ("facts", "applicants", "respondents")
GENERATION = "sealed_under"
"""The column that says which key a row is sealed under: all rows of a table that serves have the same."""
ANY_ROW = f"SELECT {GENERATION} FROM case_board LIMIT 1"
"""For whoever writes: tables that are being filled have no index yet."""
SERVES = f"SELECT {GENERATION} FROM case_board ORDER BY registered_at DESC, id DESC LIMIT 1"
"""For whoever reads: one row, by an index."""
LISTED_COLUMNS = "".join(f"{name} {'date' if one.kind is date else 'text'}, " for name, one in LISTED_FIELDS.items())
WORDS, PERSONS, PHONES = f"words_{MADE_BY}", f"persons_{MADE_BY}", f"phones_{MADE_BY}"
BACKWARDS = f"backwards_{MADE_BY}"
"""A number of a case, read from its end."""
COLUMNS = (*CARD_COLUMNS, WORDS, PERSONS, PHONES, READER, GENERATION)
AT_SEALED = {CARD_COLUMNS.index(name): name for name in SEALED}
DESK_COLUMNS = ("id", "status", "registered_at", "body")
OF_READER = COLUMNS.index(READER)
OF_DESK = [CARD_COLUMNS.index(name) for name in ("id", "status", "registered_at", "bodies")]
"""These columns of the row also stand in a row for each body: its latest cases are found however many there are."""


Found = tuple[list[bytes], list[bytes], list[bytes]]


class CaseTables:
    """A line for whoever sees all of a case, and one for each body that sees a part: what the reader's own line does
    not tell, no filter finds and no figure counts. To whom a part was handed finds by no word and no person; a body
    whose turn is over, by what it read then.

    What is personal in it is sealed: its columns hold ciphertext, and tokens by which it is found."""

    name: ClassVar = "case"
    contexts: ClassVar[tuple[str, ...]] = ("case",)
    by_stream: ClassVar = True
    schema: ClassVar = f"""
        CREATE TABLE case_board (
            id uuid NOT NULL, version integer NOT NULL, position bigint NOT NULL, code text NOT NULL,
            status text NOT NULL, stage text, channel text, place uuid NOT NULL, holder uuid NOT NULL,
            bodies uuid[] NOT NULL, level text NOT NULL, level_rank smallint NOT NULL,
            highest_rank smallint NOT NULL, source text NOT NULL, category text NOT NULL, difficulty text,
            risk text NOT NULL, {LISTED_COLUMNS} result text, facts bytea NOT NULL,
            applicants bytea NOT NULL, respondents bytea NOT NULL, registered_at timestamptz NOT NULL,
            registered_on date NOT NULL, accepted_at timestamptz, agreed_at timestamptz, resolved_on date,
            closed_on date, due date, due_what text, session_at timestamptz,
            mediators uuid[] NOT NULL, bounces smallint NOT NULL, held_since timestamptz,
            seeing uuid[] NOT NULL, organs text[] NOT NULL, breach boolean NOT NULL,
            two_remedies boolean NOT NULL DEFAULT false,
            confirm_by date, confirmation text, imported boolean NOT NULL, flagged text[] NOT NULL,
            risk_for uuid[] NOT NULL, waits_for text, desks uuid[] NOT NULL,
            {WORDS} bytea[] NOT NULL, {PERSONS} bytea[] NOT NULL, {PHONES} bytea[] NOT NULL DEFAULT '{{}}',
            {READER} uuid,
            {GENERATION} integer NOT NULL,
            UNIQUE NULLS NOT DISTINCT (id, {READER}));
        CREATE INDEX case_board_by_registration ON case_board (registered_at DESC, id DESC);
        CREATE INDEX case_board_by_place ON case_board (place, registered_on);
        CREATE INDEX case_board_by_resolution ON case_board (resolved_on);
        CREATE INDEX case_board_by_due ON case_board (due) WHERE due IS NOT NULL;
        CREATE INDEX case_board_by_session ON case_board (session_at) WHERE session_at IS NOT NULL;
        CREATE INDEX case_board_by_status ON case_board (status, registered_at DESC, id DESC);
        CREATE INDEX case_board_elsewhere ON case_board (breach DESC, registered_at) WHERE organs <> '{{}}';
        CREATE INDEX case_board_by_confirmation ON case_board (confirm_by) WHERE confirm_by IS NOT NULL;
        CREATE INDEX case_board_flagged ON case_board (registered_at DESC, id DESC) WHERE flagged <> '{{}}';
        CREATE INDEX case_board_by_body ON case_board USING gin (bodies);
        CREATE INDEX case_board_on_desks ON case_board USING gin (desks) WHERE waits_for IS NOT NULL;
        CREATE INDEX case_board_at_risk ON case_board USING gin (risk_for) WHERE risk_for <> '{{}}';
        CREATE INDEX case_board_by_words ON case_board USING gin ({WORDS});
        CREATE INDEX case_board_by_persons ON case_board USING gin ({PERSONS});
        CREATE UNIQUE INDEX case_board_by_code ON case_board (code) WHERE {READER} IS NULL;
        CREATE TABLE case_desk (
            id uuid NOT NULL, body uuid NOT NULL, status text NOT NULL, registered_at timestamptz NOT NULL,
            PRIMARY KEY (id, body));
        CREATE INDEX case_desk_latest ON case_desk (body, registered_at, id);
        CREATE INDEX case_desk_latest_by_status ON case_desk (body, status, registered_at, id);
        CREATE TABLE case_number (
            id uuid NOT NULL, {BACKWARDS} text NOT NULL, framed boolean NOT NULL, PRIMARY KEY (id, {BACKWARDS}));
        CREATE INDEX case_number_by_end ON case_number ({BACKWARDS} text_pattern_ops);
        CREATE TABLE case_clock {CLOCK_COLUMNS};
        CREATE INDEX case_clock_by_end ON case_clock (ends_at, id, clock);
        CREATE INDEX case_clock_provisional ON case_clock (ends_at, id, clock) WHERE provisional;
    """

    def __init__(self, load: Load, keys: TableKeys) -> None:
        self._histories = Histories(CASES, CaseEvent, load)
        self._keys = keys

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        if not (changed := self._histories.changed(page)):
            return
        lines = Lines(writing_under(self._keys, to))
        ids, made = [one.id for one in changed], [rows for one in changed for rows in lines.of(one)]
        for table in ("case_board", "case_desk", "case_number"):
            to.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
        self._write([row for row, _ in made], to)
        self._write_numbers([one for _, each in made for one in each], to)
        write_clocks("case_clock", ((one.id, running(one.state)) for one in changed), to)

    def opens(self, connection: psycopg.Connection[Any]) -> bool:
        """`infrastructure.projection.read_model.Sealed`."""
        known = connection.execute(SERVES).fetchone()
        return known is None or self._keys.of(known[0]).opens

    def forget(self) -> None:
        """What it remembers of cases."""
        self._histories.forget()

    def _write_numbers(self, rows: list[tuple[Any, ...]], to: psycopg.Cursor[Any]) -> None:
        with to.copy(f"COPY case_number (id, {BACKWARDS}, framed) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _write(self, rows: list[tuple[Any, ...]], to: psycopg.Cursor[Any]) -> None:
        with to.copy(f"COPY case_board ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([copied(value) for value in row])
        with to.copy(f"COPY case_desk ({', '.join(DESK_COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                id, status, registered_at, bodies = (row[place] for place in OF_DESK)
                for body in bodies if row[OF_READER] is None else ():
                    copy.write_row((id, status, registered_at, body))


def writing_under(keys: TableKeys, to: psycopg.Cursor[Any]) -> TableCipher:
    """The key of the rows that are there; where there are none, the newest."""
    known = to.execute(ANY_ROW).fetchone()
    return keys.of(known[0]) if known else keys.newest()


class Lines:
    """The rows of a case, sealed."""

    def __init__(self, cipher: TableCipher) -> None:
        self._cipher, self._persons = cipher, PersonTokens(cipher.keyed_hash, cipher.pair)

    def of(self, history: History[Any]) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
        """Its row of the board, with one for each number that it has; and one for each body that reads a part."""
        history = withheld(history)
        read = gist(history)
        if not (made := card(history, read)):
            return
        yield (
            self._row(made, *self._found(history, read), None),
            [(history.id, form[::-1], framed) for form, framed in numbers(read).items()],
        )
        for body, part in parts(history).items():
            told = gist(part)
            if line := card(part, told):
                yield self._row(line, *self._found(part, told), body), []

    def _found(self, history: History[Any], read: CasePage) -> Found:
        """The words and the persons by which it is found, and who has which phone."""
        phones = self._persons.phones(searched_parties(history))
        return self._persons.pairs(bigrams(searched_text(read))), self._tokens(history, read), phones

    def _tokens(self, history: History[Any], read: CasePage) -> list[bytes]:
        parties = searched_parties(history)
        tokens = self._persons.of_all([*parties, *searched_others(read)])
        return sorted(tokens.union(*(self._persons.parts_of_name(one.name) for one in parties)))

    def _row(
        self,
        line: Card,
        words: Sequence[bytes],
        persons: Sequence[bytes],
        phones: Sequence[bytes],
        reader: UUID | None,
    ) -> tuple[Any, ...]:
        values = [getattr(line, name) for name in CARD_COLUMNS]  # asdict would copy every one of them deeply
        for at, name in AT_SEALED.items():
            values[at] = self._cipher.seal(values[at], line.id, name)
        return (*values, words, persons, phones, reader, self._cipher.generation)
