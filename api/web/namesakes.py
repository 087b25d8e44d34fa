"""同名 Two people of one name in a case: wherever one is chosen or told of, a word beside the name tells which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from api.labels import Language
from api.web.sentences import enum_word
from application.case.disclosure.masks import MASK
from application.case.page import CasePage
from domain.case.case import Party
from domain.shared.normal_forms import name_form
from domain.shared.values import ERASED

TAIL = 4
NOBODY = frozenset({"", MASK, ERASED})


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


def told_apart(names: Mapping[UUID, str], marks: Mapping[UUID, Sequence[str]]) -> Mapping[UUID, str]:
    """With a mark behind a name that another one has too, however it is typed: the first that tells them all apart,
    as far as the reader reads it; or else a number, in their order."""
    alike = defaultdict[str, list[UUID]](list)
    for id, name in names.items():
        if name not in NOBODY:
            alike[name_form(name)].append(id)
    apart = dict(one for ids in alike.values() if len(ids) > 1 for one in _apart(ids, marks))
    return {id: f"{name}（{apart[id]}）" if id in apart else name for id, name in names.items()}


def _apart(ids: Sequence[UUID], marks: Mapping[UUID, Sequence[str]]) -> Iterator[tuple[UUID, str]]:
    for by in zip(*(marks.get(id, ("", "", "")) for id in ids), strict=True):
        if "" not in by and len(set(by)) == len(ids):
            yield from zip(ids, by, strict=True)
            return
    yield from ((id, str(number)) for number, id in enumerate(ids, 1))
