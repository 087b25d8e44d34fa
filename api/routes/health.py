"""Whether it lives, whether commands are taken, whether lists keep up, and whether the worker works: four answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.contract import PROBLEM_JSON, Responses
from api.deps import NowDep, StandingDep
from api.system import Standing
from application.ports import ReadModelsFilling
from domain.shared.values import Value

router = APIRouter(prefix="/health", tags=["health"])

STUCK_AFTER = 10.0
"""Seconds without movement, with events waiting, after which a read model counts as stuck."""
HANGS_AFTER = 60.0
"""Seconds without a look, after which a part of the worker counts as hanging. Lists are filled anew for longer than
that, and tell of it by themselves."""
LEAST_ROOM = 16 << 20
"""Bytes for new keys, below which no commands are promised."""


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


class Lists(Value):
    """`filling`: a read model has nothing to show yet in place of what it does not have."""

    status: Literal["ok", "stuck", "filling"]
    stuck: tuple[str, ...]
    projections: tuple[ReadModel, ...]


class Worker(Value):
    """`parts`: seconds since each looked last; `absent`: none ever did; `overdue`: clocks that ran out and wait."""

    status: Literal["ok", "hangs", "absent"]
    hanging: tuple[str, ...]
    parts: dict[str, float]
    overdue: int


class Readiness(Value):
    """`status`: of commands; lists and the worker are told beside it, and asked for by themselves."""

    status: Literal["ok", "no-room"]
    room: int
    lists: Literal["ok", "stuck", "filling"]
    worker: Literal["ok", "hangs", "absent"]
    projections: tuple[ReadModel, ...]


AWAY: dict[str, Any] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def not_ready(model: type[Value], why: str) -> Responses:
    return {503: {"description": why, "model": model, "content": AWAY}}


@router.get("/ready", response_model=Readiness, responses=not_ready(Readiness, "No commands are taken just now"))
def ready(standing: StandingDep, now: NowDep) -> Response:
    """503 where no command can be recorded: the ledger is away, or there is no room for keys. For a load balancer."""
    room, lists, worker = standing.room(), _lists(standing), _worker(standing, now)
    status: Literal["ok", "no-room"] = "ok" if room >= LEAST_ROOM else "no-room"
    body = Readiness(status=status, room=room, lists=lists.status, worker=worker.status, projections=lists.projections)
    return _answer(body, status)


@router.get("/lists", response_model=Lists, responses=not_ready(Lists, "Lists and figures stand still"))
def lists(standing: StandingDep) -> Response:
    """503 where lists and figures do not answer, or do not move while events pile up."""
    body = _lists(standing)
    return _answer(body, body.status)


@router.get("/worker", response_model=Worker, responses=not_ready(Worker, "The worker does nothing"))
def worker(standing: StandingDep, now: NowDep) -> Response:
    """503 where a part of the worker does not look any more: clocks, seals and erasures stand."""
    body = _worker(standing, now)
    return _answer(body, body.status)


def _answer(body: Value, status: str) -> Response:
    return JSONResponse(body.model_dump(mode="json"), 200 if status == "ok" else 503)


def _lists(standing: Standing) -> Lists:
    models = tuple(
        ReadModel(name=one.name, position=one.position, behind=one.behind, age=one.age, parked=one.parked)
        for one in standing.status()
    )
    stuck = tuple(one.name for one in models if one.behind and one.age > STUCK_AFTER)
    try:
        standing.check_whole()
    except ReadModelsFilling:
        return Lists(status="filling", stuck=stuck, projections=models)
    return Lists(status="stuck" if stuck else "ok", stuck=stuck, projections=models)


def _worker(standing: Standing, now: datetime) -> Worker:
    parts = dict(standing.worker())
    hanging = tuple(name for name, age in parts.items() if age > HANGS_AFTER and name != "lists")
    status: Literal["ok", "hangs", "absent"] = "hangs" if hanging else "ok" if parts else "absent"
    return Worker(status=status, hanging=hanging, parts=parts, overdue=standing.overdue(now))
