"""The stops of a flow: where a matter came from, where it was, where it went, and how it came out."""

from __future__ import annotations

from collections.abc import Sequence

from application.figures.counting import RowKind
from infrastructure.read_models.figure_query import CAME_OUT, CASE_WISHES, FigureQuery

SENDS = "CASE WHEN s.kind IN ('court', 'police', 'petition') THEN s.kind ELSE coalesce(s.channel, s.kind) END"
DOWN = "u.kind = 'assign-down'"
STOPS: dict[tuple[RowKind, str], str] = {
    (RowKind.DISPUTE, "source"): "u.source",
    (RowKind.DISPUTE, "level"): "u.level",
    (RowKind.DISPUTE, "channel"): CASE_WISHES["channel"].format(t="u"),
    (RowKind.DISPUTE, "result"): CAME_OUT.format(t="u"),
    (RowKind.REFERRAL, "sender"): SENDS,
    (RowKind.REFERRAL, "receiver"): "t.channel",
    (RowKind.ESCALATION, "from"): f"CASE WHEN {DOWN} THEN t.level ELSE s.level END",
    (RowKind.ESCALATION, "to"): f"CASE WHEN {DOWN} THEN s.level ELSE t.level END",
}
JOINS = {
    RowKind.REFERRAL: " JOIN body s ON s.id = u.sender JOIN body t ON t.id = u.accepted_by AND t.channel IS NOT NULL",
    RowKind.ESCALATION: " JOIN body s ON s.id = u.below JOIN body t ON t.id = u.above",
}


def stops(asked: FigureQuery, along: Sequence[str]) -> tuple[list[str], str]:
    """Their columns, and what is joined for them."""
    return [STOPS[asked.unit, one] for one in along], JOINS.get(asked.unit, "")
