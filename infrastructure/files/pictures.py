"""Pictures of what was brought: small ones for a list, and pages for the bound file; each drawn anew."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import Any, TypeVar

from PIL import Image, ImageOps
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from application.files import FileKind, NoPicture, kind_of

T = TypeVar("T")

SMALL = 320
"""Pixels of the longer side in a list."""
BOUND = 1754
"""Of a page: A4 at 150 dots an inch."""
MOST_PIXELS = 60_000_000
"""A picture of more was made to fill our memory."""
MOST_PAGES = 60
"""Of one scan."""
POINTS = 842
"""Of A4's longer side, as PDF counts."""
_ONE_AT_A_TIME = Lock()
"""Pdfium is not made for threads."""


class DrawnAnew:
    """`application.files.Pictures`."""

    def thumbnail(self, content: bytes) -> bytes:
        return _or_none(lambda: _jpeg(_first(content), SMALL, 70))

    def pages(self, content: bytes) -> list[bytes]:
        return _or_none(lambda: [_jpeg(one, BOUND, 78) for one in _all(content)])


def _or_none(draw: Callable[[], T]) -> T:
    """Whatever a broken file does to those who read it, the answer is the same."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return draw()
    except Exception:
        raise NoPicture from None


def _first(content: bytes) -> Image.Image:
    return _of_pdf(content, 1, SMALL)[0] if kind_of(content) is FileKind.PDF else _image(content)


def _all(content: bytes) -> list[Image.Image]:
    return _of_pdf(content, MOST_PAGES, BOUND) if kind_of(content) is FileKind.PDF else [_image(content)]


def _image(content: bytes) -> Image.Image:
    found = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    if found.width * found.height > MOST_PIXELS:
        raise NoPicture
    found.draft("RGB", (BOUND, BOUND))
    return ImageOps.exif_transpose(found)


def _of_pdf(content: bytes, most: int, size: int) -> list[Image.Image]:
    with _ONE_AT_A_TIME:
        document = PdfDocument(content)
        try:
            return [_drawn(document[number], size) for number in range(min(len(document), most))]
        finally:
            document.close()


def _drawn(page: Any, size: int) -> Image.Image:
    """A page that says it is tiny is not blown up without end."""
    drawn: Image.Image = page.render(scale=min(size / max(*page.get_size(), 1), size / POINTS * 4)).to_pil()
    return drawn


def _jpeg(image: Image.Image, size: int, quality: int) -> bytes:
    image.thumbnail((size, size))
    if "A" in image.getbands() or image.mode == "P":
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    drawn = BytesIO()
    image.convert("RGB").save(drawn, "JPEG", quality=quality)
    return drawn.getvalue()
