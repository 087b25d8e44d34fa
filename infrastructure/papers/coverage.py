"""Which characters a font has: its table `cmap`, in the form for all of Unicode (OpenType, format 12)."""

from __future__ import annotations

from struct import unpack_from

ALL_OF_UNICODE = 12


def characters(font: bytes) -> frozenset[str]:
    """Empty where the font has no such table."""
    for start in _tables(font):
        (form,) = unpack_from(">H", font, start)
        if form == ALL_OF_UNICODE:
            return frozenset(chr(code) for code in _codes(font, start))
    return frozenset()


def _tables(font: bytes) -> list[int]:
    (number,) = unpack_from(">H", font, 4)
    for index in range(number):
        tag, _, offset, _ = unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == b"cmap":
            (encodings,) = unpack_from(">H", font, offset + 2)
            found = (unpack_from(">HHI", font, offset + 4 + 8 * one) for one in range(encodings))
            return [offset + where for _, _, where in found]
    return []


def _codes(font: bytes, start: int) -> list[int]:
    (groups,) = unpack_from(">I", font, start + 12)
    codes: list[int] = []
    for index in range(groups):
        first, last, glyph = unpack_from(">III", font, start + 16 + 12 * index)
        codes += [code for code in range(first, last + 1) if glyph + code - first]
    return codes
