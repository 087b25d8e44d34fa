"""看板 S13 The board: tiles with their definition and moment, villages, the flow, the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import refuse_in_address
from api.labels import word
from api.web.cases import WishesDep, asked_for, told_wishes
from api.web.charts import Band, flow_picture, month_picture
from api.web.page import Reader, ReaderDep, fresh, render, text
from application.figures.case_figures import CaseFilter, Dimension, Figures, Flow, Move
from application.figures.definitions import FIGURES, HEADLINE, WHOLE, Figure
from application.figures.handover_figures import Crossing, HandoverFigures
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)
SEVERAL_TOWNSHIPS = 500
"""Areas in a scope, grids included, from which on it is shown by townships first."""


@dataclass(frozen=True)
class Tile:
    """A number, what it counts, and the lists behind both. Shares are of P and of C; None: nothing was counted."""

    figure: Figure
    number: int
    of: int | None
    share: float | None
    cohort: int
    cohort_of: int | None
    cohort_share: float | None
    link: str
    cohort_link: str


@router.get("/dashboard")
def figures(reader: ReaderDep, asked: WishesDep) -> Response:
    wanted = asked_for(reader, told_wishes(asked))
    refuse_in_address(wanted)
    if not wanted.since and not wanted.until:
        wanted = wanted.but(since=date(reader.today.year, 1, 1), until=reader.today)
    position = fresh(reader)
    flows = reader.reading.board.flow(reader.viewer.scope, wanted)
    handovers, scope = reader.reading.handovers, reader.viewer.scope
    channels = _crossings(reader, handovers.channels(scope, wanted), "crossing")
    levels = _crossings(reader, handovers.levels_crossed(scope, wanted), "level")
    months = _figures(reader, wanted, "month")
    return render(
        reader,
        "figures/figures.html",
        wanted=wanted,
        position=position,
        figures=list(FIGURES.values()),
        headline=HEADLINE,
        tiles=tiles(_total(reader, wanted), wanted),
        places=_places(reader, wanted),
        flows=flows,
        flow_picture=flow_picture([_band(one, reader) for one in flows]),
        months=months,
        month_picture=month_picture([(one.key, one.number("registered"), one.number("resolved")) for one in months]),
        categories=_most_first(_figures(reader, wanted, "category")),
        sources=_most_first(_figures(reader, wanted, "source")),
        moves=_moves(reader, wanted, handovers.figures(scope, wanted)),
        outcomes=handovers.outcomes(scope, wanted),
        grounds=handovers.grounds(scope, wanted),
        channels=channels,
        channel_picture=flow_picture(channels),
        levels=levels,
        level_picture=flow_picture(levels),
        link=lambda **more: link(wanted, **more),
        drills=_by(reader, wanted) == "township",
        area=_area(reader, wanted.area),
    )


@dataclass(frozen=True)
class MoveTile:
    """So many cases, and the list of just these; `told`: more of it, in words."""

    key: str
    number: int
    link: str
    told: str


def _moves(reader: Reader, wanted: CaseFilter, figures: HandoverFigures) -> list[MoveTile]:
    more = _told(reader, figures)
    return [
        MoveTile(
            move.value,
            reader.reading.board.count(reader.viewer.scope, wanted.but(moved=move)),
            link(wanted, moved=move.value),
            more.get(move, ""),
        )
        for move in Move
    ]


def _told(reader: Reader, figures: HandoverFigures) -> dict[Move, str]:
    share = "—" if figures.in_time_share is None else f"{figures.in_time_share * 100:.1f} %"
    days = "—" if figures.days_in_transit is None else f"{figures.days_in_transit:.1f}"
    facts = figures.model_dump() | {"share": share, "days": days}
    said = (Move.REFERRED, Move.IN_TIME, Move.BOUNCED, Move.ESCALATED)
    return {one: text(reader.language, f"moved_{one.value}_told", **facts) for one in said}


def _crossings(reader: Reader, rows: Sequence[Crossing], table: str) -> list[Band]:
    return [
        Band((word(reader.language, table, one.start), word(reader.language, table, one.end)), one.number)
        for one in rows
    ]


def _figures(reader: Reader, wanted: CaseFilter, by: Dimension) -> Sequence[Figures]:
    return reader.reading.board.figures(reader.viewer.scope, wanted, by)


def _most_first(rows: Sequence[Figures]) -> Sequence[Figures]:
    return sorted(rows, key=lambda one: (-one.number("registered"), one.key))


def _total(reader: Reader, wanted: CaseFilter) -> Figures:
    rows = _figures(reader, wanted, "all")
    return rows[0] if rows else Figures(key="all")


def tiles(all: Figures, wanted: CaseFilter) -> list[Tile]:
    return [_tile(figure, all, wanted) for figure in FIGURES.values()]


def _tile(figure: Figure, all: Figures, wanted: CaseFilter) -> Tile:
    return Tile(
        figure=figure,
        number=all.number(figure.key),
        of=all.number(figure.of) if figure.of else None,
        share=all.share(figure.key),
        cohort=all.of_cohort(figure.key),
        cohort_of=None if figure.key == WHOLE else all.of_cohort(WHOLE),
        cohort_share=all.cohort_share(figure.key),
        link=link(wanted, outcome=figure.key),
        cohort_link=link(wanted, outcome=figure.key, cohort="true"),
    )


def link(wanted: CaseFilter, **more: str) -> str:
    """To the list behind a figure: the same filter, word for word."""
    kept = wanted.model_dump(mode="json", exclude_defaults=True) | more
    return f"/cases?{urlencode(kept)}"


def _by(reader: Reader, wanted: CaseFilter) -> Dimension:
    """Townships for whoever sees more than one of them, villages below."""
    county_wide = reader.viewer.scope.everything or len(reader.viewer.scope.areas) > SEVERAL_TOWNSHIPS
    return "township" if county_wide and not wanted.area else "village"


@dataclass(frozen=True)
class PlaceRow:
    name: str
    figures: Figures
    area: str


def _places(reader: Reader, wanted: CaseFilter) -> list[PlaceRow]:
    """By township for a whole county, by village below it."""
    rows = _figures(reader, wanted, _by(reader, wanted))
    names = reader.reading.directory.names([AreaId(_id(row.key)) for row in rows if row.key], reader.today)
    return [PlaceRow(names.get(AreaId(_id(row.key)), "—") if row.key else "—", row, row.key) for row in rows]


def _id(key: str) -> UUID:
    return UUID(key)


def _band(one: Flow, reader: Reader) -> Band:
    tables = (("source", one.source), ("level", one.level), ("result", one.result))
    return Band(tuple(word(reader.language, table, key) for table, key in tables), one.cases)


def _area(reader: Reader, area: UUID | None) -> str:
    if area is None:
        return ""
    return reader.reading.directory.names([AreaId(area)], reader.today).get(AreaId(area), "—")
