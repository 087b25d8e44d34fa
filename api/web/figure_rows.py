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
from api.web.figures import wanted_of
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from application.case.row import Card
from application.figures.board import counting, view_of
from application.figures.case_figures import CaseFilter
from application.figures.counting import RowKind
from application.figures.definitions import FIGURES
from application.figures.numbers import CountedRow
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)
PAGE = 50
OF_ROWS = ("figure", "of", "after")
_WISHES: dict[str, Any] = dict.fromkeys([*CaseFilter.model_fields, *OF_ROWS], (str, ""))
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
    wanted = wanted_of(reader, {name: value for name, value in sent.items() if name not in OF_ROWS})
    fresh(reader)
    figure, scope, whole = FIGURES[key], reader.viewer.scope, sent.get("of") == "true"
    count = figure.whole(wanted.cohort) if whole else figure.counts
    with reader.reading.figures.snapshot(scope, wanted, reader.today) as snapshot:
        question = counting(scope, wanted, reader.today)
        found = snapshot.rows(question, figure.unit, count, wanted.cohort, place_of(sent.get("after", "")), PAGE + 1)
        number = snapshot.number(question, figure.unit, count, wanted.cohort)
    shown = _shown(reader, found[:PAGE], figure.unit)
    address = {name: value for name, value in sent.items() if name != "after"} | {"position": snapshot.moment.position}
    return render(
        reader,
        "figures/rows.html",
        figure=figure,
        whole=whole,
        wanted=wanted,
        moment=snapshot.moment,
        view=view_of(scope, wanted),
        number=number,
        rows=shown,
        unseen=sum(one.card is None and not one.of_sweep for one in shown),
        chips=chips(reader, {k: v for k, v in sent.items() if k not in OF_ROWS}, sent, "/dashboard/rows"),
        back=f"/dashboard?{urlencode({k: v for k, v in address.items() if k not in (*OF_ROWS, 'cohort')})}",
        next=f"/dashboard/rows?{urlencode(address | {'after': mark(found[PAGE - 1])})}" if len(found) > PAGE else "",
        names=names_of_cards(reader, [one.card for one in shown if one.card]),
    )


def _shown(reader: Reader, found: Sequence[CountedRow], unit: RowKind) -> list[Row]:
    of_sweep = unit is RowKind.REPORT
    cards: Mapping[UUID, Card] = reader.reading.board.of(reader.viewer.scope, [one.case for one in found])
    places = reader.reading.directory.names([AreaId(one.place) for one in found], reader.today)
    return [Row(one, cards.get(one.case), places.get(AreaId(one.place), "—"), of_sweep) for one in found]
