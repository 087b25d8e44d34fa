"""Numbers side by side: as bars, as a funnel, and as columns of months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.web.charts import (
    AT_END,
    BLUE,
    GREEN,
    HALF,
    IN_MIDDLE,
    PALE,
    SOFTLY,
    box,
    fitted,
    mark,
    months_told,
    rule,
    svg,
    words,
)
from api.web.charts_cells import NONE, Part

NAMES, ROW, NUMBERS = 118, 32, 92
COLOURS = PALE, GREEN


@dataclass(frozen=True)
class Bar:
    part: Part
    beside: str = ""
    """What is told beside the number."""


def bars(kind: str, title: str, each: Sequence[Bar], in_the_middle: bool = False) -> Markup:
    """One below the other; in the middle, they are a funnel."""
    most = max((one.part.number for one in each), default=0) or 1
    drawn = []
    for at, one in enumerate(each):
        wide = (HALF - NAMES - NUMBERS) * one.part.number / most
        left = NAMES + ((HALF - NAMES - NUMBERS) - wide) / 2 if in_the_middle else NAMES
        top = at * ROW + 3
        drawn.append(words(NAMES - 8, top + 17, fitted(one.part.name, NAMES - 8), AT_END))
        end = HALF - NUMBERS + 8 if in_the_middle else left + wide + 6
        told = words(end, top + 17, f"{one.part.number} {one.beside}".strip(), Markup(' font-weight="700"'))
        shape = box(left, top, max(wide, 1.5), ROW - 8, BLUE if one.part.number else NONE) + told
        drawn.append(mark(one.part.link, f"{one.part.name}: {one.part.number}", shape))
    return svg(f"{kind} bars-told", HALF, max(len(each), 1) * ROW, title, drawn)


def columns(title: str, months: Sequence[str], series: Sequence[Sequence[Part]]) -> Markup:
    """`series`: of each kind, a part of each month."""
    most = max((one.number for each in series for one in each), default=0) or 1
    left, top, high = 34, 14, 170
    slot = (HALF - left) / max(len(months), 1)
    wide = min(slot * 0.8 / len(series), 26)
    drawn = [*_scale(most, left, top, high)]
    for at, told in enumerate(months_told(months)):
        drawn.append(words(left + slot * (at + 0.5), top + high + 18, told, IN_MIDDLE + SOFTLY))
    for kind, (colour, each) in enumerate(zip(COLOURS, series, strict=True)):
        for at, one in enumerate(each):
            if one.number:
                tall = high * one.number / most
                x = left + slot * (at + 0.5) + (kind - len(series) / 2) * wide
                drawn.append(mark(one.link, one.name, box(x, top + high - tall, wide - 1, tall, colour)))
    return svg("months", HALF, top + high + 26, title, drawn)


def _scale(most: int, left: float, top: float, high: float) -> list[Markup]:
    drawn = []
    for number in sorted({0, most // 2, most}):
        y = top + high - high * number / most
        drawn += [rule(left, y, HALF, y), words(left - 6, y + 4, str(number), AT_END + SOFTLY)]
    return drawn
