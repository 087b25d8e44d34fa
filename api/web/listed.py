"""The listed fields of a registration, as pages show them: only what it tells, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.labels import Language
from api.web.sentences import NO_NAMES, in_words
from domain.case.opening.listed import LISTED_FIELDS, ListedField


@dataclass(frozen=True)
class ListedWord:
    """`unusual`: it says something else than a registration of which nobody said anything; lists show only that."""

    name: str
    text: str
    unusual: bool
    mark: str
    """Of a code: by which the style sheet may colour it, such as `urgency-urgent`."""


def listed_words(told: Mapping[str, Any], language: Language) -> Iterator[ListedWord]:
    for name, value in told.items():
        if value:
            yield _word(LISTED_FIELDS[name], value, language)


def _word(one: ListedField, value: Any, language: Language) -> ListedWord:
    """A line of a list has its codes as the database has them: as their texts."""
    read = one.kind(value) if one.is_code else value
    return ListedWord(
        name=one.name,
        text=in_words(read, NO_NAMES, language),
        unusual=read != one.usual,
        mark=f"{one.name}-{read}" if one.is_code else "",
    )
