"""S5 What can be done with a case beside its own steps: refer, transfer, escalate; and what all their pages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.problems import title
from api.web.choices import Choices, bodies_around
from api.web.page import Reader, ReaderDep, render
from application.case.page import CasePage, page
from application.directory import BodyRow
from application.handover.options import Opening, openings
from application.handover.receivers import Possibility, above, below, counter, possibilities
from domain.escalation.assigning_down import AssignCaseDown
from domain.escalation.limits import ESCALATION_ANSWER
from domain.escalation.raising import RequestEscalation
from domain.referral.offering import OfferReferral
from domain.shared.calendar import DAY, Calendar
from domain.shared.errors import DomainError, UnknownStream
from domain.shared.law import Due, Unit
from domain.shared.values import BodyId, CaseId

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Deadline:
    """A clock as a page tells it. `working`: working days left, of one that is counted in them."""

    name: str
    due: Due
    days: int
    working: int | None


def deadlines(clocks: Mapping[Any, Due], reader: Reader) -> list[Deadline]:
    """The next one first."""
    calendar = reader.registers.rule_book.calendar()
    return [
        Deadline(
            due.clock if due.counted_in else getattr(name, "kind", name),
            due,
            (due.day - reader.today).days,
            working_days(reader.today, due.day, calendar) if due.counted_in is Unit.WORKING_DAYS else None,
        )
        for name, due in sorted(clocks.items(), key=lambda item: item[1].end)
    ]


def working_days(today: date, day: date, calendar: Calendar) -> int:
    """From tomorrow to that day, itself included; none where it is over."""
    later = (today + DAY * count for count in range(1, max((day - today).days, 0) + 1))
    return sum(not calendar.is_free(one) for one in later)


def names_of_bodies(reader: Reader, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    rows = reader.reading.directory.body_rows([BodyId(id) for id in set(ids) if id])
    return {id: row.name for id, row in rows.items()}


@dataclass(frozen=True)
class Choice:
    """What can be asked now, or why not."""

    command: type[Any]
    why: str


def choices_of(found: Iterable[tuple[type[Any], DomainError | None]], reader: Reader) -> list[Choice]:
    return [Choice(command, title(why, reader.language) if why else "") for command, why in found]


@dataclass(frozen=True)
class BodiesAround:
    """The bodies around a case: who holds it, who asks, and who else there is."""

    own: BodyRow
    holder: BodyRow
    all: list[BodyRow]
    path: list[UUID]


def desks(reader: Reader, holder: BodyId) -> BodiesAround:
    """Raises UnknownStream where the reader acts for no body."""
    if reader.viewer.body is None:
        raise UnknownStream(id=holder)
    rows = reader.reading.directory.body_rows([holder, reader.viewer.body])
    path = reader.reading.directory.path_rows(rows[holder].area, reader.today)
    return BodiesAround(rows[reader.viewer.body], rows[holder], bodies_around(reader), [one.id for one in path])


def receivers_of(command: type[Any], reader: Reader, holder: BodyId) -> Choices | None:
    """Who may take it up or be assigned it; None: the command names no body."""
    around = desks(reader, holder)
    if command is RequestEscalation:
        return named(above(around.holder, around.all, around.path))  # type: ignore[arg-type]
    return named(below(around.holder, _inside(reader, around))) if command is AssignCaseDown else None


def _inside(reader: Reader, around: BodiesAround) -> list[BodyRow]:
    return list(reader.reading.directory.bodies_in(around.holder.area, reader.today))


def named(bodies: Iterable[BodyRow]) -> Choices:
    return [(str(one.id), one.name) for one in bodies]


def possible_kinds(reader: Reader, read: CasePage, since: Any = None) -> list[Possibility]:
    """`since`: the moment that the offer would be dated; None: now."""
    assert read.state.holder
    around = desks(reader, read.state.holder)
    count = counter(reader.registers.rule_book, around.own.area, since or reader.now())
    return list(possibilities(around.own, around.all, is_filed(read), count))


def is_filed(read: CasePage) -> bool:
    return any(one.is_filed_suit for one in read.state.proceedings)


@router.get("/cases/{id}/refer")
def refer(id: CaseId, reader: ReaderDep) -> Response:
    """The verbs, one line each; what cannot be done now says why."""
    read = page(reader.deciding.cases.history(id, reader.viewer, reader.now()))
    state = reader.deciding.cases.state(id, reader.viewer, reader.now())
    found = list(openings(state, reader.viewer))
    kinds = possible_kinds(reader, read) if reader.viewer.body and read.state.holder else []
    return render(
        reader,
        "handover/verbs.html",
        read=read,
        offering=next(_said(one, reader) for one in found if one.command is OfferReferral),
        kinds=[(one, title(one.blocked, reader.language) if one.blocked else "") for one in kinds],
        others=[_said(one, reader) for one in found if one.command is not OfferReferral],
        answer_by=_answer_by(reader, read),
        into=f"/cases/{id}/refer",
    )


def _said(one: Opening, reader: Reader) -> Choice:
    return Choice(one.command, title(one.blocked, reader.language) if one.blocked else "")


def _answer_by(reader: Reader, read: CasePage) -> Due | None:
    if reader.viewer.body is None or read.state.holder is None:
        return None
    holder = reader.reading.directory.body_rows([read.state.holder])[read.state.holder]
    return counter(reader.registers.rule_book, holder.area, reader.now())(ESCALATION_ANSWER)
