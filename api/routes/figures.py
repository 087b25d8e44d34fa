"""看板 /api/figures: counts with their definition, on period and cohort basis, of what the reader may see."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.deps import FreshDep, SystemDep, ViewerDep, known, refuse_in_address
from application.figures.case_figures import CaseFilter, Dimension, Flow, Move

router = APIRouter(prefix="/figures", tags=["figures"])


class FiguresAsked(CaseFilter):
    by: Dimension = "all"

    @property
    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump(include=set(CaseFilter.model_fields)))


@router.get("")
def figures(
    system: SystemDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    asked: Annotated[FiguresAsked, Query()],
) -> dict[str, Any]:
    """`by`: one row for each village, township, month, category, source, level or result; or one for all."""
    refuse_in_address(asked)
    rows = system.board.figures(viewer.scope, known(system, asked.filter), asked.by)
    return {
        "by": asked.by,
        "as_of": system.now(),
        "position": fresh.position,
        "rows": [one.told() for one in rows],
    }


@router.get("/moving")
def moving(
    system: SystemDep, viewer: ViewerDep, fresh: FreshDep, wanted: Annotated[CaseFilter, Query()]
) -> dict[str, Any]:
    """Of referrals and escalations offered or asked for in the window, and of cases registered in it that came back.
    `cases`: how many cases each move counts; the list with `moved` has just these."""
    refuse_in_address(wanted)
    asked, scope, board = known(system, wanted), viewer.scope, system.moving
    figures = board.figures(scope, asked)
    return {
        "as_of": system.now(),
        "position": fresh.position,
        "figures": figures.model_dump() | {"in_time_share": figures.in_time_share},
        "cases": {move.value: system.board.count(scope, asked.but(moved=move)) for move in Move},
        "outcomes": board.outcomes(scope, asked),
        "grounds": board.grounds(scope, asked),
        "channels": board.channels(scope, asked),
        "levels": board.levels_crossed(scope, asked),
    }


@router.get("/flow")
def flow(
    system: SystemDep, viewer: ViewerDep, fresh: FreshDep, wanted: Annotated[CaseFilter, Query()]
) -> dict[str, Any]:
    """From the source over the level to the result, of the cases registered in the window."""
    refuse_in_address(wanted)
    flows: list[Flow] = list(system.board.flow(viewer.scope, known(system, wanted)))
    return {"as_of": system.now(), "position": fresh.position, "flows": flows}
