"""Pictures of figures as inline SVG: they need no script and print well; their table stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, COLUMN, GAP, TOP = 860, 14, 8, 26
HEIGHT = 380


@dataclass(frozen=True)
class Band:
    """So many cases from one end to the next, in the words of the reader."""

    stops: tuple[str, ...]
    cases: int


@dataclass
class _Node:
    column: int
    label: str
    cases: int
    top: float = 0
    left: float = 0
    right: float = 0


def flow_picture(bands: Sequence[Band]) -> Markup:
    """Source → level → result; empty where there is nothing to draw."""
    total = sum(band.cases for band in bands)
    if not total:
        return Markup("")
    nodes = _nodes(bands)
    columns = max(node.column for node in nodes.values()) + 1
    most = max(sum(1 for node in nodes.values() if node.column == column) for column in range(columns))
    scale = (HEIGHT - TOP - GAP * most) / total
    _place(nodes, columns, scale)
    step = (WIDTH - 260) / (columns - 1)
    paths = [path for band in bands for path in _paths(band, nodes, scale, step)]
    boxes = [_box(node, scale, step, columns) for node in nodes.values()]
    body = Markup("").join([*paths, *boxes])
    return Markup('<svg class="flow" role="img" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>').format(
        WIDTH, HEIGHT, body
    )


def _nodes(bands: Sequence[Band]) -> dict[tuple[int, str], _Node]:
    found: dict[tuple[int, str], _Node] = {}
    for band in bands:
        for column, label in enumerate(band.stops):
            node = found.setdefault((column, label), _Node(column, label, 0))
            node.cases += band.cases
    return dict(sorted(found.items(), key=lambda item: (item[0][0], -item[1].cases)))


def _place(nodes: dict[tuple[int, str], _Node], columns: int, scale: float) -> None:
    for column in range(columns):
        top = float(TOP)
        for node in (one for one in nodes.values() if one.column == column):
            node.top = node.left = node.right = top
            top += node.cases * scale + GAP


def _x(column: int, step: float) -> float:
    return 120 + column * step


def _paths(band: Band, nodes: dict[tuple[int, str], _Node], scale: float, step: float) -> list[Markup]:
    drawn = []
    for column in range(len(band.stops) - 1):
        start, end = nodes[column, band.stops[column]], nodes[column + 1, band.stops[column + 1]]
        thick = band.cases * scale
        y1, y2 = start.right + thick / 2, end.left + thick / 2
        start.right, end.left = start.right + thick, end.left + thick
        x1, x2 = _x(column, step) + COLUMN, _x(column + 1, step)
        middle = (x1 + x2) / 2
        curve = f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        drawn.append(Markup('<path class="band" d="{}" stroke-width="{:.1f}"/>').format(curve, max(thick, 0.5)))
    return drawn


def _box(node: _Node, scale: float, step: float, columns: int) -> Markup:
    x, height = _x(node.column, step), max(node.cases * scale, 1)
    last = node.column == columns - 1
    anchor, text_x = ("start", x + COLUMN + 5) if last or node.column else ("end", x - 5)
    return Markup(
        '<rect class="stop" x="{:.1f}" y="{:.1f}" width="{}" height="{:.1f}"/>'
        '<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{} {}</text>'
    ).format(x, node.top, COLUMN, height, text_x, node.top + height / 2 + 4, anchor, node.label, node.cases)


def month_picture(months: Sequence[tuple[str, int, int]]) -> Markup:
    """Registered and resolved, month by month, side by side."""
    if not months:
        return Markup("")
    highest = max(max(one[1], one[2]) for one in months) or 1
    slot = (WIDTH - 20) / len(months)
    bars = [bar for index, one in enumerate(months) for bar in _bars(index, one, slot, highest)]
    return Markup('<svg class="months" role="img" viewBox="0 0 {} 190" aria-hidden="true">{}</svg>').format(
        WIDTH, Markup("").join(bars)
    )


def _bars(index: int, month: tuple[str, int, int], slot: float, highest: int) -> list[Markup]:
    label, *values = month
    x, width = 10 + index * slot, min(slot / 3, 26)
    drawn = [Markup('<text x="{:.1f}" y="184">{}</text>').format(x, label[2:])]
    for place, (kind, value) in enumerate(zip(("registered", "resolved"), values, strict=True)):
        height = 140 * value / highest
        left, top = x + place * (width + 2), 164 - height
        drawn.append(
            Markup(
                '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
                '<text class="value" x="{:.1f}" y="{:.1f}">{}</text>'
            ).format(kind, left, top, width, height, left, top - 3, value)
        )
    return drawn
