"""更正、作废与补录 /api/amendments: what was corrected, struck out or recorded late, by body and day."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import told
from api.deps import AmendmentsDep, FreshDep, ViewerDep
from application.case.amendments import AmendedEntry, AmendmentCount, AmendmentFilter, AmendmentKind
from domain.shared.values import BodyId, Day, Value

router = APIRouter(tags=["amendments"])


class ListedAmendments(Value):
    amendments: tuple[AmendedEntry, ...]
    counts: tuple[AmendmentCount, ...]
    before: int | None
    """The position with which the next page is asked for."""
    position: int


@router.get("/amendments", response_model=ListedAmendments)
def amendments(
    board: AmendmentsDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    kind: AmendmentKind | None = None,
    body: UUID | None = None,
    since: Day | None = None,
    until: Day | None = None,
    before: Annotated[int | None, Query(ge=1, lt=1 << 62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """The latest first, of the cases that the reader sees whole; the counts are of all of them."""
    wanted = AmendmentFilter(kind=kind, body=BodyId(body) if body else None, since=since, until=until)
    rows = board.amendments(viewer.scope, wanted, before, limit)
    counts = board.amendment_counts(viewer.scope, wanted)
    last = rows[-1].position if len(rows) == limit else None
    return told({"amendments": rows, "counts": counts, "before": last, "position": fresh.position})
