"""Numbers as cells: places by months, darker where there are more; and parts of a whole, as large as they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.web.charts import (
    AT_END,
    BLUE,
    HALF,
    IN_MIDDLE,
    SOFTLY,
    box,
    fitted,
    mark,
    months_told,
    plain,
    svg,
    width_of,
    words,
)

NAMES, ROW, HEAD = 92, 23, 20
DARK = 0.55
"""From this shade on, words are white."""
NONE = "#eef0f2"
"""Of a cell in which there is none."""
LOW = 16
"""Less than this is too small for a line of words."""


@dataclass(frozen=True)
class Part:
    """What a mark says, and where it leads."""

    name: str
    number: int
    link: str


def heat(title: str, months: Sequence[str], rows: Sequence[tuple[str, Sequence[Part]]]) -> Markup:
    """`rows`: the name of a place, and a part of each month."""
    most = max((one.number for _, parts in rows for one in parts), default=0) or 1
    wide = (HALF - NAMES) / max(len(months), 1)
    drawn = [
        words(NAMES + wide * (at + 0.5), 13, told, IN_MIDDLE + SOFTLY) for at, told in enumerate(months_told(months))
    ]
    for at, (name, parts) in enumerate(rows):
        top = HEAD + at * ROW
        drawn.append(words(NAMES - 6, top + 16, fitted(name, NAMES - 8), AT_END))
        drawn += [_cell(one, most, NAMES + wide * column, top, wide) for column, one in enumerate(parts)]
    return svg("heat", HALF, HEAD + len(rows) * ROW, title, drawn)


def _cell(part: Part, most: int, x: float, y: float, wide: float) -> Markup:
    """None is a plain cell, and leads nowhere."""
    if not part.number:
        return box(x, y, wide - 1.5, ROW - 1.5, NONE)
    shade = 0.12 + 0.88 * part.number / most
    drawn = box(x, y, wide - 1.5, ROW - 1.5, BLUE, Markup(' fill-opacity="{}"').format(f"{shade:.2f}"))
    white = Markup(' fill="#fff"') if shade > DARK else Markup("")
    told = words(x + wide / 2 - 0.7, y + 15, str(part.number), IN_MIDDLE + white) if wide > LOW else Markup("")
    return mark(part.link, part.name, drawn + told)


@dataclass(frozen=True)
class _Field:
    x: float
    y: float
    width: float
    height: float


def treemap(title: str, parts: Sequence[Part], height: float = 300) -> Markup:
    """The largest first; those that are none are left out."""
    each = sorted((one for one in parts if one.number), key=lambda one: -one.number)
    fields = _laid([one.number for one in each], _Field(0, 0, HALF, height))
    return svg("treemap", HALF, height, title, [_tile(one, field) for one, field in zip(each, fields, strict=True)])


def _laid(numbers: Sequence[int], field: _Field) -> Iterator[_Field]:
    """Row by row, each as many as make its tiles nearest to squares (Bruls, Huizing, van Wijk: squarified treemaps)."""
    left, total = list(numbers), sum(numbers)
    while left:
        area = field.width * field.height / total
        side = min(field.width, field.height)
        taken = 1
        while taken < len(left) and _worst(left[: taken + 1], side, area) <= _worst(left[:taken], side, area):
            taken += 1
        row, left = left[:taken], left[taken:]
        tiles, field = _row(row, field, area)
        yield from tiles
        total -= sum(row)


def _worst(row: Sequence[int], side: float, area: float) -> float:
    thick = sum(row) * area / side
    return max(max(thick / (one * area / thick), one * area / thick / thick) for one in row)


def _row(row: Sequence[int], field: _Field, area: float) -> tuple[list[_Field], _Field]:
    """Along the shorter side, and what is left beside it."""
    thick = sum(row) * area / min(field.width, field.height)
    tiles, at = [], 0.0
    for one in row:
        long = one * area / thick
        if field.width >= field.height:
            tiles.append(_Field(field.x, field.y + at, thick, long))
        else:
            tiles.append(_Field(field.x + at, field.y, long, thick))
        at += long
    if field.width >= field.height:
        return tiles, _Field(field.x + thick, field.y, field.width - thick, field.height)
    return tiles, _Field(field.x, field.y + thick, field.width, field.height - thick)


def _tile(part: Part, field: _Field) -> Markup:
    drawn = box(field.x + 0.75, field.y + 0.75, max(field.width - 1.5, 0.5), max(field.height - 1.5, 0.5), BLUE)
    white, room = Markup(' fill="#fff"'), field.width - 10
    x, y, number = field.x + 6, field.y + 17, plain(part.number)
    told = fitted(part.name, room)
    if field.height > 2 * LOW + 4 and len(told) > 1:
        drawn += words(x, y, told, white) + words(x, y + 16, number, white)
    elif field.height > LOW + 4 and width_of(number) <= room:
        whole = f"{part.name} {number}"
        drawn += words(x, y - 1, whole if width_of(whole) <= room else number, white)
    return mark(part.link, f"{part.name}: {number}", drawn)
