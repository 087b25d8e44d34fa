"""不加密的文字 Short texts of a case that are stored as they were written: they name none of its parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from domain.case.case import DisputeCase
from domain.case.kinds import PartyKind
from domain.case.people import PartyDetails
from domain.shared.errors import Refused
from domain.shared.marks import free_texts, of_officials
from domain.shared.normal_forms import Sought, names_in_texts, numbers_in_texts
from domain.shared.shapes import placed
from domain.shared.texts import parts, personal_fields
from domain.shared.values import Value


class NamedInPlain(Refused):
    """These texts are not encrypted, and hold a party's name or number: that is written where a story is told."""


def refuse_named(case: DisputeCase, events: Iterable[Value]) -> None:
    """Raises NamedInPlain."""
    known = list(events)
    if not (texts := [one for event in known for one in plain_texts(event)]):
        return
    details = [party.details for party in case.parties.values()]
    sought = _telling([*details, *(one for event in known for one in parts(event))])
    if fields := sorted({name for name, text in texts if sought.named_in(text)}):
        raise NamedInPlain(fields=fields)


def plain_texts(value: Value) -> Iterator[tuple[str, str]]:
    """What people wrote freely into fields that are not encrypted, by the field's name."""
    for part in parts(value):
        for name in plain_fields(type(part)):
            yield from ((name, text) for text, _ in placed(getattr(part, name)) if text)


@cache
def plain_fields(cls: type[Value]) -> tuple[str, ...]:
    """In the order of the class."""
    said = free_texts(cls) - set(personal_fields(cls)) - of_officials(cls)
    return tuple(name for name in cls.model_fields if name in said)


def _telling(values: Iterable[Value]) -> Sought:
    """By which somebody is known at once. The name of an organisation is no secret; an address is also a place."""
    described = [one for one in values if "person" in type(one).model_fields and personal_fields(type(one))]
    names = (getattr(one, "name", "") for one in described if _is_a_person(one))
    numbers = (getattr(one, name, "") for one in described for name in ("phone", "identity_number"))
    return Sought(names_in_texts(names), frozenset(form for one in numbers for form in numbers_in_texts(one)))


def _is_a_person(one: Value) -> bool:
    return not isinstance(one, PartyDetails) or one.kind is PartyKind.PERSON
