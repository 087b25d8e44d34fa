"""管辖 /api/areas, /api/bodies: areas with their names today, the bodies in them and their members."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.deps import SystemDep, ViewerDep
from domain.shared.calendar import local_day
from domain.shared.errors import UnknownArea
from domain.shared.values import AreaId, BodyId, Line

router = APIRouter(tags=["jurisdiction"])


@router.get("/areas")
def areas(
    system: SystemDep, viewer: ViewerDep, parent: AreaId | None = None, code: Line | None = None
) -> dict[str, Any]:
    """The areas right below `parent`; or the one of exactly this code; or the topmost ones."""
    day = local_day(system.now())
    if code is not None:
        if (found := system.register.by_code(code, day)) is None:
            raise UnknownArea(code=code[:40])
        return {"areas": [system.directory.area_row(found, day)]}
    rows = system.directory.child_rows(parent, day) if parent else system.directory.roots(day)
    return {"areas": rows}


@router.get("/areas/{id}/bodies")
def bodies(id: AreaId, system: SystemDep, viewer: ViewerDep) -> dict[str, Any]:
    return {"bodies": system.directory.bodies_in(id, local_day(system.now()))}


@router.get("/bodies/{id}/members")
def members(id: BodyId, system: SystemDep, viewer: ViewerDep) -> dict[str, Any]:
    return {"members": system.directory.members(id, local_day(system.now()))}
