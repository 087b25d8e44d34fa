"""今日 S1 Today: what is due, what is agreed to meet, what nobody has accepted yet."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.web.page import ReaderDep, fresh, names_of_cards, render
from domain.office.officer import Role

router = APIRouter(include_in_schema=False)
SHOWN = 15


@router.get("/")
def today(reader: ReaderDep) -> Response:
    if reader.viewer.role in (Role.LEADER, Role.AUDITOR):
        return RedirectResponse("/dashboard", 303)
    position = fresh(reader)
    waiting = reader.system.board.waiting(reader.viewer.scope, SHOWN)
    cards = [*waiting.due, *waiting.sessions, *waiting.unaccepted]
    overdue = [card for card in waiting.due if card.due and card.due < reader.today]
    return render(
        reader,
        "today.html",
        waiting=waiting,
        overdue=len(overdue),
        names=names_of_cards(reader, cards),
        position=position,
    )
