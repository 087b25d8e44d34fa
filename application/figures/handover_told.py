"""The ways of matters as they are told: how many moved, between which desks, on what ground, and how they came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from application.figures.asking import By, Counting
from application.figures.case_figures import Move
from application.figures.counting import RowKind, is_
from application.figures.definitions import BEGAN, FIGURES, OFFERED, REGISTERED
from application.figures.numbers import Flow, Snapshot, of
from domain.shared.values import Value

ALONG = ("source", "level", "channel", "result")
NUMBERS = {
    "offers": "referred",
    "acknowledged": "acknowledged",
    "in_time": "in_time",
    "silent": "silent",
    "rejected": "rejected",
    "accepted": "accepted",
    "accepted_late": "accepted_late",
    "returned": "returned",
    "days_in_transit": "days_in_transit",
    "requests": "requests",
    "taken_up": "taken_up",
    "sent_back": "sent_back",
    "returned_down": "returned_down",
    "by_clock": "by_clock",
    "called_up": "called_up",
    "assigned_down": "assigned_down",
    "supervised": "supervised",
    "bounced": "bounced",
    "bounces": "bounces",
    "registered": "registered",
}
"""What the API calls each figure."""


class KeyAndNumber(Value):
    """So many of one key, for example returned referrals by outcome."""

    key: str
    number: int


class Crossing(Value):
    """So many from one channel or level to another."""

    start: str
    end: str
    number: int


def handovers(snapshot: Snapshot, wanted: Counting) -> dict[str, Any]:
    asked = [FIGURES[one] for one in dict.fromkeys([*NUMBERS.values(), *(move.figure for move in Move)])]
    row = snapshot.count(wanted, asked).get("all", {})
    in_time = of(row, "in_time")
    figures = {name: of(row, key).period for name, key in NUMBERS.items()}
    figures["sent_back"] = (figures["sent_back"] or 0) - (figures["returned_down"] or 0)
    return {
        "figures": figures | {"timed": in_time.period_of, "in_time_share": in_time.share},
        "cases": {move.value: cases_of(snapshot, wanted, move) for move in Move},
        "outcomes": by_key(snapshot, wanted, "returned", By.OUTCOME),
        "grounds": by_key(snapshot, wanted, "escalated", By.GROUND),
        "channels": channels(snapshot, wanted),
        "levels": levels(snapshot, wanted),
    }


def cases_of(snapshot: Snapshot, wanted: Counting, move: Move) -> int:
    """How many cases moved so; one that moved twice is one."""
    figure = FIGURES[move.figure]
    return snapshot.cases(wanted, figure.unit, figure.counts)


def by_key(snapshot: Snapshot, wanted: Counting, figure: str, by: By) -> list[KeyAndNumber]:
    rows = snapshot.count(replace(wanted, by=by), [FIGURES[figure]])
    counted = [KeyAndNumber(key=key, number=int(of(row, figure).period or 0)) for key, row in rows.items() if key]
    return sorted((one for one in counted if one.number), key=lambda one: (-one.number, one.key))


def channels(snapshot: Snapshot, wanted: Counting) -> list[Crossing]:
    """Accepted referrals, from whom to which channel."""
    return _crossings(snapshot.flow(wanted, RowKind.REFERRAL, OFFERED, cohort=False, along=("sender", "receiver")))


def levels(snapshot: Snapshot, wanted: Counting) -> list[Crossing]:
    """Accepted moves between levels."""
    return _crossings(snapshot.flow(wanted, RowKind.ESCALATION, MOVED, cohort=False, along=("from", "to")))


MOVED = replace(BEGAN, where=(is_("stage", "accepted", "returned-down", "resolved", "assigned"),))


def _crossings(flows: Sequence[Flow]) -> list[Crossing]:
    return [Crossing(start=one.stops[0], end=one.stops[1], number=one.number) for one in flows]


def flows(snapshot: Snapshot, wanted: Counting) -> Sequence[Flow]:
    return snapshot.flow(wanted, RowKind.DISPUTE, REGISTERED, cohort=True, along=ALONG)
