"""管辖 /api/areas, /api/bodies: areas with their names today, the bodies in them and their members."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import told
from api.deps import DirectoryDep, NowDep, RegisterDep, ViewerDep
from application.directory import AreaRow, BodiesApart, BodyRow, MemberRow
from application.rights import NotYourRight
from domain.office.officer import Role
from domain.shared.calendar import local_day
from domain.shared.errors import UnknownArea
from domain.shared.values import AreaId, BodyId, Line, Value

router = APIRouter(tags=["jurisdiction"])


class ListedAreas(Value):
    areas: tuple[AreaRow, ...]


class ListedBodies(Value):
    bodies: tuple[BodyRow, ...]


class ListedApart(Value):
    apart: tuple[BodiesApart, ...]


class ListedMembers(Value):
    members: tuple[MemberRow, ...]


@router.get("/areas", response_model=ListedAreas)
def areas(
    register: RegisterDep,
    directory: DirectoryDep,
    now: NowDep,
    viewer: ViewerDep,
    parent: AreaId | None = None,
    code: Line | None = None,
) -> Response:
    """The areas right below `parent`; or the one of exactly this code; or the topmost ones."""
    day = local_day(now)
    if code is not None:
        if (found := register.by_code(code, day)) is None:
            raise UnknownArea(code=code[:40])
        return told({"areas": [directory.area_row(found, day)]})
    rows = directory.child_rows(parent, day) if parent else directory.roots(day)
    return told({"areas": rows})


@router.get("/areas/{id}/bodies", response_model=ListedBodies)
def bodies(id: AreaId, directory: DirectoryDep, now: NowDep, viewer: ViewerDep) -> Response:
    return told({"bodies": directory.bodies_in(id, local_day(now))})


@router.get("/bodies/apart", response_model=ListedApart)
def apart(directory: DirectoryDep, viewer: ViewerDep) -> Response:
    """Bodies of one kind whose areas were merged and who still stand side by side: for whoever keeps the registers, to
    decide whether they are merged, too. Nothing is done by itself."""
    if viewer.role is not Role.ADMIN:
        raise NotYourRight(role=viewer.role)
    return told({"apart": directory.bodies_apart()})


@router.get("/bodies/{id}/members", response_model=ListedMembers)
def members(id: BodyId, directory: DirectoryDep, now: NowDep, viewer: ViewerDep) -> Response:
    return told({"members": directory.members(id, local_day(now))})
