"""区划变更 /api/areas, /api/bodies: administrators found, change and end areas and bodies, each from a day on."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.commanding import KEY, Asking, Done, add_command
from api.labels.names import kebab
from application.jurisdiction import AreaChange
from application.ports import Receipt
from application.rights import NotYourRight
from domain.jurisdiction.area import FoundArea, RecodeArea, RenameArea
from domain.jurisdiction.body import BodyCommand, DissolveBody, FoundBody, RenameBody
from domain.jurisdiction.lineage import AbolishArea, MergeArea, MoveArea, SplitArea
from domain.jurisdiction.merging import MergeBody
from domain.office.officer import Role
from domain.shared.values import AreaId, BodyId

router = APIRouter(tags=["jurisdiction"])


def _found_area(asking: Asking, command: FoundArea) -> Done:
    _check(asking)
    return Done(asking.administering.areas.found(asking.asked, command))


def _change_area(asking: Asking, command: AreaChange, id: AreaId) -> Done:
    _check(asking)
    return Done(asking.administering.areas.change(asking.asked, id, command))


def _found_body(asking: Asking, command: FoundBody) -> Done:
    _check(asking)
    return Done(asking.administering.bodies.found(asking.asked, command))


def _change_body(asking: Asking, command: BodyCommand, id: BodyId) -> Done:
    _check(asking)
    return Done(asking.administering.bodies.change(asking.asked, id, command))


def _merge_body(asking: Asking, command: MergeBody, id: BodyId) -> Done:
    _check(asking)
    return Done(asking.administering.mergers.merge(asking.asked, id, command))


def _check(asking: Asking) -> None:
    """Raises NotYourRight."""
    if asking.viewer.role is not Role.ADMIN:
        raise NotYourRight(role=asking.viewer.role)


def _add(path: str, command: type[Any], act: Any, status: int = 200, ids: tuple[str, ...] = ()) -> None:
    add_command(
        router, path + kebab(command), command, act, status, kebab(command), ids, headers=(KEY,), response_model=Receipt
    )


_add("/areas/", FoundArea, _found_area, 201)
for _change in (RenameArea, RecodeArea, MoveArea, MergeArea, SplitArea, AbolishArea):
    _add("/areas/{id}/", _change, _change_area, ids=("id",))
_add("/bodies/", FoundBody, _found_body, 201)
for _step in (RenameBody, DissolveBody):
    _add("/bodies/{id}/", _step, _change_body, ids=("id",))
_add("/bodies/{id}/", MergeBody, _merge_body, ids=("id",))
