"""Sets papers with typst: text goes in as data, never as source, and what the fonts lack is marked and told."""

from __future__ import annotations

import json
import unicodedata
from base64 import b64encode
from dataclasses import asdict
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import segno
import typst
from PIL import Image

from application.logs import get_logger
from application.papers.press import Document, NotSet
from infrastructure.papers.coverage import characters

log = get_logger("tiaojie.papers")

SOURCE = Path(__file__).with_name("paper.typ")
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
STANDARD: Literal["a-2u"] = "a-2u"
"""PDF/A-2u (ISO 19005-2): every font inside, and every character with its Unicode."""
LACKING = "〓"
"""What stands for a character that no font has, as printers have done it."""


class TypstPress:
    """`application.papers.press.Press`."""

    def pdf(self, document: Document) -> bytes:
        lacking: dict[str, None] = {}
        told = _told(document, lacking)
        told["lacking"] = [f"U+{ord(one):04X}" for one in lacking]
        try:
            made = typst.compile(
                str(SOURCE),
                root=str(SOURCE.parent),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=STANDARD,
                sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
            )
        except Exception as fault:  # its text quotes what was to be set
            log.error("a paper was not set", fault=type(fault).__name__)
            raise NotSet from None
        assert isinstance(made, bytes)
        return made


def _told(document: Document, lacking: dict[str, None]) -> dict[str, Any]:
    before, after = document.receipts
    made: dict[str, Any] = _plain(asdict(document), lacking)
    for sheet in made["sheets"]:
        sheet["receipt"] = _qr(f"{before}{sheet['version']}{after}")
    return made


def _plain(value: Any, lacking: dict[str, None]) -> Any:
    """As JSON has it: days in three numbers, pictures as a drawing that holds them."""
    match value:
        case dict():
            return {key: _plain(one, lacking) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one, lacking) for one in value]
        case date():
            return [value.year, value.month, value.day]
        case bytes():
            return _drawing(value)
        case str():
            return _settable(value, lacking)
    return value


def _settable(text: str, lacking: dict[str, None]) -> str:
    known = _known()
    if all(one in known for one in text):
        return text
    return "".join(one if one in known or one == "\n" else _instead(one, lacking) for one in text)


def _instead(one: str, lacking: dict[str, None]) -> str:
    if unicodedata.category(one) in {"Cf", "Mn", "Cc"}:  # nothing of it is seen
        return ""
    lacking[one] = None
    return LACKING


@cache
def _known() -> frozenset[str]:
    return characters((FONTS / "NotoSerifSC-Regular.otf").read_bytes())


def _drawing(jpeg: bytes) -> dict[str, Any]:
    """Typst takes bytes as text only: the drawing holds the photo as it is."""
    width, height = Image.open(BytesIO(jpeg)).size
    held = f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{b64encode(jpeg).decode()}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{held}</svg>'
    return {"svg": svg, "tall": height / width}


def _qr(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=1, svgversion=1.1)
    return drawn.getvalue().decode()
