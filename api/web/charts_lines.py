"""Shares month by month, as lines: this year's, and last year's beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

from markupsafe import Markup

from api.web.charts import AT_END, IN_MIDDLE, NOTHING, SOFTLY, mark, months_told, plain, rule, svg, words

STEPS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8)
"""At which share the picture may begin: what is written beside it says so."""


@dataclass(frozen=True)
class Point:
    share: float
    told: str
    link: str


@dataclass(frozen=True)
class ShareLine:
    """`points`: one of each month; None: there is no share of nothing, so nothing is drawn."""

    points: Sequence[Point | None]
    colour: str
    dashed: bool = False


@dataclass(frozen=True)
class Plot:
    """Where the lines lie in the picture."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    lowest: float
    count: int

    def x(self, at: int) -> float:
        return self.left + at * (self.width - self.left - self.right) / max(self.count - 1, 1)

    def y(self, share: float) -> float:
        return self.top + (1 - share) / (1 - self.lowest) * (self.height - self.top - self.bottom)


def lowest_of(lines: Sequence[ShareLine]) -> float:
    """As low as needed, with some room below."""
    shares = [one.share for line in lines for one in line.points if one]
    return max(one for one in STEPS if one <= max(floor((min(shares, default=0) - 0.04) * 10) / 10, 0))


def trend(title: str, months: Sequence[str], lines: Sequence[ShareLine]) -> Markup:
    field = Plot(640, 230, 62, 62, 18, 32, lowest_of(lines), len(months))
    drawn = [*_frame(field), *_months(field, months)]
    for line in reversed(lines):
        drawn += _line(field, line, 4.5 if not line.dashed else 3)
    if lines and (last := next((one for one in enumerate(reversed(lines[0].points)) if one[1]), None)):
        at, point = field.count - 1 - last[0], last[1]
        assert point
        drawn.append(
            words(
                field.x(at) + 10,
                field.y(point.share) + 4,
                f"{point.share * 100:.0f}%",
                Markup(' fill="{}" font-weight="700"').format(lines[0].colour),
            )
        )
    return svg("trend", field.width, field.height, title, drawn)


def small(title: str, line: ShareLine, lowest: float, months: Sequence[str]) -> list[Markup]:
    """One of many: `SMALL` wide and high, all on one scale."""
    width, height = SMALL
    field = Plot(width, height, 10, 12, 26, 20, lowest, len(months))
    ends = [(0, months[0], Markup("")), (field.count - 1, months[-1], AT_END)] if months else []
    drawn = [rule(field.left, field.y(one), width - field.right, field.y(one)) for one in (lowest, 1.0)]
    drawn.append(words(field.left, 16, title))
    drawn += [words(field.x(at), height - 4, told[2:], SOFTLY + anchor) for at, told, anchor in ends]
    return [*drawn, *_line(field, line, 3)]


SMALL = 200, 110
EVERY_SECOND = Markup(' class="second"')
"""Months that a narrow page leaves out."""


def _frame(field: Plot) -> Iterator[Markup]:
    for share in (field.lowest, (1 + field.lowest) / 2, 1.0):
        yield rule(field.left, field.y(share), field.width - field.right, field.y(share))
        yield words(field.left - 8, field.y(share) + 4, f"{share * 100:.0f}%", AT_END + SOFTLY)


def _months(field: Plot, months: Sequence[str]) -> Iterator[Markup]:
    for at, told in enumerate(months_told(months)):
        yield words(field.x(at), field.height - 8, told, IN_MIDDLE + SOFTLY + (EVERY_SECOND if at % 2 else NOTHING))


def _line(field: Plot, line: ShareLine, radius: float) -> Iterator[Markup]:
    yield Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
        _path(field, line),
        line.colour,
        "1.5" if line.dashed else "2.5",
        Markup(' stroke-dasharray="5 4"') if line.dashed else "",
    )
    for at, point in enumerate(line.points):
        if point:
            x, y = plain(field.x(at)), plain(field.y(point.share))
            drawn = Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(x, y, plain(radius), line.colour)
            if field.width > SMALL[0]:
                drawn += Markup('<circle cx="{}" cy="{}" r="12" fill-opacity="0"/>').format(x, y)
            yield mark(point.link, point.told, drawn)


def _path(field: Plot, line: ShareLine) -> str:
    """Broken where nothing was counted."""
    told, joined = "", False
    for at, point in enumerate(line.points):
        if point:
            told += f"{'L' if joined else 'M'}{plain(field.x(at))} {plain(field.y(point.share))}"
        joined = point is not None
    return told or "M0 0"
