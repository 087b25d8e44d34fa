"""一次记录 /api/cases/{id}/record-…: several commands told at once, recorded all, or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import Asking, Done, add_command
from api.contract import NOT_NOW
from api.labels.names import kebab
from api.routes.case import conflict
from domain.case.composite.lists import COMPOSITES
from domain.shared.errors import Conflict
from domain.shared.values import CaseId

router = APIRouter(prefix="/cases", tags=["case"])


def _tell(asking: Asking, command: Any, id: UUID) -> Done | Response:
    try:
        told = asking.deciding.composites.tell(CaseId(id), command, asking.viewer, asking.asked, asking.expected)
        return Done(told)
    except Conflict as refusal:
        return conflict(refusal, CaseId(id), asking)


for _composite in COMPOSITES:
    add_command(
        router,
        f"/{{id}}/{kebab(_composite)}",
        _composite,
        _tell,
        200,
        f"change:{kebab(_composite)}",
        ids=("id",),
        problems=NOT_NOW,
    )
