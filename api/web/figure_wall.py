"""看板墙 The board for a wall: large, without a menu; it asks for itself anew, without a script."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.web.cases import told_wishes
from api.web.figure_answer import answer
from api.web.figure_pictures import pictures
from api.web.figure_wishes import BoardWishesDep
from api.web.figures import FIRST, area_name, tiles
from api.web.page import ReaderDep, render
from application.figures.board import view_of
from application.figures.definitions import HEADLINE

router = APIRouter(include_in_schema=False)
SECONDS = 300
"""After which it is asked for anew: by a header, for a page must not reload under somebody who reads it otherwise."""
SHOWN = ("trend", "flow", "funnel", "months", "ages", "categories")


@router.get("/dashboard/wall")
def wall(reader: ReaderDep, asked: BoardWishesDep) -> Response:
    scope = reader.viewer.scope
    with answer(reader, told_wishes(asked)) as drawing:
        told, drawn = tiles(drawing), pictures(drawing, SHOWN)
    wanted = drawing.addresses.wanted
    page = render(
        reader,
        "figures/wall.html",
        wanted=wanted,
        moment=drawing.snapshot.moment,
        view=view_of(scope, wanted),
        tiles=told,
        headline=HEADLINE,
        first=FIRST,
        pictures=drawn,
        addresses=drawing.addresses,
        area=area_name(reader, wanted.area or scope.home),
    )
    page.headers["Refresh"] = str(SECONDS)
    return page
