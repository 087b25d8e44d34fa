"""看板 /api/figures: counts of one moment with their definitions, of a period and of a cohort; and the rows behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.contract import told
from api.deps import FigureBoardDep, FiltersDep, FreshDep, NowDep, ViewerDep, refuse_in_address
from application.figures import handover_told
from application.figures.asking import By, View
from application.figures.board import counting, view_of
from application.figures.case_figures import CaseFilter, Move
from application.figures.definitions import FIGURES, FigureKey
from application.figures.handover_told import Crossing, KeyAndNumber
from application.figures.numbers import AfterRow, CountedRow, Snapshot, Told, of, share_of
from domain.shared.values import Value

router = APIRouter(prefix="/figures", tags=["figures"])
PAGE = 100


class FiguresAsked(CaseFilter):
    by: By = By.ALL

    @property
    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump(include=set(CaseFilter.model_fields)))


class RowsAsked(CaseFilter):
    figure: FigureKey = "registered"
    of: bool = False
    """The rows that the figure is a share of, instead of those that it counts."""
    after: str = ""
    limit: Annotated[int, Field(ge=1, le=500)] = PAGE

    @property
    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump(include=set(CaseFilter.model_fields)))


class OfAMoment(Value):
    """All of it is of one moment: by what had happened until the end of `day`, as it was known after the entry at
    `position`. The same question with both answers the same again."""

    as_of: datetime
    """When it was asked."""
    day: date
    position: int
    view: View


class ToldFigures(OfAMoment):
    """A row has its `key`, and each figure of the period and of the cohort by name; of a share `_of`, what it is a
    share of, and `_share`."""

    by: By
    versions: Mapping[str, int]
    """Of the definition of each figure: docs/figures.md."""
    rows: tuple[dict[str, int | float | str | None], ...]


class ToldHandovers(OfAMoment):
    figures: dict[str, int | float | None]
    cases: dict[Move, int]
    outcomes: tuple[KeyAndNumber, ...]
    grounds: tuple[KeyAndNumber, ...]
    channels: tuple[Crossing, ...]
    levels: tuple[Crossing, ...]


class ToldFlow(Value):
    source: str
    level: str
    channel: str
    result: str
    cases: int


class ToldFlows(OfAMoment):
    flows: tuple[ToldFlow, ...]


class ToldFigureRow(Value):
    """`number`: of the mediation in its case, or of the entry of an answer."""

    id: UUID
    case: UUID
    number: int
    day: date
    place: UUID
    category: str
    source: str


class ToldRows(OfAMoment):
    number: int
    """How many there are in all."""
    rows: tuple[ToldFigureRow, ...]
    after: str | None


@router.get("", response_model=ToldFigures)
def figures(
    board: FigureBoardDep,
    filters: FiltersDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    asked: Annotated[FiguresAsked, Query()],
) -> Response:
    """`by`: one row for each area of a level, month, category, source, level, channel, result, body or age; or one for
    all."""
    refuse_in_address(asked)
    wanted = filters.counted(asked.filter)
    with board.snapshot(viewer.scope, wanted, filters.today) as snapshot:
        rows = snapshot.count(counting(viewer.scope, wanted, filters.today, asked.by), FIGURES.values())
        rest = {
            "by": asked.by,
            "versions": {key: one.version for key, one in FIGURES.items()},
            "rows": [{"key": key, **row_told(one)} for key, one in rows.items()],
        }
        return told(_moment(snapshot, view_of(viewer.scope, wanted), now) | rest)


def _moment(snapshot: Snapshot, view: View, now: datetime) -> dict[str, Any]:
    return {"as_of": now, "day": snapshot.moment.day, "position": snapshot.moment.position, "view": view}


def row_told(row: Told) -> dict[str, int | float | None]:
    """`village`, `village_of`, `village_share`, `cohort_village` and so on; the cohort itself is `cohort`."""
    said: dict[str, int | float | None] = {}
    for key, figure in FIGURES.items():
        one = of(row, key)
        said |= {key: one.period, "cohort" if key == "registered" else f"cohort_{key}": one.cohort}
        if figure.is_share:
            said |= {f"{key}_of": one.period_of, f"{key}_share": share_of(row, figure)}
            said |= {f"cohort_{key}_of": one.cohort_of, f"cohort_{key}_share": share_of(row, figure, cohort=True)}
    return said


@router.get("/rows", response_model=ToldRows)
def rows(
    board: FigureBoardDep,
    filters: FiltersDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    asked: Annotated[RowsAsked, Query()],
) -> Response:
    """What a figure counts, one by one, the latest first: as many as its number says, of the same moment."""
    refuse_in_address(asked)
    wanted, figure = filters.counted(asked.filter), FIGURES[asked.figure]
    count = figure.whole(wanted.cohort) if asked.of else figure.counts
    with board.snapshot(viewer.scope, wanted, filters.today) as snapshot:
        question = counting(viewer.scope, wanted, filters.today)
        found = snapshot.rows(question, figure.unit, count, wanted.cohort, place_of(asked.after), asked.limit + 1)
        number = snapshot.number(question, figure.unit, count, wanted.cohort)
        shown, more = found[: asked.limit], len(found) > asked.limit
        rest = {"number": number, "rows": [vars(one) for one in shown], "after": mark(shown[-1]) if more else None}
        return told(_moment(snapshot, view_of(viewer.scope, wanted), now) | rest)


def mark(row: CountedRow) -> str:
    return f"{row.day}_{row.id}_{row.number}"


def place_of(after: str) -> AfterRow:
    """Where a page goes on; what cannot be read as a place is the beginning."""
    try:
        day, id, number = after.split("_")
        return date.fromisoformat(day), UUID(id), int(number)
    except ValueError:
        return None


@router.get("/moving", response_model=ToldHandovers)
def handovers(
    board: FigureBoardDep,
    filters: FiltersDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    asked: Annotated[CaseFilter, Query()],
) -> Response:
    """Of referrals and escalations offered or asked for in the window, and of cases registered in it that came back.
    `cases`: how many cases each move counts; the list with `moved` has just these."""
    refuse_in_address(asked)
    wanted = filters.counted(asked)
    with board.snapshot(viewer.scope, wanted, filters.today) as snapshot:
        question = counting(viewer.scope, wanted, filters.today)
        return told(_moment(snapshot, view_of(viewer.scope, wanted), now) | handover_told.handovers(snapshot, question))


@router.get("/flow", response_model=ToldFlows)
def flow(
    board: FigureBoardDep,
    filters: FiltersDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    asked: Annotated[CaseFilter, Query()],
) -> Response:
    """From the source over level and channel to the result, of the cases registered in the window."""
    refuse_in_address(asked)
    wanted = filters.counted(asked)
    with board.snapshot(viewer.scope, wanted, filters.today) as snapshot:
        question = counting(viewer.scope, wanted, filters.today)
        flows = [
            dict(zip(handover_told.ALONG, one.stops, strict=True)) | {"cases": one.number}
            for one in handover_told.flows(snapshot, question)
        ]
        return told(_moment(snapshot, view_of(viewer.scope, wanted), now) | {"flows": flows})
