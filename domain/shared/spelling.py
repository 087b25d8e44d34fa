"""写法 How words and numbers are compared however they were typed. What was typed is kept: this is never shown.

A folded text remembers for each character where it stood, so that a name is found and masked within a text as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from domain.shared.old_characters import TABLE

INTERPUNCTS = "·•・･‧∙⋅●◦▪․.．｡᛫⸰⸱⸳ꞏᐧㆍ𐄁"
"""Between the parts of a name such as 艾力·买买提: keyboards and programs write it in many ways, a full stop too."""
QUOTES = "'’‘‛ʼʻʹ`´＇′"
"""Apostrophes of names such as O'Brien; also the mark by which a sheet keeps a number as text."""
BRACKETS_AND_SIGNS = "()[]{}<>【】〔〕+/\\_#:"
CROSSES = str.maketrans("×✕✖ΧχХх", "xxxxxxx")
"""What is typed for the X at the end of an identity number."""
_PLAIN = re.compile(r"[0-9a-z\u4e00-\u9fff]*")
_IGNORED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
"""Without a shape of their own, and not marked as such in their category: variation selectors, fillers."""
_PASSES = 6
"""A fold is repeated until nothing changes: what it brings together may be composed. No known text needs three."""


@dataclass(frozen=True)
class Folded:
    """`starts` and `ends`: the part of the typed text that each character comes from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def places_of(self, sought: str) -> Iterator[tuple[int, int]]:
        """Where the typed text holds it. A name in letters is not found within a longer word: An is not in Annual."""
        at = self.text.find(sought) if sought else -1
        while at >= 0:
            end = at + len(sought)
            if not (self._runs_on(at) or self._runs_on(end)):
                yield self.starts[at], self.ends[end - 1]
            at = self.text.find(sought, at + 1)

    def _runs_on(self, at: int) -> bool:
        """Whether one word in letters stands on both sides of this place."""
        if not 0 < at < len(self.text):
            return False
        apart = self.ends[at - 1] != self.starts[at]
        return not apart and all(one.isalpha() and ord(one) < 0x2E80 for one in self.text[at - 1 : at + 1])


def folded_words(text: str) -> Folded:
    """For names and addresses: without width, case, spaces, interpuncts, dashes and what has no shape.

    Between two digits whatever parts them is one space: house 1-23 is not house 12-3."""
    return _folded(text, _in_words, between_digits=" ")


def folded_numbers(text: str) -> Folded:
    """For identity numbers and telephones: without whatever parts their digits."""
    return _folded(text.translate(CROSSES), _in_numbers, between_digits="")


def _folded(text: str, fold: Callable[[str], str], *, between_digits: str) -> Folded:
    made = Folded(text, range(len(text)), range(1, len(text) + 1))
    if _PLAIN.fullmatch(text):
        return made
    for _ in range(_PASSES):
        made = _once(made, fold, between_digits)
        if not any(map(_STANDS_ON, made.text)) and all(fold(one) == one for one in made.text if one != between_digits):
            break
    return made


def _once(of: Folded, fold: Callable[[str], str], between_digits: str) -> Folded:
    made: list[tuple[str, int, int]] = []
    parted: tuple[int, int] | None = None
    for cluster, start, end in _clusters(of):
        known = fold(cluster)
        if not known:
            parted = parted if is_ignored(cluster) else (start, end)
            continue
        if parted and between_digits and made and made[-1][0].isdecimal() and known[0].isdecimal():
            made.append((between_digits, *parted))
        parted = None
        made += [(one, start, end) for one in known]
    return Folded("".join(one for one, _, _ in made), [start for _, start, _ in made], [end for _, _, end in made])


def _clusters(of: Folded) -> Iterator[tuple[str, int, int]]:
    """Each character with the marks that stand upon it; what nobody sees belongs to what stands before it."""
    text, first = of.text, 0
    for at in range(1, len(text) + 1):
        if at < len(text) and (_STANDS_ON(text[at]) or is_ignored(text[at])):
            continue
        cluster = text[first:at]
        if at - first > 1:
            cluster = "".join(one for one in cluster if not is_ignored(one)) or cluster[0]
        yield cluster, of.starts[first], of.ends[at - 1]
        first = at


_STANDS_ON = cache(unicodedata.combining)


@cache
def is_ignored(one: str) -> bool:
    """Zero-width characters, marks of direction, variation selectors: nobody sees them."""
    return len(one) == 1 and (unicodedata.category(one) == "Cf" or bool(_IGNORED.match(one)))


@lru_cache(maxsize=30_000)
def _in_words(cluster: str) -> str:
    """A character in its normal form; empty: nobody sees it, or it only parts two others."""
    if is_ignored(cluster) or _parts_words(cluster):
        return ""
    return "".join(one for one in normal(cluster) if not _parts_words(one))


@lru_cache(maxsize=30_000)
def _in_numbers(cluster: str) -> str:
    if is_ignored(cluster) or _parts_numbers(cluster):
        return ""
    return "".join(one for one in normal(cluster) if not _parts_numbers(one))


class _Table(dict[int, str]):
    """Filled with what is met."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold

    def __missing__(self, code: int) -> str:
        self[code] = self._fold(chr(code))
        return self[code]


_WORDS = _Table(lambda one: _in_words(one))
_NUMBERS = _Table(lambda one: _in_numbers(one.translate(CROSSES)))


def at_a_glance(text: str) -> tuple[str, str] | None:
    """Folded as words and as numbers, without places and without any space: twenty times as fast, for texts of which
    most hold nothing that is looked for. None: marks have to be composed first."""
    return (text.translate(_WORDS), text.translate(_NUMBERS)) if unicodedata.is_normalized("NFC", text) else None


def _parts_words(one: str) -> bool:
    parting = one in INTERPUNCTS or one in QUOTES
    return len(one) == 1 and (parting or unicodedata.category(one) in {"Zs", "Zl", "Zp", "Cc", "Pd"})


def _parts_numbers(one: str) -> bool:
    return _parts_words(one) or (len(one) == 1 and one in BRACKETS_AND_SIGNS)


def normal(text: str) -> str:
    """One code for one character: today's for an old one, composed, of usual width, in small letters; digits 0 to 9."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(TABLE)
    return "".join(_digit(one) for one in unicodedata.normalize("NFKC", plain))


def _digit(one: str) -> str:
    return str(unicodedata.decimal(one)) if one.isdecimal() else one
