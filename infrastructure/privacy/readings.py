"""拼音 How Chinese characters are read: the pinyin of a name and its initials, in each way that it may be read."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from itertools import islice, product

VERSION = version("pypinyin")
LONGEST_NAME = 8
"""Characters: longer ones are sentences, or names of companies."""
MOST_READINGS = 24
"""Of a name: 单 alone has three, and a name of many such characters hundreds."""


@cache
def _table() -> Mapping[int, str]:
    """Loaded with the first name that is read, in a fifth of a second, 14 MB. Its phrases would take 45 MB more, and
    names are none: so they are left out, which the library wants to be told before it is imported."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT


@cache
def readings(character: str) -> tuple[str, ...]:
    """Without tones, ü as v; none of what is no Chinese character."""
    return tuple(dict.fromkeys(_plain(one) for one in _table().get(ord(character), "").split(",") if one))


def _plain(reading: str) -> str:
    apart = unicodedata.normalize("NFD", reading.replace("ü", "v")).replace("u\u0308", "v")
    return "".join(one for one in apart if one.isascii() and one.isalpha())


def pinyin_of(name: str) -> frozenset[str]:
    """In full, without spaces. Empty where the name has any other character."""
    return _read(readings(one) for one in name) if len(name) <= LONGEST_NAME else frozenset()


def initials_of(name: str) -> frozenset[str]:
    if len(name) > LONGEST_NAME:
        return frozenset()
    return _read(tuple(dict.fromkeys(each[0] for each in readings(one) if each)) for one in name)


def _read(each: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset("".join(one) for one in islice(product(*each), MOST_READINGS))
