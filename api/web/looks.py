"""查阅记录 Who looked at a case, and who may: for its holder and for auditors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import system_of
from api.system import System
from api.web.handovers import names_of_bodies
from api.web.page import Reader, ReaderDep, render
from api.web.titles import title_of_case
from application.case.readers import check_told_who_looked, who_may_read
from application.looks import Look, LooksAsked
from application.rights import check_audits
from domain.case.case import DisputeCase
from domain.shared.errors import DomainError
from domain.shared.values import CaseId, Day, OfficerId

router = APIRouter(include_in_schema=False)
SHOWN = 50
Before = Annotated[int | None, Query(ge=1, lt=1 << 62)]


@dataclass(frozen=True)
class ShownLook:
    at: datetime
    who: str
    role: str
    body: UUID | None
    through: str
    cases: Sequence[tuple[UUID, str]]
    officer: UUID


@router.get("/cases/{id}/looks")
def of_case(id: CaseId, reader: ReaderDep, before: Before = None) -> Response:
    case = _told(reader, id)
    return _listed(reader, LooksAsked(case=id, before=before, limit=SHOWN), title_of_case(case, reader.language), id)


def _told(reader: Reader, id: CaseId) -> DisputeCase:
    """Raises UnknownStream, NotToldWhoLooked."""
    case = reader.deciding.cases.history(id, reader.viewer, reader.now()).state
    check_told_who_looked(reader.viewer, case)
    return case


@router.get("/looks")
def looks(reader: ReaderDep, officer: UUID | None = None, body: UUID | None = None, before: Before = None) -> Response:
    """Of all cases, for auditors."""
    check_audits(reader.viewer)
    return _listed(reader, LooksAsked(officer=officer, body=body, before=before, limit=SHOWN), "", None)


def _listed(reader: Reader, asked: LooksAsked, title: str, case: UUID | None) -> Response:
    system: System = system_of(reader.request)
    found = system.looks.looks(asked)
    return render(
        reader,
        "looks.html",
        looks=[_line(reader, one, case) for one in found],
        count=system.looks.count(LooksAsked(case=asked.case, officer=asked.officer, body=asked.body)),
        title=title,
        case=case,
        asked=asked,
        after=found[-1].number if len(found) == SHOWN else None,
        bodies=names_of_bodies(reader, (one.body for one in found)),
    )


def _line(reader: Reader, look: Look, case: UUID | None) -> ShownLook:
    officer = reader.registers.office.officer(OfficerId(look.officer))
    cases = [] if case else [(one, _code(reader, one)) for one in look.cases[:MOST_NAMED]]
    who = officer.display_name if officer else "—"
    return ShownLook(look.at, who, look.role, look.body, look.through, cases, look.officer)


MOST_NAMED = 3
"""Of a list that was looked at, so many cases are named."""


def _code(reader: Reader, case: UUID) -> str:
    try:
        return reader.deciding.cases.history(CaseId(case), reader.viewer, reader.now()).state.code
    except DomainError:
        return "—"


@router.get("/cases/{id}/readers")
def readers(id: CaseId, reader: ReaderDep, day: Day | None = None) -> Response:
    """Who may read it, why, on which day."""
    case = _told(reader, id)
    on = min(day or reader.today, reader.today)
    history, office = reader.deciding.cases.whole(id), reader.registers.office
    found = who_may_read(system_of(reader.request).access.rights, office, history, on, on == reader.today)
    names = {one.officer: known.display_name for one in found if (known := office.officer(OfficerId(one.officer)))}
    return render(
        reader,
        "readers.html",
        readers=found,
        officers=names,
        bodies=names_of_bodies(reader, (one.body for one in found)),
        title=title_of_case(case, reader.language),
        case=id,
        day=on,
    )
