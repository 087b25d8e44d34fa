"""今日 S1 Today: what waits for the reader's own body, by why it waits. Each number is the length of its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.web.handovers import names_of_bodies
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from api.web.referral import BoxRow, rows_of
from application.case.row import Card
from application.figures.case_figures import CaseFilter
from application.figures.handover_figures import Box
from application.figures.queues import Queue
from application.rights import ACTS_FOR_A_BODY
from domain.office.officer import Role
from domain.rules.holidays import year_to_publish

router = APIRouter(include_in_schema=False)
SHOWN = 5
"""So many of a queue stand on the first page; its whole list is one link away."""
SHOWN_QUEUES = (
    Queue.RISKS,
    Queue.OVERDUE,
    Queue.SESSIONS,
    Queue.SIGN,
    Queue.ACCEPT,
    Queue.MEET,
    Queue.CAME_BACK,
    Queue.PERFORM,
    Queue.FOLLOW_UP,
    Queue.ARCHIVE,
)
"""Those of which the first cases stand on the page, the most urgent first; of the others only the number."""
URGENT = frozenset({Queue.RISKS, Queue.OVERDUE})
ASKED_BY = {Queue.SESSIONS: "session", Queue.FOLLOW_UP: "registered", Queue.ARCHIVE: "registered"}
"""Which date is shown of a queue; else when it is due."""


@dataclass(frozen=True)
class ShownQueue:
    queue: Queue
    number: int
    cards: tuple[Card, ...]
    date: str


def _uncounted(reader: Reader) -> int | None:
    """The year whose holidays are not published, for whoever keeps the rules; None: nobody needs to do anything."""
    keeps = reader.viewer.role is Role.ADMIN
    return year_to_publish(reader.registers.rule_book.calendar(), reader.today) if keeps else None


@router.get("/")
def today(reader: ReaderDep) -> Response:
    if reader.viewer.role in (Role.LEADER, Role.AUDITOR):
        return RedirectResponse("/dashboard", 303)
    position = fresh(reader)
    numbers = reader.reading.board.queues(reader.viewer.scope, reader.today)
    shown = [_shown(reader, one, numbers) for one in SHOWN_QUEUES if numbers.get(one)]
    offers = rows_of(
        reader, reader.reading.handovers.referrals(reader.viewer.scope, Box.WAITING, True, None, SHOWN).cards
    )
    own = _own(reader)
    return render(
        reader,
        "today.html",
        numbers=numbers,
        shown=shown,
        urgent=URGENT,
        offers=offers,
        own=own,
        drafts=reader.drafts.count(reader.viewer.officer),
        acts=reader.viewer.role in ACTS_FOR_A_BODY,
        uncounted=_uncounted(reader),
        names={
            **names_of_cards(reader, [card for one in shown for card in one.cards] + list(own)),
            **names_of_bodies(reader, _sides(offers)),
        },
        position=position,
    )


def _shown(reader: Reader, queue: Queue, numbers: Mapping[Queue, int]) -> ShownQueue:
    wanted = CaseFilter(queue=queue, day=reader.today)
    cards = reader.reading.board.cards(reader.viewer.scope, wanted, None, SHOWN).cards
    return ShownQueue(queue, numbers[queue], cards, ASKED_BY.get(queue, "due"))


def _own(reader: Reader) -> tuple[Card, ...]:
    """What a grid worker registered: others do what comes next, and the one who saw it wants to know how it went."""
    if reader.viewer.role is not Role.GRID_WORKER:
        return ()
    return reader.reading.board.cards(reader.viewer.scope, CaseFilter(), None, SHOWN).cards


def _sides(offers: list[BoxRow]) -> list[UUID]:
    return [id for row in offers for id in (row.card.sender, *row.card.receivers)]
