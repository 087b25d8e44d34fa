"""A drawing as a PNG, by the program and with the fonts that papers are set with."""

from __future__ import annotations

from pathlib import Path

import typst

from application.papers.press import NotSet
from infrastructure.papers.press import FONTS

SOURCE = Path(__file__).with_name("drawing.typ")
DOTS_AN_INCH = 144.0
"""Of a drawing whose unit is a point: two dots a unit."""


class TypstEngraver:
    """`application.papers.press.Engraver`."""

    def png(self, svg: str) -> bytes:
        try:
            made = typst.compile(
                str(SOURCE),
                root=str(SOURCE.parent),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                format="png",
                ppi=DOTS_AN_INCH,
                sys_inputs={"svg": svg},
            )
        except Exception:  # its text quotes what was to be drawn
            raise NotSet from None
        assert isinstance(made, bytes)
        return made
