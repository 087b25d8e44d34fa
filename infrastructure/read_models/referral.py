"""分流转办: the table of referrals and of their clocks, and how events fill them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, ClassVar

import psycopg

from application.referral.row import ReferralCard, referral_card
from application.streams import REFERRALS
from domain.referral.commands import ReferralEvent
from domain.referral.referral import running
from domain.shared.decider import Entry
from infrastructure.projection.histories import Histories, Load
from infrastructure.read_models.clock_rows import COLUMNS as CLOCK_COLUMNS
from infrastructure.read_models.clock_rows import write_clocks

CARD_COLUMNS = tuple(one.name for one in fields(ReferralCard))


class ReferralTables:
    name: ClassVar = "referral"
    contexts: ClassVar[tuple[str, ...]] = ("referral",)
    by_stream: ClassVar = True
    schema: ClassVar = f"""
        CREATE TABLE referral_board (
            id uuid PRIMARY KEY, version integer NOT NULL, case_id uuid NOT NULL, kind text NOT NULL,
            stage text NOT NULL, sender uuid NOT NULL, receivers uuid[] NOT NULL, waiting uuid[] NOT NULL,
            accepted_by uuid, instead_of uuid, offered_at timestamptz NOT NULL, offered_on date NOT NULL,
            acknowledged_at timestamptz, answered_at timestamptz, ended_at timestamptz, answered_in_time boolean,
            late boolean NOT NULL, silent boolean NOT NULL, re_appointable boolean NOT NULL, asked boolean NOT NULL,
            ground text, outcome text, due date, due_what text);
        CREATE INDEX referral_board_by_case ON referral_board (case_id);
        CREATE INDEX referral_board_by_sender ON referral_board (sender, offered_at DESC);
        CREATE INDEX referral_board_by_receiver ON referral_board USING gin (receivers);
        CREATE INDEX referral_board_waiting ON referral_board USING gin (waiting) WHERE waiting <> '{{}}';
        CREATE INDEX referral_board_by_day ON referral_board (offered_on);
        CREATE TABLE referral_clock {CLOCK_COLUMNS};
        CREATE INDEX referral_clock_by_end ON referral_clock (ends_at, id, clock);
        CREATE INDEX referral_clock_provisional ON referral_clock (ends_at, id, clock) WHERE provisional;
    """

    def __init__(self, load: Load) -> None:
        self._histories = Histories(REFERRALS, ReferralEvent, load)

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        if not (changed := self._histories.changed(page)):
            return
        to.execute("DELETE FROM referral_board WHERE id = ANY(%s)", [[one.id for one in changed]])
        with to.copy(f"COPY referral_board ({', '.join(CARD_COLUMNS)}) FROM STDIN") as copy:
            for history in changed:
                card = referral_card(history)
                copy.write_row(tuple(getattr(card, name) for name in CARD_COLUMNS))
        write_clocks("referral_clock", ((one.id, running(one.state)) for one in changed), to)

    def forget(self) -> None:
        """What it remembers of them."""
        self._histories.forget()
