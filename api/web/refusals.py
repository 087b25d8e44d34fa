"""A refusal on a page: its words, and whose consent, signature or paper is missing, by name."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any
from uuid import UUID

from api.labels import Language, labels, word
from api.problems import title
from api.web.sentences import UNKNOWN, Names, enum_word
from domain.case.mediating.lacking import SIGNS
from domain.shared.errors import DomainError

NAMED = ("parties", "missing")
"""Details that list persons, sides of the case or papers."""


def refused(refusal: DomainError, names: Names, language: Language) -> str:
    """As an error of the API it carries ids, dates and articles only; the names are known to the page."""
    found = [*_listed(refusal, names, language), *_signs(refusal, language)]
    if not found:
        return title(refusal, language)
    return str(labels(language)["page"]["refused_for"]).format(why=title(refusal, language), whom="、".join(found))


def _listed(refusal: DomainError, names: Names, language: Language) -> Iterator[str]:
    for field in NAMED:
        for one in refusal.details.get(field, ()):
            yield from _called(one, names, language)


def _called(one: Any, names: Names, language: Language) -> Iterator[str]:
    match one:
        case UUID() if (name := names.of(one)) != UNKNOWN:
            yield name
        case Enum():
            yield enum_word(language, one)
        case list():
            yield " / ".join(enum_word(language, choice) for choice in one if isinstance(choice, Enum))


def _signs(refusal: DomainError, language: Language) -> Iterator[str]:
    """What is missing and is nobody's signature of the parties."""
    for sign in SIGNS:
        if refusal.details.get(sign) is True:
            yield word(language, "missing_sign", sign)
