"""Who reports for which unit, and who sees what of sweeps: by the area of the reader's own post."""

from __future__ import annotations

from datetime import date

from application.jurisdiction import JurisdictionRegister
from application.rights import ACTS_FOR_A_BODY, NotYourRight, Viewer
from domain.office.officer import Role
from domain.shared.errors import Forbidden, UnknownStream
from domain.shared.values import AreaId, Level

REPORTS = frozenset({Role.GRID_WORKER, Role.MEDIATOR})
CALLS = frozenset({Role.MEDIATOR, Role.COORDINATOR})


class NotYourUnit(Forbidden):
    """A grid worker reports for the own grid, a village for itself and its grids."""


class NotYourArea(Forbidden):
    """Another body answers for this area."""


def check_reports(viewer: Viewer, unit: AreaId, register: JurisdictionRegister, day: date) -> None:
    """Raises NotYourRight, NotYourUnit."""
    if viewer.role not in REPORTS or viewer.area is None:
        raise NotYourRight(role=viewer.role)
    if unit == viewer.area or (viewer.role is Role.MEDIATOR and unit in grids_of(viewer.area, register, day)):
        return
    raise NotYourUnit(area=unit)


def grids_of(village: AreaId, register: JurisdictionRegister, day: date) -> frozenset[AreaId]:
    facts = register.area(village, day)
    return frozenset(register.children(village, day) if facts and facts.level is Level.VILLAGE else ())


def check_meets(viewer: Viewer, unit: AreaId, register: JurisdictionRegister, day: date) -> None:
    """Raises NotYourRight, NotYourArea: whoever acts for a body records the meetings of its area, and of the grids
    right in it."""
    if viewer.role not in ACTS_FOR_A_BODY or viewer.area is None:
        raise NotYourRight(role=viewer.role)
    if unit != viewer.area and unit not in grids_of(viewer.area, register, day):
        raise NotYourArea(area=unit)


def check_calls(viewer: Viewer) -> None:
    """Raises NotYourRight."""
    if viewer.role not in CALLS:
        raise NotYourRight(role=viewer.role)


def check_sees(viewer: Viewer, unit: AreaId, register: JurisdictionRegister, day: date) -> None:
    """Raises UnknownStream: what lies elsewhere is not told to be there."""
    if viewer.scope.everything:
        return
    if viewer.area not in {one.id for one in register.path(unit, day)}:
        raise UnknownStream(id=unit)
