"""Whether it lives, and whether the board keeps up."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.deps import SystemDep

router = APIRouter(prefix="/health", tags=["health"])

STUCK_AFTER = 10.0
"""Seconds without movement, with events waiting, after which a read model counts as stuck."""


@router.get("/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/ready")
def ready(system: SystemDep, response: Response) -> dict[str, Any]:
    """503 where a read model does not move while events pile up, or the ledger is away."""
    standings = [
        {"name": one.name, "position": one.position, "behind": one.behind, "age": one.age, "parked": one.parked}
        for one in system.status()
    ]
    stuck = [one["name"] for one in standings if one["behind"] and float(str(one["age"])) > STUCK_AFTER]
    if stuck:
        response.status_code = 503
    return {"status": "stuck" if stuck else "ok", "stuck": stuck, "projections": standings}
