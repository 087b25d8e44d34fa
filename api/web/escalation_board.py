"""村—镇—县 S7 The board of escalations: columns by level with age and bounces, and what waits for an answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.web.handovers import names_of_bodies
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from application.figures.handover_figures import Box
from domain.office.officer import Role

router = APIRouter(include_in_schema=False)
SHOWN = 20


@router.get("/levels")
def escalation_board(reader: ReaderDep) -> Response:
    fresh(reader)
    columns = reader.reading.handovers.levels(reader.viewer.scope, SHOWN)
    waiting = reader.reading.handovers.escalations(reader.viewer.scope, Box.IN, True, None, SHOWN).cards
    asked = reader.reading.handovers.escalations(reader.viewer.scope, Box.OUT, True, None, SHOWN).cards
    bodies = {body for card in (*waiting, *asked) for body in (card.below, card.above)}
    return render(
        reader,
        "escalation/board.html",
        columns=columns,
        waiting=[(card, _code(reader, card.case_id)) for card in waiting],
        asked=[(card, _code(reader, card.case_id)) for card in asked],
        names={
            **names_of_cards(reader, [card for column in columns for card in column.cards]),
            **names_of_bodies(reader, bodies),
        },
        rank=_rank(reader),
    )


def _rank(reader: Reader) -> int:
    """The level from which the reader may call up: nothing lies below zero."""
    if reader.viewer.role is not Role.COORDINATOR or reader.viewer.body is None:
        return 0
    return reader.reading.directory.body_rows([reader.viewer.body])[reader.viewer.body].level.rank


def _code(reader: Reader, case: Any) -> str:
    return reader.deciding.cases.history(case, reader.viewer, reader.now()).state.code
