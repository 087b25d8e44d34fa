"""看板 /api/figures: counts with their definition, on period and cohort basis, of what the reader may see."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import told
from api.deps import BoardDep, FiltersDep, FreshDep, HandoverDep, NowDep, ViewerDep, refuse_in_address
from application.figures.case_figures import CaseFilter, Dimension, Flow, Move
from application.figures.handover_figures import Counted, Crossing
from domain.shared.values import Value

router = APIRouter(prefix="/figures", tags=["figures"])


class FiguresAsked(CaseFilter):
    by: Dimension = "all"

    @property
    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump(include=set(CaseFilter.model_fields)))


class ToldFigures(Value):
    """A row has its `key`, and each figure of the period and of the cohort by name, with its share where it has one."""

    by: Dimension
    as_of: datetime
    position: int
    rows: tuple[dict[str, int | float | str | None], ...]


class ToldHandovers(Value):
    as_of: datetime
    position: int
    figures: dict[str, int | float | None]
    cases: dict[Move, int]
    outcomes: tuple[Counted, ...]
    grounds: tuple[Counted, ...]
    channels: tuple[Crossing, ...]
    levels: tuple[Crossing, ...]


class ToldFlows(Value):
    as_of: datetime
    position: int
    flows: tuple[Flow, ...]


@router.get("", response_model=ToldFigures)
def figures(
    board: BoardDep,
    filters: FiltersDep,
    now: NowDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    asked: Annotated[FiguresAsked, Query()],
) -> Response:
    """`by`: one row for each village, township, month, category, source, level or result; or one for all."""
    refuse_in_address(asked)
    rows = board.figures(viewer.scope, filters.known(asked.filter), asked.by)
    return told(
        {
            "by": asked.by,
            "as_of": now,
            "position": fresh.position,
            "rows": [one.told() for one in rows],
        }
    )


@router.get("/moving", response_model=ToldHandovers)
def handovers(
    cases: BoardDep,
    board: HandoverDep,
    filters: FiltersDep,
    now: NowDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    wanted: Annotated[CaseFilter, Query()],
) -> Response:
    """Of referrals and escalations offered or asked for in the window, and of cases registered in it that came back.
    `cases`: how many cases each move counts; the list with `moved` has just these."""
    refuse_in_address(wanted)
    asked, scope = filters.known(wanted), viewer.scope
    figures = board.figures(scope, asked)
    return told(
        {
            "as_of": now,
            "position": fresh.position,
            "figures": figures.model_dump() | {"in_time_share": figures.in_time_share},
            "cases": {move.value: cases.count(scope, asked.but(moved=move)) for move in Move},
            "outcomes": board.outcomes(scope, asked),
            "grounds": board.grounds(scope, asked),
            "channels": board.channels(scope, asked),
            "levels": board.levels_crossed(scope, asked),
        }
    )


@router.get("/flow", response_model=ToldFlows)
def flow(
    board: BoardDep,
    filters: FiltersDep,
    now: NowDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    wanted: Annotated[CaseFilter, Query()],
) -> Response:
    """From the source over the level to the result, of the cases registered in the window."""
    refuse_in_address(wanted)
    flows: list[Flow] = list(board.flow(viewer.scope, filters.known(wanted)))
    return told({"as_of": now, "position": fresh.position, "flows": flows})
