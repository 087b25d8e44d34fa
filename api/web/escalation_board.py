"""村—镇—县 S7 The board of escalations: columns by level with age and bounces, and what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.web.handovers import names_of_bodies
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from api.web.titles import title_of_case
from application.figures.handover_figures import Box
from domain.office.officer import Role

router = APIRouter(include_in_schema=False)
SHOWN = 20


@router.get("/levels")
def escalation_board(reader: ReaderDep) -> Response:
    fresh(reader)
    columns = reader.reading.handovers.levels(reader.viewer.scope, SHOWN)
    waiting = reader.reading.handovers.escalations(reader.viewer.scope, Box.WAITING, True, None, SHOWN).cards
    asked = reader.reading.handovers.escalations(reader.viewer.scope, Box.OUT, True, None, SHOWN).cards
    bodies = {body for card in (*waiting, *asked) for body in (card.below, card.above)}
    return render(
        reader,
        "escalation/board.html",
        columns=columns,
        requests=[(card, _of(reader, card.case_id)) for card in waiting],
        asked=[(card, _of(reader, card.case_id)) for card in asked],
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


@dataclass(frozen=True)
class CaseOfRequest:
    title: str
    code: str


def _of(reader: Reader, case: Any) -> CaseOfRequest:
    state = reader.deciding.cases.history(case, reader.viewer, reader.now()).state
    return CaseOfRequest(title_of_case(state, reader.language), state.code)


@router.get("/levels/requests")
def requests(reader: ReaderDep, after: str | None = None) -> Response:
    """What those below ask the reader's body to take up, as long as it has not answered."""
    fresh(reader)
    found = reader.reading.handovers.escalations(reader.viewer.scope, Box.WAITING, True, after, SHOWN)
    return render(
        reader,
        "escalation/requests.html",
        requests=[(card, _of(reader, card.case_id)) for card in found.cards],
        after=found.after,
        names=names_of_bodies(reader, {body for card in found.cards for body in (card.below, card.above)}),
    )
