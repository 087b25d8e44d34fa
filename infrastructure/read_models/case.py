"""The case board: its table and how events fill it. Lists and figures read it in case_lists and case_figures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from application.case_board import Card, bigrams, card, searched_persons, searched_text
from application.case_page import page
from application.streams import CASES
from domain.case.commands import CaseEvent
from domain.shared.decider import Amending, Entry, History

REMEMBERED = 4_000
"""How many histories stay in memory between pages: a case's next event mostly comes soon."""

Load = Callable[[Sequence[UUID], int], Iterable[History[Any]]]
"""The histories of these cases, up to a position."""

CARD_COLUMNS = tuple(one.name for one in fields(Card))
COLUMNS = (*CARD_COLUMNS, "words", "persons")


class CaseTables:
    name: ClassVar = "case"
    schema: ClassVar = """
        CREATE UNLOGGED TABLE case_board (
            id uuid PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL, code text NOT NULL,
            status text NOT NULL, stage text, channel text, place uuid NOT NULL, holder uuid NOT NULL,
            bodies uuid[] NOT NULL, level text NOT NULL, level_rank smallint NOT NULL,
            highest_rank smallint NOT NULL, source text NOT NULL, category text NOT NULL, difficulty text,
            risk text NOT NULL, urgency text NOT NULL, result text, facts text NOT NULL,
            applicants text NOT NULL, respondents text NOT NULL, registered_at timestamptz NOT NULL,
            registered_on date NOT NULL, accepted_at timestamptz, agreed_at timestamptz, resolved_on date,
            closed_on date, due date, due_what text, session_at timestamptz,
            mediators uuid[] NOT NULL,
            words text[] NOT NULL, persons bytea[] NOT NULL);
        CREATE INDEX case_board_by_registration ON case_board (registered_at DESC, id DESC);
        CREATE INDEX case_board_by_place ON case_board (place, registered_on);
        CREATE INDEX case_board_by_resolution ON case_board (resolved_on);
        CREATE INDEX case_board_by_due ON case_board (due) WHERE due IS NOT NULL;
        CREATE INDEX case_board_by_session ON case_board (session_at) WHERE session_at IS NOT NULL;
        CREATE INDEX case_board_by_body ON case_board USING gin (bodies);
        CREATE INDEX case_board_by_words ON case_board USING gin (words);
        CREATE INDEX case_board_by_persons ON case_board USING gin (persons);
        CREATE UNIQUE INDEX case_board_by_code ON case_board (code);
    """

    def __init__(self, load: Load, person_hash: Callable[[str], bytes]) -> None:
        self._load = load
        self._person_hash = person_hash
        self._remembered: OrderedDict[UUID, History[Any]] = OrderedDict()

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        entries = [entry for entry in page if isinstance(entry.event, CaseEvent)]
        if not entries:
            return
        by_case = groupby(sorted(entries, key=lambda one: (one.stream, one.version)), lambda one: one.stream)
        added = {id: list(group) for id, group in by_case}
        histories = self._histories(added, page[0].position - 1)
        self._write([self._row(one) for one in histories], list(added), to)

    def _histories(self, added: dict[UUID, list[Entry[Any]]], before: int) -> list[History[Any]]:
        known = {id: self._known(id, entries[0].version) for id, entries in added.items()}
        unknown = [id for id, history in known.items() if history is None]
        known |= {history.id: history for history in self._load(unknown, before)} if unknown else {}
        histories = []
        for id, entries in added.items():
            past = known[id] or History.of(id, CASES.blank(id), ())
            self._remember(history := _continued(past, entries))
            histories.append(history)
        return histories

    def _known(self, id: UUID, next_version: int) -> History[Any] | None:
        """What is remembered, if it is just what was recorded before; a page that was rolled back is forgotten."""
        if next_version == 1:
            return History.of(id, CASES.blank(id), ())
        history = self._remembered.get(id)
        return history if history and history.version == next_version - 1 else None

    def _remember(self, history: History[Any]) -> None:
        self._remembered[history.id] = history
        self._remembered.move_to_end(history.id)
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    def _row(self, history: History[Any]) -> tuple[Any, ...] | None:
        read = page(history)
        if not (made := card(history, read)):
            return None
        persons = [self._person_hash(text) for text in searched_persons(history)]
        values = (getattr(made, name) for name in CARD_COLUMNS)  # asdict would copy every one of them deeply
        return (*values, sorted(bigrams(searched_text(read))), persons)

    def _write(self, rows: list[tuple[Any, ...] | None], changed: list[UUID], to: psycopg.Cursor[Any]) -> None:
        to.execute("DELETE FROM case_board WHERE id = ANY(%s)", [changed])
        with to.copy(f"COPY case_board ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                if row:
                    copy.write_row(row)


def _continued(past: History[Any], entries: list[Entry[Any]]) -> History[Any]:
    """The history with these added; read from its beginning where the page's edge cut a correction in two."""
    if _awaits_rewritten(past):
        return History.of(past.id, past.blank, (*past.entries, *entries))
    return past.then(entries)


def _awaits_rewritten(history: History[Any]) -> bool:
    """Whether the entries that its last correction announces are still to come."""
    for after, entry in enumerate(reversed(history.entries)):
        if isinstance(entry.event, Amending):
            return len(entry.event.rewritten) > after
    return False
