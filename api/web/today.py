"""今日 S1 Today: what is due, what is agreed to meet, what nobody has accepted yet."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.web.handovers import names_of_bodies
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from api.web.referral import rows_of
from application.figures.handover_figures import Box
from domain.office.officer import Role
from domain.rules.holidays import year_to_publish

router = APIRouter(include_in_schema=False)
SHOWN = 15


def _uncounted(reader: Reader) -> int | None:
    """The year whose holidays are not published, for whoever keeps the rules; None: nobody needs to do anything."""
    keeps = reader.viewer.role is Role.ADMIN
    return year_to_publish(reader.registers.rule_book.calendar(), reader.today) if keeps else None


@router.get("/")
def today(reader: ReaderDep) -> Response:
    if reader.viewer.role in (Role.LEADER, Role.AUDITOR):
        return RedirectResponse("/dashboard", 303)
    position = fresh(reader)
    waiting = reader.reading.board.waiting(reader.viewer.scope, SHOWN)
    offers = rows_of(reader, reader.reading.handovers.referrals(reader.viewer.scope, Box.IN, True, None, SHOWN).cards)
    unanswered = [row for row in offers if row.card.stage in {"offered", "acknowledged"}]
    cards = [*waiting.risks, *waiting.due, *waiting.sessions, *waiting.unaccepted]
    overdue = [card for card in waiting.due if card.due and card.due < reader.today]
    return render(
        reader,
        "today.html",
        waiting=waiting,
        overdue=len(overdue),
        rows=unanswered,
        uncounted=_uncounted(reader),
        names={
            **names_of_cards(reader, cards),
            **names_of_bodies(reader, (id for row in unanswered for id in (row.card.sender, *row.card.receivers))),
        },
        position=position,
    )
