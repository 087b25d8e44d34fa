"""更正、作废与补录 The list of what was corrected, struck out or recorded late, with the numbers of each body."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.responses import Response

from api.web.cases import UnfitFilter
from api.web.page import ReaderDep, fresh, names_of, render
from application.case.amendments import AmendmentFilter, AmendmentKind

router = APIRouter(include_in_schema=False)
PAGE = 50


Before = Annotated[int | None, Query(ge=1, lt=1 << 62)]


@router.get("/amendments")
def amendments(
    reader: ReaderDep,
    kind: str = "",
    body: str = "",
    since: str = "",
    until: str = "",
    before: Before = None,
) -> Response:
    position = fresh(reader)
    sent = {"kind": kind, "body": body, "since": since, "until": until}
    wanted = asked(sent)
    board, scope = reader.reading.amendments, reader.viewer.scope
    rows, counts = board.amendments(scope, wanted, before, PAGE), board.amendment_counts(scope, wanted)
    ids = {id for row in rows for id in (row.body, row.officer)} | {one.body for one in counts}
    return render(
        reader,
        "case/amendments.html",
        rows=rows,
        counts=counts,
        names=names_of(reader, {}, (), ids),
        kinds=list(AmendmentKind),
        sent=sent,
        after=rows[-1].position if len(rows) == PAGE else None,
        position=position,
    )


def asked(sent: dict[str, Any]) -> AmendmentFilter:
    """Raises UnfitFilter."""
    try:
        return AmendmentFilter.model_validate({name: value for name, value in sent.items() if value})
    except ValidationError as error:
        raise UnfitFilter(fields=sorted({str(one["loc"][0]) for one in error.errors()})) from None
