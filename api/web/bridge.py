"""法院与行政机关 S10 The bridge: what was delegated or routed, what the court confirms, what others have taken."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.web.handovers import names_of_bodies
from api.web.page import ReaderDep, fresh, names_of_cards, render
from api.web.referral import rows_of

router = APIRouter(include_in_schema=False)
SHOWN = 25


@router.get("/bridge")
def bridge(reader: ReaderDep) -> Response:
    fresh(reader)
    handovers, scope = reader.reading.handovers, reader.viewer.scope
    rows = rows_of(reader, handovers.bridge(scope, SHOWN))
    confirmations = handovers.confirmations(scope, reader.today, SHOWN)
    elsewhere = handovers.elsewhere(scope, SHOWN)
    bodies = (body for row in rows for body in (row.card.sender, *row.card.receivers))
    return render(
        reader,
        "bridge.html",
        rows=rows,
        confirmations=confirmations,
        elsewhere=elsewhere,
        names={**names_of_cards(reader, [*confirmations, *elsewhere]), **names_of_bodies(reader, bodies)},
    )
