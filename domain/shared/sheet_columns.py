"""表头 Titles of the sheets of a register, Chinese or English, in any order; and the words in their cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from domain.shared.sheets import Fault, made_of, table_in, wrong_header
from domain.shared.tables import Sheet

Titles = Mapping[str, tuple[str, ...]]
"""Of each column its names; the first one is told where it is missing."""
Made = TypeVar("Made")
Code = TypeVar("Code", bound=StrEnum)


def read_titled(
    sheet: bytes, titles: Titles, needed: Sequence[str], made: Callable[[int, Sequence[str]], Made | Fault]
) -> tuple[list[Made], list[Fault]]:
    """What is made of the rows below the titles, and the faults of those that cannot be read. What stands in a column
    that is left out is empty. `made`: of a row's number and its cells, in the order of `titles`. Raises SheetRefused
    where a needed column is missing, or one is unknown or there twice."""
    table = table_in(sheet)
    places = _places(table, titles)
    if places is None or not set(needed) <= places.keys():
        raise wrong_header(table, wanted(titles))
    order = [places.get(name) for name in titles]
    return made_of(table, lambda number, cells: made(number, ["" if at is None else cells[at].strip() for at in order]))


def wanted(titles: Titles) -> str:
    return "、".join(f"{names[0]} ({name})" for name, names in titles.items())


def _places(table: Sheet, titles: Titles) -> dict[str, int] | None:
    """Where each column stands; None: a title is unknown, or there twice."""
    known = {plain(one): name for name, names in titles.items() for one in (name, *names)}
    found: dict[str, int] = {}
    for at, title in enumerate(table.titles):
        name = known.get(plain(title))
        if name is None and title.strip():
            return None
        if name in found:
            return None
        if name:
            found[name] = at
    return found


def plain(title: str) -> str:
    """Without what forms print around a title: stars, units, blanks, line breaks."""
    bare = re.sub(r"[\s*:\ufeff]+", "", unicodedata.normalize("NFKC", title)).lower()
    return re.sub(r"\(.*\)$", "", bare)


def coded(kind: type[Code], words: Mapping[str, Code], told: str) -> Code | None:
    """By its code or its word; None: it is neither."""
    said = unicodedata.normalize("NFKC", told).strip().lower()
    return words.get(said) or next((one for one in kind if one.value == said), None)
