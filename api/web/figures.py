"""看板 S13, S14 The board: what stayed in the village, pictures, places, every figure by last year's; of any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.labels import labels
from api.web.cases import told_wishes
from api.web.chosen import chips
from api.web.figure_addresses import OF_THE_MOMENT, opened
from api.web.figure_answer import answer
from api.web.figure_drawn import OF_KINDS
from api.web.figure_months import a_year_before
from api.web.figure_pictures import Drawing, pictures
from api.web.figure_places import bar, place_rows
from api.web.figure_wishes import BoardWishesDep
from api.web.page import Reader, ReaderDep, render
from application.figures import handover_told
from application.figures.asking import By, View
from application.figures.board import view_of
from application.figures.counting import Figure
from application.figures.definitions import FIGURES, GROUPS, HEADLINE, OF_PLACES
from application.figures.numbers import Counted, Told, of, share_of
from domain.shared.calendar import end_of
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)
FIRST = ("registered", "open", "resolved", "township", "resolution", "on_time", "success", "satisfaction")
"""What stands beside the share that leads."""
CORRECTED = ("registered", "open", "resolved", "village", "township", "success", "on_time")
"""What is compared with what was known at the time."""
WINDOW = ("since", "until", "view", "sort", "at", *OF_THE_MOMENT)
"""Wishes that the form of the board has, or that are no filter."""


@dataclass(frozen=True)
class Tile:
    """A figure of the window and of the same days a year before, on both bases, and what leads to the rows of each."""

    figure: Figure
    now: Counted
    share: float | None
    cohort_share: float | None
    before: Counted
    share_before: float | None
    link: str
    whole_link: str
    cohort_link: str


@dataclass(frozen=True)
class Correction:
    """What a figure was told as at the end of its day, and what is known of that day now."""

    figure: Figure
    then: Counted
    share_then: float | None
    now: Counted
    share_now: float | None


@router.get("/dashboard")
def figures(reader: ReaderDep, asked: BoardWishesDep) -> Response:
    sent, scope = told_wishes(asked), reader.viewer.scope
    with answer(reader, sent) as drawing:
        told, drawn = tiles(drawing), pictures(drawing)
        places = place_rows(drawing, sent.get("sort", ""))
        sources = drawing.kinds(By.SOURCE)
        corrections, moved = _corrections(drawing), _moved(drawing)
    addresses, wanted = drawing.addresses, drawing.addresses.wanted
    filters = {name: value for name, value in opened(sent).items() if name not in WINDOW}
    return render(
        reader,
        "figures/figures.html",
        wanted=wanted,
        moment=drawing.snapshot.moment,
        view=view_of(scope, wanted),
        views=list(View) if scope.areas or scope.everything else [View.HOLDER],
        groups=GROUPS,
        tiles=told,
        headline=HEADLINE,
        first=FIRST,
        pictures=drawn,
        places=places,
        of_places=[FIGURES[one] for one in OF_PLACES],
        of_kinds=[FIGURES[one] for one in OF_KINDS],
        sources=sources,
        corrections=corrections,
        moved=moved,
        bar=bar,
        share_of=share_of,
        of=of,
        addresses=addresses,
        carried={name: value for name, value in filters.items() if value},
        chips=chips(reader, filters, {**filters, **({"at": sent["at"]} if sent.get("at") else {})}, "/dashboard"),
        drills=drawing.by_place is By.TOWNSHIP,
        area=area_name(reader, wanted.area or scope.home),
    )


@router.get("/dashboard/definitions")
def definitions(reader: ReaderDep) -> Response:
    return render(
        reader, "figures/definitions.html", groups=GROUPS, figures_gamed=labels(reader.language)["figure_gamed"]
    )


def tiles(drawing: Drawing) -> dict[str, Tile]:
    question, now = drawing.question, drawing.total
    since, until = question.since, a_year_before(question.until)
    last_year = replace(question, since=a_year_before(since) if since else None, until=until)
    before = drawing.snapshot.at(until).count(last_year, FIGURES.values()).get("all", {})
    return {key: _tile(drawing, figure, now, before) for key, figure in FIGURES.items()}


def _tile(drawing: Drawing, figure: Figure, now: Told, before: Told) -> Tile:
    return Tile(
        figure=figure,
        now=of(now, figure.key),
        share=share_of(now, figure),
        cohort_share=share_of(now, figure, cohort=True),
        before=of(before, figure.key),
        share_before=share_of(before, figure),
        link=drawing.addresses.rows(figure.key),
        whole_link=drawing.addresses.rows(figure.key, of="true"),
        cohort_link=drawing.addresses.rows(figure.key, cohort="true"),
    )


def _corrections(drawing: Drawing) -> Sequence[Correction]:
    """Of a day that is over: where what is known of it now differs from what was known when it ended."""
    reader, snapshot = drawing.reader, drawing.snapshot
    day = snapshot.moment.day
    if day >= reader.today:
        return ()
    wanted = [FIGURES[one] for one in CORRECTED]
    known = reader.standing.ledger.position_at(end_of(day))
    now = snapshot.count(drawing.question, wanted).get("all", {})
    then = snapshot.as_known(known).count(drawing.question, wanted).get("all", {})
    each = [
        Correction(one, of(then, one.key), share_of(then, one), of(now, one.key), share_of(now, one)) for one in wanted
    ]
    return [one for one in each if one.then != one.now]


@dataclass(frozen=True)
class Moved:
    outcomes: Sequence[handover_told.KeyAndNumber]
    grounds: Sequence[handover_told.KeyAndNumber]
    channels: Sequence[handover_told.Crossing]
    levels: Sequence[handover_told.Crossing]


def _moved(drawing: Drawing) -> Moved:
    snapshot, question = drawing.snapshot, drawing.question
    return Moved(
        handover_told.by_key(snapshot, question, "returned", By.OUTCOME),
        handover_told.by_key(snapshot, question, "escalated", By.GROUND),
        handover_told.channels(snapshot, question),
        handover_told.levels(snapshot, question),
    )


def area_name(reader: Reader, area: UUID | None) -> str:
    if area is None:
        return ""
    return reader.reading.directory.names([AreaId(area)], reader.today).get(AreaId(area), "—")
