"""Pictures of places: how many there were in which village and month, and the share of each place month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.web import charts_cells
from api.web.charts import FULL, RED, svg
from api.web.charts_cells import Part
from api.web.charts_lines import SMALL, Point, ShareLine, lowest_of, small
from api.web.figure_months import MonthShown, months_until
from api.web.figure_tables import Picture, TableCell, TableOf, percent
from application.figures.asking import By
from application.figures.definitions import FIGURES, HEADLINE
from application.figures.numbers import Told, of

if TYPE_CHECKING:
    from api.web.figure_pictures import Drawing

MOST = 20
"""Places of a picture."""
IN_TABLE = 6
"""Of its table on a page; a workbook has all of them."""
ACROSS = 4
Monthly = Mapping[str, Told]


def heat_of(drawing: Drawing) -> Picture:
    """Villages by months of the window, those first in which there was most."""
    months = months_until(drawing.question.until, drawing.question.since)
    rows = _monthly(drawing, By.VILLAGE, months, "registered")
    names = drawing.names([key for key, _ in rows])
    told = [
        (names.get(key, "—"), [_cell(drawing, key, names.get(key, "—"), one, row) for one in months])
        for key, row in rows
    ]
    drawn = charts_cells.heat(drawing.word("board_picture", "heat"), [one.key for one in months], told[:MOST])
    table = TableOf(
        [*drawing.titles("area"), *(one.key for one in months)],
        [[TableCell(name), *(TableCell(one.number) for one in parts)] for name, parts in told],
    )
    return Picture("heat", [drawn], drawn, table, IN_TABLE)


def _monthly(drawing: Drawing, by: By, months: Sequence[MonthShown], figure: str) -> list[tuple[str, Monthly]]:
    asked = replace(drawing.question, since=months[0].since, by=by)
    told = drawing.snapshot.by_month(asked, [FIGURES[figure]])
    rows = [(key, row) for key, row in told.items() if key]
    return sorted(rows, key=lambda one: (-_all(one[1], figure), one[0]))


def _all(row: Monthly, figure: str) -> float:
    """What it counts, or is a share of."""
    return sum(of(one, figure).period_of or of(one, figure).period or 0 for one in row.values())


def _cell(drawing: Drawing, area: str, name: str, month: MonthShown, row: Monthly) -> Part:
    number = int(of(row.get(month.key, {}), "registered").period or 0)
    link = drawing.addresses.rows("registered", area=area, since=month.since, until=month.until)
    return Part(f"{name} {month.key}: {number}", number, link)


def places_of(drawing: Drawing) -> Picture:
    """A small picture of each place, all on one scale."""
    months = months_until(drawing.question.until)
    rows = _monthly(drawing, drawing.by_place, months, HEADLINE)
    names = drawing.names([key for key, _ in rows])
    told = [
        (names.get(key, "—"), ShareLine([_point(drawing, key, one, row) for one in months], RED)) for key, row in rows
    ]
    shown, keys = told[:MOST], [one.key for one in months]
    lowest = lowest_of([line for _, line in shown])
    panels = [(name, small(name, line, lowest, keys)) for name, line in shown]
    table = TableOf(
        [*drawing.titles("area"), *keys],
        [[TableCell(name), *_shares(line)] for name, line in told] if len(told) > 1 else [],
    )
    title = drawing.word("board_picture", "places")
    drawn = [svg("small", *SMALL, f"{title} {name}", panel) for name, panel in panels]
    return Picture("places", drawn, _whole(title, panels), table, IN_TABLE)


def _point(drawing: Drawing, area: str, month: MonthShown, row: Monthly) -> Point | None:
    counted = of(row.get(month.key, {}), HEADLINE)
    if counted.share is None:
        return None
    link = drawing.addresses.rows(HEADLINE, area=area, since=month.since, until=month.until)
    return Point(counted.share, f"{month.key}: {percent(counted.share)} ({counted.period} / {counted.period_of})", link)


def _shares(line: ShareLine) -> list[TableCell]:
    return [TableCell(one.share if one else None, is_share=True) for one in line.points]


def _whole(title: str, panels: Sequence[tuple[str, Sequence[Markup]]]) -> Markup:
    """All of them in one."""
    wide, high = FULL / ACROSS, SMALL[1] + 10
    placed = [
        Markup('<g transform="translate({} {})">{}</g>').format(
            at % ACROSS * wide, at // ACROSS * high, Markup("").join(panel)
        )
        for at, (_, panel) in enumerate(panels)
    ]
    return svg("places", FULL, max(ceil(len(panels) / ACROSS), 1) * high, title, placed)
