"""上行与督办: the table of escalations and of their clocks, and how events fill them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, ClassVar

import psycopg

from application.escalation.row import EscalationCard, escalation_card
from application.streams import ESCALATIONS
from domain.escalation.commands import EscalationEvent
from domain.escalation.escalation import running
from domain.shared.decider import Entry
from infrastructure.projection.histories import Histories, Load
from infrastructure.read_models.clock_rows import COLUMNS as CLOCK_COLUMNS
from infrastructure.read_models.clock_rows import write_clocks

CARD_COLUMNS = tuple(one.name for one in fields(EscalationCard))


class EscalationTables:
    name: ClassVar = "escalation"
    contexts: ClassVar[tuple[str, ...]] = ("escalation",)
    by_stream: ClassVar = True
    schema: ClassVar = f"""
        CREATE TABLE escalation_board (
            id uuid PRIMARY KEY, version integer NOT NULL, case_id uuid NOT NULL, kind text NOT NULL,
            stage text NOT NULL, ground text, return_ground text, below uuid NOT NULL, above uuid NOT NULL,
            by_clock boolean NOT NULL, began_at timestamptz NOT NULL, began_on date NOT NULL,
            answered_at timestamptz, ended_at timestamptz, urged integer NOT NULL, reported boolean NOT NULL,
            due date);
        CREATE INDEX escalation_board_by_case ON escalation_board (case_id);
        CREATE INDEX escalation_board_by_above ON escalation_board (above, began_at DESC);
        CREATE INDEX escalation_board_by_day ON escalation_board (began_on);
        CREATE TABLE escalation_clock {CLOCK_COLUMNS};
        CREATE INDEX escalation_clock_by_end ON escalation_clock (ends_at, id, clock);
        CREATE INDEX escalation_clock_provisional ON escalation_clock (ends_at, id, clock) WHERE provisional;
    """

    def __init__(self, load: Load) -> None:
        self._histories = Histories(ESCALATIONS, EscalationEvent, load)

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        if not (changed := self._histories.changed(page)):
            return
        to.execute("DELETE FROM escalation_board WHERE id = ANY(%s)", [[one.id for one in changed]])
        with to.copy(f"COPY escalation_board ({', '.join(CARD_COLUMNS)}) FROM STDIN") as copy:
            for history in changed:
                card = escalation_card(history)
                copy.write_row(tuple(getattr(card, name) for name in CARD_COLUMNS))
        write_clocks("escalation_clock", ((one.id, running(one.state)) for one in changed), to)

    def forget(self) -> None:
        """What it remembers of them."""
        self._histories.forget()
