"""What each picture shows: the share of the village, the ways of matters, levels, ages, months and categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.web import charts_bars, charts_cells, charts_flow
from api.web.charts import RED, SOFT
from api.web.charts_bars import Bar
from api.web.charts_cells import Part
from api.web.charts_flow import FlowWords, Way
from api.web.charts_lines import Point, ShareLine, trend
from api.web.figure_months import MonthShown, a_year_before, months_until
from api.web.figure_tables import Picture, TableCell, TableOf, percent
from application.figures import handover_told
from application.figures.asking import AGES, By
from application.figures.definitions import FIGURES, HEADLINE
from application.figures.numbers import Counted, Flow, Told, of, share_of

if TYPE_CHECKING:
    from api.web.figure_pictures import Drawing

STOPS = (("source", "source"), ("level", "level"), ("channel", "channel"), ("result", "came_out"))
"""Along which a matter goes: the table of its words, and the wish that asks for it."""
OF_KINDS = ("registered", "open", "resolved", "village", "township")
"""Of each category and source."""
FUNNEL = ("registered", "resolved", "county", "township", "village", "grid")
MONTHLY = ("registered", "resolved")
MOST_WAYS = 8
"""In the table on a page."""


def trend_of(drawing: Drawing) -> Picture:
    """Thirteen months, and beside each the same one a year before, as it stood then."""
    months = months_until(drawing.question.until)
    asked = replace(drawing.question, since=months[0].since, by=By.MONTH)
    day = a_year_before(drawing.question.until)
    earlier = [one.a_year_before for one in months]
    last_year = replace(asked, since=earlier[0].since, until=day)
    now = drawing.snapshot.count(asked, [FIGURES[HEADLINE]])
    before = drawing.snapshot.at(day).count(last_year, [FIGURES[HEADLINE]])
    sides = [
        [_point(drawing, one, of(told.get(one.key, {}), HEADLINE), then) for one in each]
        for told, each, then in ((now, months, drawing.snapshot.moment.day), (before, earlier, day))
    ]
    drawn = trend(
        drawing.word("board_picture", "trend"),
        [one.key for one in months],
        [ShareLine(sides[0], RED), ShareLine(sides[1], SOFT, dashed=True)],
    )
    rows = [
        [TableCell(one.key), *_share_cells(now, one.key, sides[0][at]), *_share_cells(before, old.key, sides[1][at])]
        for at, (one, old) in enumerate(zip(months, earlier, strict=True))
    ]
    titles = drawing.titles("month", "share", "part", "whole", "share_before", "part_before", "whole_before")
    return Picture("trend", [drawn], drawn, TableOf(titles, rows))


def _point(drawing: Drawing, month: MonthShown, told: Counted, day: date) -> Point | None:
    if told.share is None:
        return None
    said = f"{month.key} {drawing.word('figure', HEADLINE)}: {percent(told.share)} ({told.period} / {told.period_of})"
    link = drawing.addresses.rows_of_day(day, HEADLINE, since=month.since, until=month.until)
    return Point(told.share, said, link)


def _share_cells(told: Mapping[str, Told], key: str, point: Point | None) -> list[TableCell]:
    counted = of(told.get(key, {}), HEADLINE)
    link = point.link if point else ""
    return [TableCell(counted.share, True, link), TableCell(counted.period or 0), TableCell(counted.period_of or 0)]


def flow_of(drawing: Drawing) -> Picture:
    flows = handover_told.flows(drawing.snapshot, drawing.question)
    ways = [Way(one.stops, one.number) for one in flows]
    keys = dict.fromkeys((column, key) for one in ways for column, key in enumerate(one.stops))
    ends: list[tuple[int, tuple[str, ...]]] = [(column, (key,)) for column, key in keys]
    ends += [(column, (start, end)) for column, start, end in charts_flow.between(ways)]
    links = {(column, each): _way(drawing, column, *each) for column, each in ends}
    told = FlowWords(
        drawing.word("board_picture", "flow"),
        drawing.titles(*(table for table, _ in STOPS)),
        {(column, key): drawing.word(STOPS[column][0], key) for column, key in keys},
        links,
    )
    wide, narrow = charts_flow.flow(ways, told) if ways else (Markup(""), Markup(""))
    titles = [*told.ends, *drawing.titles("registered")]
    return Picture("flow", [wide, narrow], wide, TableOf(titles, [_flow_row(drawing, one) for one in flows]), MOST_WAYS)


def _way(drawing: Drawing, column: int, *keys: str) -> str:
    """To what went through these stops, one behind the other."""
    return drawing.addresses.rows("registered", **{STOPS[column + at][1]: key for at, key in enumerate(keys)})


def _flow_row(drawing: Drawing, one: Flow) -> list[TableCell]:
    told = [TableCell(drawing.word(table, key)) for (table, _), key in zip(STOPS, one.stops, strict=True)]
    return [*told, TableCell(one.number, link=_way(drawing, 0, *one.stops))]


def funnel_of(drawing: Drawing) -> Picture:
    """Of what was registered, what was settled, and how far down: each is a part of the one above it."""
    told = {key: int(of(drawing.total, key).period or 0) for key in FUNNEL}
    resolved = told["resolved"]

    def beside(key: str) -> str:
        return f"{told[key] / resolved * 100:.0f}%" if FUNNEL.index(key) > 1 and resolved else ""

    parts = [Part(drawing.word("funnel", key), told[key], drawing.addresses.rows(key)) for key in FUNNEL]
    each = [Bar(one, beside(key)) for key, one in zip(FUNNEL, parts, strict=True)]
    drawn = charts_bars.bars("funnel", drawing.word("board_picture", "funnel"), each, in_the_middle=True)
    rows = [[TableCell(one.name), TableCell(one.number, link=one.link)] for one in parts]
    table = TableOf(drawing.titles("level", "number"), rows if told["registered"] else [])
    return Picture("funnel", [drawn], drawn, table)


def ages_of(drawing: Drawing) -> Picture:
    told = drawing.snapshot.count(replace(drawing.question, by=By.AGE), [FIGURES["open"]])
    parts = [
        Part(
            drawing.word("age", key),
            int(of(told.get(key, {}), "open").period or 0),
            drawing.addresses.rows("open", age=key),
        )
        for key in map(str, range(len(AGES) + 1))
    ]
    drawn = charts_bars.bars("ages", drawing.word("board_picture", "ages"), [Bar(one) for one in parts])
    rows = [[TableCell(one.name), TableCell(one.number, link=one.link)] for one in parts]
    titles = drawing.titles("age", "open")
    return Picture("ages", [drawn], drawn, TableOf(titles, rows if any(one.number for one in parts) else []))


def months_of(drawing: Drawing) -> Picture:
    """Only months of the window: one outside of it has no number, and is no zero."""
    months = months_until(drawing.question.until, drawing.question.since)
    asked = replace(drawing.question, since=months[0].since, by=By.MONTH)
    told = drawing.snapshot.count(asked, [FIGURES[one] for one in MONTHLY])
    series = [[_month(drawing, one, key, told) for one in months] for key in MONTHLY]
    title = drawing.word("board_picture", "months")
    drawn = charts_bars.columns(title, [one.key for one in months], series)
    rows = [[TableCell(month.key), *(TableCell(each[at].number) for each in series)] for at, month in enumerate(months)]
    titles = [*drawing.titles("month"), *(drawing.word("figure", one) for one in MONTHLY)]
    return Picture("months", [drawn], drawn, TableOf(titles, rows))


def _month(drawing: Drawing, month: MonthShown, key: str, told: Mapping[str, Told]) -> Part:
    number = int(of(told.get(month.key, {}), key).period or 0)
    said = f"{month.key} {drawing.word('figure', key)}: {number}"
    return Part(said, number, drawing.addresses.rows(key, since=month.since, until=month.until))


def categories_of(drawing: Drawing) -> Picture:
    parts = [
        Part(
            drawing.word("category", key),
            int(of(told, "registered").period or 0),
            drawing.addresses.rows("registered", category=key),
        )
        for key, told in drawing.categories
    ]
    drawn = charts_cells.treemap(drawing.word("board_picture", "categories"), parts)
    rows = [
        [TableCell(part.name), *(_of_kind(drawing, key, told, one) for one in OF_KINDS)]
        for part, (key, told) in zip(parts, drawing.categories, strict=True)
    ]
    titles = [*drawing.titles("category"), *(drawing.word("figure", one) for one in OF_KINDS)]
    return Picture("categories", [drawn], drawn, TableOf(titles, rows if any(one.number for one in parts) else []))


def _of_kind(drawing: Drawing, category: str, told: Told, key: str) -> TableCell:
    figure, link = FIGURES[key], drawing.addresses.rows(key, category=category)
    return TableCell(share_of(told, figure) if figure.is_share else of(told, key).period, figure.is_share, link)
