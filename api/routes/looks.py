"""查阅记录 /api/looks: who looked at which case, when, as what, through what; for auditors and holders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.contract import told
from api.deps import CasesDep, NowDep, ViewerDep, system_of
from application.case.readers import check_told_who_looked
from application.looks import LooksAsked
from application.rights import check_audits
from domain.shared.values import CaseId, Value

router = APIRouter(tags=["looks"])
Before = Annotated[int | None, Query(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=200)]


class ToldLook(Value):
    number: int
    at: datetime
    officer: UUID
    body: UUID | None
    role: str
    through: str
    cases: tuple[UUID, ...]


class ListedLooks(Value):
    """`before`: the number with which the next page is asked for."""

    looks: tuple[ToldLook, ...]
    before: int | None


@router.get("/looks", response_model=ListedLooks)
def looks(
    request: Request,
    viewer: ViewerDep,
    officer: UUID | None = None,
    body: UUID | None = None,
    before: Before = None,
    limit: Limit = 50,
) -> Response:
    """The latest first, for auditors."""
    check_audits(viewer)
    return _told(request, LooksAsked(officer=officer, body=body, before=before, limit=limit))


@router.get("/cases/{id}/looks", response_model=ListedLooks)
def of_case(
    request: Request,
    id: CaseId,
    viewer: ViewerDep,
    cases: CasesDep,
    now: NowDep,
    before: Before = None,
    limit: Limit = 50,
) -> Response:
    """Who looked at this case, the latest first: for the body that holds it, and for auditors."""
    check_told_who_looked(viewer, cases.history(id, viewer, now).state)
    return _told(request, LooksAsked(case=id, before=before, limit=limit))


def _told(request: Request, asked: LooksAsked) -> Response:
    found = system_of(request).looks.looks(asked)
    last = found[-1].number if len(found) == asked.limit else None
    return told({"looks": found, "before": last})
