"""What people write in a sheet: the words of both languages, and those of the stored codes, for the same thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.case.kinds import (
    AgreementForm,
    Category,
    Extent,
    Mandate,
    MatterStep,
    OrganKind,
    PartyKind,
    Result,
    Risk,
    Side,
    Source,
    Urgency,
)
from domain.case.record.importing import StepKind
from domain.escalation.kinds import Ground, ReturnGround
from domain.jurisdiction.sheet import LEVEL_BY_WORD
from domain.shared.values import Channel, Level
from domain.shared.vocabulary import Outcome

TABLES: Mapping[str, type[StrEnum]] = {
    "agreement_form": AgreementForm,
    "category": Category,
    "channel": Channel,
    "extent": Extent,
    "ground": Ground,
    "level": Level,
    "mandate": Mandate,
    "matter_step": MatterStep,
    "organ_kind": OrganKind,
    "outcome": Outcome,
    "party_kind": PartyKind,
    "result": Result,
    "return_ground": ReturnGround,
    "risk": Risk,
    "side": Side,
    "source": Source,
    "step_kind": StepKind,
    "urgency": Urgency,
}
Labels = Mapping[str, Mapping[str, str]]


class Words:
    def __init__(self, languages: Iterable[Labels]) -> None:
        """`languages`: the labels of the pages, by table and code."""
        self._known: dict[str, dict[str, str]] = {
            table: {one.value: one.value for one in enum} for table, enum in TABLES.items()
        }
        for labels in languages:
            for table, enum in TABLES.items():
                for one in enum:
                    label = plain(labels[table][one.value])
                    self._known[table] |= {label: one.value, label.partition("(")[0].strip(): one.value}
        levels = {word: level.value for word, level in LEVEL_BY_WORD.items()}
        self._known["level"] = {**levels, **self._known["level"]}

    def code(self, table: str, word: str) -> str:
        """The stored code; where the word is not known, the word itself, for the check of the row to refuse."""
        said = plain(word)
        return self._known[table].get(said) or self._known[table].get(said.removesuffix("纠纷")) or word

    def knows(self, table: str, word: str) -> bool:
        return plain(word) in self._known[table]

    def of(self, table: str) -> list[str]:
        """All that is known there, the longest first."""
        return sorted(self._known[table], key=len, reverse=True)


def plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip(" \t'’").lower()
