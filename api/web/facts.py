"""A matter's single facts in the words of the reader: which, of what, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from api.labels import Language, word
from api.web.page import text
from api.web.sentences import Names, enum_word, in_words
from application.case.picture import Fact, Picture
from domain.case.opening.listed import LISTED_FIELDS


@dataclass(frozen=True)
class FactWords:
    section: str
    subject: str
    label: str
    value: str


def fact_words(facts: Picture, names: Names, language: Language) -> list[FactWords]:
    return [
        FactWords(
            word(language, "picture_section", fact.section),
            _subject(fact, names, language),
            _label(fact, language),
            in_words(value, names, language),
        )
        for fact, value in facts.items()
    ]


def _subject(fact: Fact, names: Names, language: Language) -> str:
    match fact.section, fact.subject:
        case "parties", UUID():
            return names.of(fact.subject)
        case (("mediation" | "deadlines"), int()) if fact.subject:
            return text(language, "mediation_number", number=fact.subject)
        case "promise", (int() as mediation, int() as number):
            return text(language, "promise_number", mediation=mediation, number=number)
    return ""


def _label(fact: Fact, language: Language) -> str:
    if fact.section == "deadlines":
        return word(language, "deadline", fact.field)
    if isinstance(fact.field, Enum):
        return enum_word(language, fact.field)
    return word(language, "field" if fact.field in LISTED_FIELDS else "picture", fact.field)
