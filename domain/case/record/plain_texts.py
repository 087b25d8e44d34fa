"""不加密的文字 Short texts of a case that are stored as they were written: they name none of its parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from domain.case.case import DisputeCase
from domain.case.kinds import PartyKind
from domain.case.people import PartyDetails
from domain.shared.errors import Refused
from domain.shared.marks import free_texts, of_officials
from domain.shared.texts import SHORTEST, parts, personal_fields
from domain.shared.values import ERASED, Value

SHORTEST_NUMBER = 6
"""Characters of a number that is looked for: a shorter one stands in many others."""


class NamedInPlain(Refused):
    """These texts are not encrypted, and hold a party's name or number: that is written where a story is told."""


def refuse_named(case: DisputeCase, events: Iterable[Value]) -> None:
    """Raises NamedInPlain."""
    known = list(events)
    if not (texts := [one for event in known for one in plain_texts(event)]):
        return
    told = {*_of_parties(case), *(text for event in known for one in parts(event) for text in _telling(one))}
    if fields := sorted({name for name, text in texts if any(one in text for one in told)}):
        raise NamedInPlain(fields=fields)


def plain_texts(value: Value) -> Iterator[tuple[str, str]]:
    """What people wrote freely into fields that are not encrypted, by the field's name."""
    for part in parts(value):
        for name in plain_fields(type(part)):
            if text := getattr(part, name):
                yield name, text


@cache
def plain_fields(cls: type[Value]) -> tuple[str, ...]:
    """In the order of the class."""
    said = free_texts(cls) - set(personal_fields(cls)) - of_officials(cls)
    return tuple(name for name in cls.model_fields if name in said)


def _of_parties(case: DisputeCase) -> Iterator[str]:
    for party in case.parties.values():
        yield from _telling(party.details)


def _telling(one: Value) -> Iterator[str]:
    """By which somebody is known at once. The name of an organisation is no secret; an address is also a place."""
    if "person" not in type(one).model_fields or not personal_fields(type(one)):
        return
    named = not isinstance(one, PartyDetails) or one.kind is PartyKind.PERSON
    wanted = {"name": SHORTEST if named else 1_000, "phone": SHORTEST_NUMBER, "identity_number": SHORTEST_NUMBER}
    for name, shortest in wanted.items():
        text = getattr(one, name, "")
        if len(text) >= shortest and text != ERASED:
            yield text
