"""Pictures of figures as SVG: every mark is a link, and none needs a script. What all of them are drawn with."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

HALF, FULL = 440, 880
"""Widths, in their own units, of a picture that stands beside another one, and of one that has the page for itself."""
INK, SOFT, LINE = "#1d2329", "#5d6770", "#d9dde1"
RED, BLUE, GREEN, PALE = "#9b2d1f", "#1f4e79", "#24683a", "#9fb4c7"
SIZE = 12
"""Of letters, where nothing else is said."""
WIDE_FROM = 0x2E80
"""From this character on, one is as wide as it is high."""
NARROW = 0.58
"""How wide the others are."""


def svg(kind: str, width: float, height: float, title: str, body: Iterable[Markup], size: int = SIZE) -> Markup:
    """Its colours and letters stand in it: the same bytes are shown on a page and made into a PNG."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" role="group" aria-label="{}" viewBox="0 0 {} {}"'
        ' font-family="Noto Sans SC" font-size="{}" fill="{}">{}</svg>'
    ).format(kind, title, plain(width), plain(height), size, INK, Markup("").join(body))


def mark(link: str, told: str, body: Markup) -> Markup:
    """What is drawn, as a way to the rows that it counts."""
    return Markup('<a href="{}"><title>{}</title>{}</a>').format(link, told, body)


NOTHING = Markup("")


def box(x: float, y: float, width: float, height: float, fill: str, more: Markup = NOTHING) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>').format(
        *map(plain, (x, y, width, height)), fill, more
    )


def words(x: float, y: float, told: str, more: Markup = NOTHING) -> Markup:
    return Markup('<text x="{}" y="{}"{}>{}</text>').format(plain(x), plain(y), more, told)


def rule(x1: float, y1: float, x2: float, y2: float) -> Markup:
    told = map(plain, (x1, y1, x2, y2))
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>').format(*told, LINE)


AT_END, IN_MIDDLE = Markup(' text-anchor="end"'), Markup(' text-anchor="middle"')
SOFTLY = Markup(' fill="{}"').format(SOFT)


def plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def width_of(told: str, size: float = SIZE) -> float:
    """About as wide as it will be; the fonts of readers differ."""
    return sum(size if ord(one) >= WIDE_FROM else size * NARROW for one in told)


def fitted(told: str, width: float, size: float = SIZE) -> str:
    """As much of it as there is room for."""
    if width_of(told, size) <= width:
        return told
    while told and width_of(told + "…", size) > width:
        told = told[:-1]
    return f"{told}…" if told else ""


def months_told(months: Iterable[str]) -> list[str]:
    """The year where it begins, and the months after it."""
    return [
        f"{one[2:4]}-{one[5:]}" if number == 0 or one.endswith("-01") else str(int(one[5:]))
        for number, one in enumerate(months)
    ]
