"""同名 By what the people of one name are told apart on a page, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from api.labels import Language
from api.web.sentences import enum_word
from application.case.disclosure.masks import MASK
from application.case.namesakes import NOBODY, told_apart
from application.case.page import CasePage
from domain.case.case import Party

TAIL = 4


def names_in(read: CasePage, language: Language) -> Mapping[UUID, str]:
    """What the people of a case are called."""
    found: dict[UUID, Sequence[str]] = {}
    for each in read.representatives.values():
        found |= {one.person: (enum_word(language, one.capacity), "", "") for one in each}
    for text in read.mediations.values():
        found |= {id: (enum_word(language, one.role), "", "") for id, one in text.participants.items()}
    return told_apart(read.names, found | marks_of(read.state.parties, language))


def marks_of(parties: Mapping[Any, Party], language: Language) -> dict[UUID, Sequence[str]]:
    """What may tell a party apart, the plainest first: side, end of the telephone number, address."""
    return {id: tuple(_marks(party, language)) for id, party in parties.items()}


def _marks(party: Party, language: Language) -> Iterator[str]:
    details = party.details
    yield enum_word(language, party.side)
    yield "" if details.phone in NOBODY or MASK in details.phone else f"…{details.phone[-TAIL:]}"
    yield "" if details.address in NOBODY else details.address
