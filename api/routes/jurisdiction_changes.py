"""区划变更 /api/areas, /api/bodies: administrators found and change areas, and dissolve bodies, each from a day on."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import AskedDep, SystemDep, ViewerDep
from api.system import System
from application.jurisdiction import AreaChange
from application.ports import Asked, Receipt
from application.rights import NotYourRight, Viewer
from domain.jurisdiction.area import FoundArea, RecodeArea, RenameArea
from domain.jurisdiction.body import DissolveBody, FoundBody, RenameBody
from domain.jurisdiction.lineage import AbolishArea, MergeArea, MoveArea, SplitArea
from domain.office.officer import Role
from domain.shared.values import AreaId, BodyId

router = APIRouter(tags=["jurisdiction"])


@router.post("/areas/found-area", status_code=201)
def found_area(command: FoundArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """An area begins on that day."""
    _check(viewer)
    return _seen(system, viewer, system.areas.found(asked, command))


@router.post("/areas/{id}/rename-area")
def rename_area(id: AreaId, command: RenameArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """Another name; what was recorded before keeps the old one."""
    return _change(system, viewer, asked, id, command)


@router.post("/areas/{id}/recode-area")
def recode_area(id: AreaId, command: RecodeArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """Another code for the same area."""
    return _change(system, viewer, asked, id, command)


@router.post("/areas/{id}/move-area")
def move_area(id: AreaId, command: MoveArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """It lies in another area, with all that lies in it."""
    return _change(system, viewer, asked, id, command)


@router.post("/areas/{id}/merge-area")
def merge_area(id: AreaId, command: MergeArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """It ends; what lies in it moves along into the one that goes on."""
    return _change(system, viewer, asked, id, command)


@router.post("/areas/{id}/split-area")
def split_area(id: AreaId, command: SplitArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """It ends, and its successors, founded before, come after it."""
    return _change(system, viewer, asked, id, command)


@router.post("/areas/{id}/abolish-area")
def abolish_area(id: AreaId, command: AbolishArea, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """It ends without a successor."""
    return _change(system, viewer, asked, id, command)


@router.post("/bodies/found-body", status_code=201)
def found_body(command: FoundBody, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """A body begins to take matters on."""
    _check(viewer)
    return _seen(system, viewer, system.bodies.found(asked, command))


@router.post("/bodies/{id}/rename-body")
def rename_body(id: BodyId, command: RenameBody, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """Another name, from now on."""
    _check(viewer)
    return _seen(system, viewer, system.bodies.change(asked, id, command))


@router.post("/bodies/{id}/dissolve-body")
def dissolve_body(id: BodyId, command: DissolveBody, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """It takes nothing on any more; what it recorded stays."""
    _check(viewer)
    return _seen(system, viewer, system.bodies.change(asked, id, command))


def _change(system: System, viewer: Viewer, asked: Asked, id: AreaId, command: AreaChange) -> Receipt:
    _check(viewer)
    return _seen(system, viewer, system.areas.change(asked, id, command))


def _check(viewer: Viewer) -> None:
    """Raises NotYourRight."""
    if viewer.role is not Role.ADMIN:
        raise NotYourRight(role=viewer.role)


def _seen(system: System, viewer: Viewer, receipt: Receipt) -> Receipt:
    system.saw(viewer.officer, receipt)
    return receipt
