"""Which way matters took, as bands from stop to stop: a band is those that went from the one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.web.charts import BLUE, FULL, HALF, SIZE, SOFTLY, fitted, mark, plain, svg, words

BAR, GAP, TOP = 12, 5, 26
"""Of a stop: its width, what parts it from the next, and where the first begins."""


@dataclass(frozen=True)
class Way:
    """So many from the first stop to the last, by their keys."""

    stops: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class FlowWords:
    """`ends`: what each column of stops is; `stops` and `links`: of one stop, or of a band between two that follow each
    other, by the number of the first column and the keys."""

    title: str
    ends: Sequence[str]
    stops: Mapping[tuple[int, str], str]
    links: Mapping[tuple[int, tuple[str, ...]], str]


@dataclass
class _Stop:
    column: int
    key: str
    number: int = 0
    middle: float = 0
    left: float = 0
    right: float = 0


@dataclass(frozen=True)
class _Paper:
    kind: str
    width: float
    height: float
    margin: float
    """What the words of the last stops need."""
    size: int
    """Of the letters."""
    least: float
    """How much room the words of a stop need."""
    is_stacked: bool
    """Whether the number stands below the name."""

    def x(self, column: int, columns: int) -> float:
        return column * (self.width - self.margin - BAR) / max(columns - 1, 1)


def flow(ways: Sequence[Way], told: FlowWords) -> tuple[Markup, Markup]:
    """For a wide page, and for a narrow one."""
    papers = _Paper("wide", FULL, 400, 160, SIZE, 16, False), _Paper("narrow", HALF, 480, 108, 14, 33, True)
    wide, narrow = (_drawn(ways, told, one) for one in papers)
    return wide, narrow


def between(ways: Sequence[Way]) -> dict[tuple[int, str, str], int]:
    """How many went from each stop to each next one."""
    found: dict[tuple[int, str, str], int] = {}
    for way in ways:
        for column, (start, end) in enumerate(zip(way.stops, way.stops[1:], strict=False)):
            found[column, start, end] = found.get((column, start, end), 0) + way.number
    return found


def _drawn(ways: Sequence[Way], told: FlowWords, paper: _Paper) -> Markup:
    stops = _stops(ways)
    columns = len(told.ends)
    height, scale = _room(stops, columns, paper)
    _place(stops, columns, height, scale, paper.least)
    bands = [_band(one, stops, told, scale, paper) for one in _in_order(between(ways), stops)]
    ends = [words(paper.x(at, columns), 14, name, SOFTLY) for at, name in enumerate(told.ends)]
    bars = [_bar(one, told, scale, paper) for one in stops.values()]
    return svg(f"flow {paper.kind}", paper.width, height + 4, told.title, [*ends, *bands, *bars], paper.size)


def _stops(ways: Sequence[Way]) -> dict[tuple[int, str], _Stop]:
    found: dict[tuple[int, str], _Stop] = {}
    for way in ways:
        for column, key in enumerate(way.stops):
            found.setdefault((column, key), _Stop(column, key)).number += way.number
    return dict(sorted(found.items(), key=lambda one: (one[0][0], -one[1].number, one[1].key)))


def _in(stops: Mapping[tuple[int, str], _Stop], column: int) -> list[_Stop]:
    return [one for one in stops.values() if one.column == column]


def _room(stops: Mapping[tuple[int, str], _Stop], columns: int, paper: _Paper) -> tuple[float, float]:
    """How high the picture is, and how high one of what flows: each stop has room for its words."""
    most = max(len(_in(stops, one)) for one in range(columns))
    height = max(paper.height, TOP + most * (paper.least + GAP))
    total = sum(one.number for one in _in(stops, 0))
    scale = (height - TOP - GAP * most) / total
    while (
        any(_high(_in(stops, one), scale, paper.least) > height - TOP for one in range(columns)) and scale * total > 1
    ):
        scale *= 0.97
    return height, scale


def _high(column: Sequence[_Stop], scale: float, least: float) -> float:
    return sum(max(one.number * scale, least) + GAP for one in column)


def _place(stops: Mapping[tuple[int, str], _Stop], columns: int, height: float, scale: float, least: float) -> None:
    for column in range(columns):
        each = _in(stops, column)
        top = TOP + (height - TOP - _high(each, scale, least)) / 2
        for one in each:
            room = max(one.number * scale, least)
            one.middle = top + room / 2
            one.left = one.right = one.middle - one.number * scale / 2
            top += room + GAP


def _in_order(
    bands: Mapping[tuple[int, str, str], int], stops: Mapping[tuple[int, str], _Stop]
) -> Iterator[tuple[int, str, str, int]]:
    """As their stops lie, so that they cross as little as they can."""
    for column, start, end in sorted(
        bands, key=lambda one: (one[0], stops[one[0], one[1]].middle, stops[one[0] + 1, one[2]].middle)
    ):
        yield column, start, end, bands[column, start, end]


def _band(
    band: tuple[int, str, str, int],
    stops: Mapping[tuple[int, str], _Stop],
    told: FlowWords,
    scale: float,
    paper: _Paper,
) -> Markup:
    column, start, end, number = band
    here, there, thick = stops[column, start], stops[column + 1, end], number * scale
    y1, y2 = here.right + thick / 2, there.left + thick / 2
    here.right, there.left = here.right + thick, there.left + thick
    x1, x2 = paper.x(column, len(told.ends)) + BAR, paper.x(column + 1, len(told.ends))
    middle = plain((x1 + x2) / 2)
    path = f"M{plain(x1)} {plain(y1)}C{middle} {plain(y1)} {middle} {plain(y2)} {plain(x2)} {plain(y2)}"
    said = f"{told.stops[column, start]} → {told.stops[column + 1, end]}: {number}"
    drawn = Markup('<path d="{}" fill="none" stroke="{}" stroke-opacity=".24" stroke-width="{}"/>').format(
        path, BLUE, plain(max(thick, 1))
    )
    return mark(told.links[column, (start, end)], said, drawn)


LABEL = Markup(' stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"')


def _bar(one: _Stop, told: FlowWords, scale: float, paper: _Paper) -> Markup:
    columns, x = len(told.ends), paper.x(one.column, len(told.ends))
    high, name = max(one.number * scale, 2), told.stops[one.column, one.key]
    room = (paper.width if one.column == columns - 1 else paper.x(one.column + 1, columns)) - x - BAR - 6
    drawn = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        plain(x), plain(one.middle - high / 2), BAR, plain(high), BLUE
    )
    label = _label(x + BAR + 5, one.middle, name, one.number, room, paper)
    return mark(told.links[one.column, (one.key,)], f"{name}: {one.number}", drawn + label)


def _label(x: float, middle: float, name: str, number: int, room: float, paper: _Paper) -> Markup:
    if paper.is_stacked:
        return words(x, middle - 2, fitted(name, room, paper.size), LABEL) + words(x, middle + 14, str(number), LABEL)
    return words(x, middle + 4, f"{fitted(name, room - 8 * len(str(number)) - 4)} {number}", LABEL)
