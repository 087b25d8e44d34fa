"""A matter's single facts in the words of the reader: which, of what, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from api.labels import Language, word
from api.web.page import text
from api.web.sentences import Names, enum_word, in_words, money
from application.case.picture import Fact, Picture

CODES: Mapping[tuple[str, str], str] = {
    ("referral", "kind"): "referral_kind",
    ("referral", "stage"): "referral_stage",
    ("referral", "outcome"): "outcome",
    ("escalation", "kind"): "escalation_kind",
    ("escalation", "stage"): "escalation_stage",
    ("escalation", "ground"): "ground",
}
"""The table of words of what a handover's row tells as a text."""
SUMS = frozenset({"amount", "paid"})


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
            _value(fact, value, names, language),
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
    return word(language, "picture", fact.field)


def _value(fact: Fact, value: Any, names: Names, language: Language) -> str:
    if table := CODES.get((fact.section, fact.field)):
        return word(language, table, value)
    if fact.field in SUMS:
        return money(value, names, language)
    return in_words(value, names, language)
