"""看板 S13, S14 The board: what stayed in the village, every figure beside last year's, places, ways; of any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import Filters, refuse_in_address
from api.labels import labels
from api.web.cases import asked_for, told_wishes
from api.web.figure_pictures import pictures
from api.web.figure_wishes import BoardWishesDep, sorted_by
from api.web.page import Reader, ReaderDep, fresh, render
from application.figures import handover_told
from application.figures.asking import By, Counting, View
from application.figures.board import counting, view_of
from application.figures.case_figures import CaseFilter
from application.figures.counting import Figure
from application.figures.definitions import FIGURES, GROUPS, HEADLINE, OF_PLACES
from application.figures.numbers import Counted, Snapshot, Told, of, share_of
from domain.shared.calendar import end_of
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)
SEVERAL_TOWNSHIPS = 500
"""Areas in a scope, grids included, from which on it is shown by townships first."""
OF_KINDS = ("registered", "open", "resolved", "village", "township")
CORRECTED = ("registered", "open", "resolved", "village", "township", "success", "on_time")
"""What is compared with what was known at the time."""


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
class PlaceRow:
    area: str
    name: str
    told: Told


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
    sent = told_wishes(asked)
    wanted = wanted_of(reader, sent)
    fresh(reader)
    scope = reader.viewer.scope
    with reader.reading.figures.snapshot(scope, wanted, reader.today) as snapshot:
        question = counting(scope, wanted, reader.today)
        told = _total(snapshot, question)
        drawn = pictures(reader, snapshot, question)
        places = _places(reader, snapshot, question, wanted, sent.get("sort", ""))
        kinds = {by: _kinds(snapshot, question, by) for by in (By.CATEGORY, By.SOURCE)}
        corrections = _corrections(reader, snapshot, question)
        moved = _moved(snapshot, question)
    return render(
        reader,
        "figures/figures.html",
        wanted=wanted,
        moment=snapshot.moment,
        view=view_of(scope, wanted),
        views=list(View) if scope.areas or scope.everything else [View.HOLDER],
        groups=GROUPS,
        tiles={key: _tile(FIGURES[key], told, wanted) for key in FIGURES},
        headline=HEADLINE,
        pictures=drawn,
        places=places,
        of_places=[FIGURES[one] for one in OF_PLACES],
        of_kinds=[FIGURES[one] for one in OF_KINDS],
        kinds=kinds,
        corrections=corrections,
        moved=moved,
        sort=sent.get("sort", ""),
        figures_gamed=labels(reader.language)["figure_gamed"],
        share_of=share_of,
        of=of,
        address=lambda **more: address(wanted, **more),
        link=lambda key, **more: rows_link(wanted, key, **more),
        drills=_by(reader, wanted) is By.TOWNSHIP,
        area=_area(reader, wanted.area or scope.home),
    )


def wanted_of(reader: Reader, sent: Mapping[str, str]) -> CaseFilter:
    """This year to date, unless other days are asked for. Raises UnfitFilter, UnknownArea, NotInAnAddress."""
    wanted = asked_for(reader, {name: value for name, value in sent.items() if name != "sort"})
    refuse_in_address(wanted)
    if not sent.get("since") and not sent.get("until"):
        last = date.fromisoformat(sent["day"]) if sent.get("day") else reader.today
        wanted = wanted.but(since=date(last.year, 1, 1), until=last)
    wanted = wanted if sent.get("day") else wanted.but(day=None)
    return Filters(reader.registers.register, reader.standing, reader.today).counted(wanted)


def a_year_before(day: date) -> date:
    """The last of February for its 29th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


@dataclass(frozen=True)
class Total:
    now: Told
    before: Told


def _total(snapshot: Snapshot, question: Counting) -> Total:
    since, until = question.since, a_year_before(question.until)
    last_year = replace(question, since=a_year_before(since) if since else None, until=until)
    now = snapshot.count(question, FIGURES.values()).get("all", {})
    return Total(now, snapshot.at(until).count(last_year, FIGURES.values()).get("all", {}))


def _tile(figure: Figure, told: Total, wanted: CaseFilter) -> Tile:
    return Tile(
        figure=figure,
        now=of(told.now, figure.key),
        share=share_of(told.now, figure),
        cohort_share=share_of(told.now, figure, cohort=True),
        before=of(told.before, figure.key),
        share_before=share_of(told.before, figure),
        link=rows_link(wanted, figure.key),
        whole_link=rows_link(wanted, figure.key, of="true"),
        cohort_link=rows_link(wanted, figure.key, cohort="true"),
    )


def kept(wanted: CaseFilter) -> dict[str, Any]:
    return wanted.model_dump(mode="json", exclude_defaults=True)


def rows_link(wanted: CaseFilter, key: str, **more: str) -> str:
    """To the rows behind a figure: the same filter, word for word, of the same moment."""
    return f"/dashboard/rows?{urlencode(kept(wanted) | {'figure': key} | more)}"


def address(wanted: CaseFilter, **more: Any) -> str:
    """Of the board with other wishes; None: without it."""
    told = kept(wanted) | {name: str(value) for name, value in more.items() if value is not None}
    return f"/dashboard?{urlencode({name: value for name, value in told.items() if more.get(name, '') is not None})}"


def _by(reader: Reader, wanted: CaseFilter) -> By:
    """Townships for whoever sees more than one of them, villages below."""
    county_wide = reader.viewer.scope.everything or len(reader.viewer.scope.areas) > SEVERAL_TOWNSHIPS
    return By.TOWNSHIP if county_wide and not wanted.area else By.VILLAGE


def _places(
    reader: Reader, snapshot: Snapshot, question: Counting, wanted: CaseFilter, sort: str
) -> Sequence[PlaceRow]:
    """By township for a whole county, by village below it; those first that the figure says most of."""
    by = replace(question, by=_by(reader, wanted))
    told = snapshot.count(by, [FIGURES[one] for one in OF_PLACES])
    names = reader.reading.directory.names([AreaId(UUID(key)) for key in told if key], reader.today)
    rows = [PlaceRow(key, names.get(AreaId(UUID(key)), "—"), row) for key, row in told.items() if key]
    return sorted_by(rows, sort)


def _kinds(snapshot: Snapshot, question: Counting, by: By) -> Sequence[tuple[str, Told]]:
    told = snapshot.count(replace(question, by=by), [FIGURES[one] for one in OF_KINDS])
    return sorted(told.items(), key=lambda one: (-(of(one[1], "registered").period or 0), one[0]))


def _corrections(reader: Reader, snapshot: Snapshot, question: Counting) -> Sequence[Correction]:
    """Of a day that is over: where what is known of it now differs from what was known when it ended."""
    day = snapshot.moment.day
    if day >= reader.today:
        return ()
    wanted = [FIGURES[one] for one in CORRECTED]
    known = reader.standing.ledger.position_at(end_of(day))
    now = snapshot.count(question, wanted).get("all", {})
    then = snapshot.as_known(known).count(question, wanted).get("all", {})
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


def _moved(snapshot: Snapshot, question: Counting) -> Moved:
    return Moved(
        handover_told.by_key(snapshot, question, "returned", By.OUTCOME),
        handover_told.by_key(snapshot, question, "escalated", By.GROUND),
        handover_told.channels(snapshot, question),
        handover_told.levels(snapshot, question),
    )


def _area(reader: Reader, area: UUID | None) -> str:
    if area is None:
        return ""
    return reader.reading.directory.names([AreaId(area)], reader.today).get(AreaId(area), "—")
