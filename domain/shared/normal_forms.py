"""一个人 One person, however typed: the normal form of each kind of personal field, and where a text holds it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from domain.shared.identity_numbers import identity_form, identity_forms
from domain.shared.phones import phone_forms
from domain.shared.spelling import Folded, at_a_glance, folded_numbers, folded_words
from domain.shared.values import ERASED

VERSION = 1
"""Goes up with every change of a normal form: tables that were made by another one are made anew."""
SIGNATURE = f"{VERSION}/{unicodedata.unidata_version}"
"""By which normal forms a table was made: a newer Unicode gives other ones as well."""
SHORTEST = 2
"""Characters of a name that is looked for within a text: a single one stands in many words."""
SHORTEST_NUMBER = 6
"""Digits of a number that is looked for within a text: a shorter one stands in many others."""


def name_form(text: str) -> str:
    """Nothing is left of a name of dots alone: then it is what was typed."""
    return folded_words(text).text or text.strip()


def forms(kind: str, text: str) -> frozenset[str]:
    """By the kind of the personal field: two fields with a form in common tell of one person."""
    match kind:
        case "identity-number":
            return frozenset({identity_form(text)})
        case "phone":
            return phone_forms(text)
        case _:
            return frozenset({name_form(text)})


@dataclass(frozen=True)
class Sought:
    """What is looked for within texts. Words and numbers are found apart: each is folded in its own way."""

    words: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Sought:
        """Of texts whose kind is not known: each may be a name, an address or a number."""
        known = set(texts)
        return cls(names_in_texts(known), frozenset(form for one in known for form in numbers_in_texts(one)))

    def named_in(self, text: str) -> bool:
        return any(True for _ in self.places_in(text))

    def places_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Parts of the text as it was typed; they may overlap."""
        if not text or self._is_not_at_a_glance_in(text):
            return
        yield from _places(self.words, folded_words(text))
        if self.numbers and any(one.isdecimal() for one in text):
            yield from _places(self.numbers, folded_numbers(text))

    def _is_not_at_a_glance_in(self, text: str) -> bool:
        if not (seen := at_a_glance(text)):
            return False
        words, numbers = seen
        return not any(one.replace(" ", "") in words for one in self.words) and not any(
            one in numbers for one in self.numbers
        )

    def replaced_in(self, text: str, by: str) -> str:
        """The text with every place that names them replaced."""
        made, done = "", 0
        for start, end in _joined(self.places_in(text)):
            made, done = made + text[done:start] + by, end
        return made + text[done:]


def names_in_texts(texts: Iterable[str]) -> frozenset[str]:
    """As they stand within a text that is folded as words are; those that are too short are left out."""
    return frozenset(form for one in texts if one != ERASED and len(form := name_form(one)) >= SHORTEST)


def numbers_in_texts(text: str) -> frozenset[str]:
    """As it stands within a text that is folded as numbers are; empty: it is none that could be found there."""
    found = {*identity_forms(text), *(one.lstrip("+") for one in phone_forms(text))}
    return frozenset(one.casefold() for one in found if sum(map(str.isdecimal, one)) >= SHORTEST_NUMBER)


def _places(sought: Iterable[str], within: Folded) -> Iterator[tuple[int, int]]:
    for one in sought:
        if one in within.text:
            yield from within.places_of(one)


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In their order; those that overlap are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@cache
def parts_of(length: int, longest: int) -> tuple[tuple[int, int], ...]:
    """Where the parts of a word of this length begin and end: of two characters up to `longest`."""
    sizes = range(SHORTEST, min(length, longest) + 1)
    return tuple((start, start + size) for size in sizes for start in range(length - size + 1))
