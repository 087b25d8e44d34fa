"""排查 /api/sweeps: reports of grids and villages, and who is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import KEY, Asking, Done, add_command
from api.contract import told
from api.deps import CasesDep, FreshDep, NowDep, RegisterDep, SweepBoardDep, ViewerDep
from api.labels.names import kebab
from application.rights import NotYourRight, Viewer
from application.sweep.board import DueUnit, SweepStanding, SweptDay
from application.sweep.rights import check_sees
from application.sweep.service import TellFinds, TellZeros
from domain.shared.calendar import local_day
from domain.shared.errors import UnknownStream
from domain.shared.values import AreaId, CaseId, Day, Value
from domain.sweep.reporting import ReportZero, WithdrawReport

router = APIRouter(prefix="/sweeps", tags=["sweeps"])
WINDOW = timedelta(days=61)


class ToldDue(Value):
    """`units`: the grids and villages that are due on the day, those that have not reported first."""

    day: date
    area: UUID
    total: SweepStanding
    places: tuple[SweepStanding, ...]
    units: tuple[DueUnit, ...]
    position: int


class ToldDays(Value):
    unit: UUID
    days: tuple[SweptDay, ...]
    position: int


class ToldOrigin(Value):
    case: UUID
    unit: UUID
    day: date


def area_of(viewer: Viewer) -> AreaId:
    """The area of the reader's post. Raises NotYourRight."""
    if viewer.area is None or not (viewer.scope.everything or viewer.scope.bodies):
        raise NotYourRight(role=viewer.role)
    return viewer.area


@router.get("", response_model=ToldDue)
def due(
    board: SweepBoardDep,
    register: RegisterDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    day: Day | None = None,
    area: AreaId | None = None,
) -> Response:
    """Who is due on that day in the reader's area, or in one within it; left out: today."""
    wanted, where = day or local_day(now), area or area_of(viewer)
    check_sees(viewer, where, register, wanted)
    return told(
        {
            "day": wanted,
            "area": where,
            "total": board.total(where, wanted),
            "places": board.standings(where, wanted),
            "units": board.due(where, wanted),
            "position": fresh.position,
        }
    )


@router.get("/units/{unit}", response_model=ToldDays)
def days(
    unit: AreaId,
    board: SweepBoardDep,
    register: RegisterDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    since: Day | None = None,
    until: Day | None = None,
) -> Response:
    """What one of them reported, day by day, the latest first; left out: of the last two months."""
    last = until or local_day(now)
    check_sees(viewer, unit, register, last)
    return told({"unit": unit, "days": board.days(unit, since or last - WINDOW, last), "position": fresh.position})


@router.get("/cases/{case}", response_model=ToldOrigin)
def origin(
    case: CaseId, board: SweepBoardDep, cases: CasesDep, viewer: ViewerDep, fresh: FreshDep, now: NowDep
) -> Response:
    """Of which unit and day the sweep was that opened a case. 404 where none did."""
    cases.history(case, viewer, now)
    if (opened := board.opened_by(case)) is None:
        raise UnknownStream(id=case)
    return told({"case": case, "unit": opened[0], "day": opened[1]})


def _zero(asking: Asking, command: ReportZero) -> Done:
    return Done(asking.deciding.sweeps.reports.report_zero(command, asking.viewer, asking.asked))


def _zeros(asking: Asking, command: TellZeros) -> Done:
    return Done(asking.deciding.sweeps.reports.report_zeros(command, asking.viewer, asking.asked))


def _finds(asking: Asking, command: TellFinds) -> Done:
    return Done(asking.deciding.sweeps.reports.report_finds(command, asking.viewer, asking.asked))


def _withdraw(asking: Asking, command: WithdrawReport) -> Done:
    return Done(asking.deciding.sweeps.reports.withdraw(command, asking.viewer, asking.asked))


def _add(name: str, command: type[Any], act: Any, status: int = 201) -> None:
    add_command(router, f"/{name}", command, act, status, name, headers=(KEY,))


_add(kebab(ReportZero), ReportZero, _zero)
_add("report-zeros", TellZeros, _zeros)
_add("report-finds", TellFinds, _finds)
_add(kebab(WithdrawReport), WithdrawReport, _withdraw, 200)
