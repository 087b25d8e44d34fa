"""Whether it lives, and whether the board keeps up."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.contract import PROBLEM_JSON, Responses
from api.deps import StandingDep
from domain.shared.values import Value

router = APIRouter(prefix="/health", tags=["health"])

STUCK_AFTER = 10.0
"""Seconds without movement, with events waiting, after which a read model counts as stuck."""


@router.get("/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


class ReadModel(Value):
    """`age`: seconds since it moved, where events wait; `parked`: events that it could not read."""

    name: str
    position: int
    behind: int
    age: float
    parked: int


class Readiness(Value):
    status: str
    stuck: tuple[str, ...]
    projections: tuple[ReadModel, ...]


AWAY: dict[str, Any] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
NOT_READY: Responses = {
    503: {"description": "A read model is stuck, or the ledger is away", "model": Readiness, "content": AWAY}
}


@router.get("/ready", response_model=Readiness, responses=NOT_READY)
def ready(standing: StandingDep) -> Response:
    """503 where a read model does not move while events pile up, or the ledger is away."""
    standings = [
        {"name": one.name, "position": one.position, "behind": one.behind, "age": one.age, "parked": one.parked}
        for one in standing.status()
    ]
    stuck = [one["name"] for one in standings if one["behind"] and float(str(one["age"])) > STUCK_AFTER]
    body = {"status": "stuck" if stuck else "ok", "stuck": stuck, "projections": standings}
    return JSONResponse(body, 503 if stuck else 200)
