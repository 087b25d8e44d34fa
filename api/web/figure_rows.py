"""The rows behind a figure: each mediation, referral or case that it counts, of the moment of its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import create_model
from starlette.responses import Response

from api.routes.figures import mark, place_of
from api.web.cases import UnfitFilter, told_wishes
from api.web.chosen import chips
from api.web.figure_addresses import AT, OF_THE_MOMENT, opened, shortly
from api.web.figure_answer import answer
from api.web.figures import area_name
from api.web.page import Reader, ReaderDep, names_of_cards, render
from application.case.row import Card
from application.figures.board import view_of
from application.figures.case_figures import CaseFilter
from application.figures.counting import Figure, RowKind
from application.figures.definitions import FIGURES
from application.figures.numbers import CountedRow
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)
PAGE = 50
OF_ROWS = ("figure", "of", "after")
_WISHES: dict[str, Any] = dict.fromkeys([*CaseFilter.model_fields, *OF_ROWS, AT], (str, ""))
RowWishes = create_model("RowWishes", **_WISHES)
RowWishesDep = Annotated[RowWishes, Query()]


@dataclass(frozen=True)
class Row:
    """One that is counted; `card` None: its case is no longer seen by the reader, who is told that it is there."""

    counted: CountedRow
    card: Card | None
    place: str
    of_sweep: bool
    """A report is no case: its page is that of its unit and day."""


@router.get("/dashboard/rows")
def rows(reader: ReaderDep, asked: RowWishesDep) -> Response:
    sent = told_wishes(asked)
    if (key := sent.get("figure", "registered")) not in FIGURES:
        raise UnfitFilter(fields=["figure"])
    figure, whole = FIGURES[key], sent.get("of") == "true"
    filters = {name: value for name, value in sent.items() if name not in OF_ROWS}
    with answer(reader, filters) as drawing:
        wanted, snapshot, question = drawing.addresses.wanted, drawing.snapshot, drawing.question
        count = figure.whole(wanted.cohort) if whole else figure.counts
        found = snapshot.rows(question, figure.unit, count, wanted.cohort, place_of(sent.get("after", "")), PAGE + 1)
        number = snapshot.number(question, figure.unit, count, wanted.cohort)
    shown, moment = _shown(reader, found[:PAGE], figure.unit), drawing.snapshot.moment
    here = {name: value for name, value in sent.items() if name not in ("after", *OF_THE_MOMENT)}
    here[AT] = shortly(moment.day, moment.position)
    return render(
        reader,
        "figures/rows.html",
        figure=figure,
        whole=whole,
        wanted=wanted,
        moment=moment,
        view=view_of(reader.viewer.scope, wanted),
        area=area_name(reader, wanted.area or reader.viewer.scope.home),
        number=number,
        rows=shown,
        unseen=sum(one.card is None and not one.of_sweep for one in shown),
        chips=chips(reader, opened(filters), here, "/dashboard/rows"),
        back=_address("/dashboard", {k: v for k, v in here.items() if k not in (*OF_ROWS, "cohort")}),
        others=_others(here, figure, whole, wanted.cohort),
        next=_address("/dashboard/rows", here | {"after": mark(found[PAGE - 1])}) if len(found) > PAGE else "",
        names=names_of_cards(reader, [one.card for one in shown if one.card]),
    )


def _address(path: str, told: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(told)}"


def _others(here: Mapping[str, str], figure: Figure, whole: bool, cohort: bool) -> list[tuple[str, str]]:
    """The same of the part or the whole, and on the other basis: the word of each, and where it is."""
    found = []
    if figure.of and not figure.mean_of:
        turned = {name: value for name, value in here.items() if name != "of"} | ({} if whole else {"of": "true"})
        found.append(("see_the_part" if whole else "see_the_whole", _address("/dashboard/rows", turned)))
    turned = {name: value for name, value in here.items() if name != "cohort"} | ({} if cohort else {"cohort": "true"})
    return [*found, ("see_the_period" if cohort else "see_the_cohort", _address("/dashboard/rows", turned))]


def _shown(reader: Reader, found: Sequence[CountedRow], unit: RowKind) -> list[Row]:
    of_sweep = unit is RowKind.REPORT
    cards: Mapping[UUID, Card] = reader.reading.board.of(reader.viewer.scope, [one.case for one in found])
    places = reader.reading.directory.names([AreaId(one.place) for one in found], reader.today)
    return [Row(one, cards.get(one.case), places.get(AreaId(one.place), "—"), of_sweep) for one in found]
