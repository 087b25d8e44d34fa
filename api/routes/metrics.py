"""/metrics: figures in Prometheus' form for those who run it; of processes and counts, never of persons."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import StandingDep

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(standing: StandingDep) -> Response:
    return Response(standing.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")
