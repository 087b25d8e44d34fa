"""What a field may be made of: whatever people tell is checked, and whatever holds it is walked by all who hide."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from annotated_types import Len
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import create_model

import domain
from application.case.disclosure.masks import MASK, masked
from domain.case.people import NewParty, PartyDetails
from domain.case.record.correction import CorrectEntry
from domain.shared.decider import Command, Event
from domain.shared.shapes import made_of, placed, rebuilt, shape_faults
from domain.shared.texts import narratives, persons
from domain.shared.values import Composed, Line, Narrative, NarrativeId, PersonId, Sha256, Value
from infrastructure.ledger.bulk_rows import Randomness, _Sealing, told_of
from infrastructure.privacy.cipher import PersonalCipher, Place, owners

for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)

EXEMPT = {
    (CorrectEntry, "changes"): "each change is read by the type of the field that it corrects, in `rewritten`",
}


def below(base: type[Any]) -> set[type[Any]]:
    return {one for child in base.__subclasses__() for one in (child, *below(child)) if is_ours(one)}


def is_ours(cls: type[Any]) -> bool:
    """Tests have classes of their own."""
    return cls.__module__.startswith("domain.") and "[" not in cls.__name__


TOLD = {one for command in below(Command) for one in made_of(command)}
RECORDED = {one for event in below(Event) for one in made_of(event)}


@pytest.mark.parametrize("told", [True, False], ids=["in commands", "in events"])
def test_every_text_is_checked_and_every_shape_is_walked(told):
    asked = sorted(TOLD if told else RECORDED, key=lambda one: (one.__module__, one.__name__))

    faults = [(cls, fault) for cls in asked for fault in shape_faults(cls, told=told)]

    excused = {f"{cls.__name__}.{name}" for cls, name in EXEMPT}
    assert not [fault for _, fault in faults if fault.partition(":")[0] not in excused]


def test_what_is_exempt_needs_it():
    faults = {fault.partition(":")[0] for cls, _ in EXEMPT for fault in shape_faults(cls, told=True)}

    assert faults == {f"{cls.__name__}.{name}" for cls, name in EXEMPT}


BARE = {
    "a text": str,
    "a text or none": str | None,
    "texts": tuple[str, ...],
    "a set of texts": frozenset[str],
    "texts by number": dict[int, str],
    "a text that is only short": Annotated[str, Len(0, 30)],
    "lines under a text": dict[Line, int],
    "what a generator gives": Any,
    "bytes": bytes,
    "a text that is said to be the system's": Composed,
}


@pytest.mark.parametrize("kind", sorted(BARE))
@pytest.mark.parametrize("base", [NewParty, PartyDetails])
def test_a_field_that_nobody_checks_is_named(kind, base):
    made: Any = create_model("Added", __base__=base, __module__=__name__, nickname=(BARE[kind], ...))

    assert [one.partition(":")[0] for one in shape_faults(made, told=base is NewParty)] == ["Added.nickname"]


@pytest.mark.parametrize("hint", [Line, Line | None, tuple[Line, ...], dict[UUID, Line], Sha256, date, Narrative])
def test_a_field_that_is_checked_is_not_named(hint):
    made: Any = create_model("Added", __base__=NewParty, __module__=__name__, nickname=(hint, ...))

    assert not shape_faults(made, told=True)


class Neighbourhood(Value):
    """Whatever a newcomer might put people into."""

    first: PartyDetails | None = None
    nested: tuple[tuple[PartyDetails, ...], ...] = ()
    listed: list[PartyDetails] = []  # noqa: RUF012  # a field of a value, copied by pydantic
    together: frozenset[PartyDetails] = frozenset()
    by_number: dict[int, tuple[PartyDetails, ...]] = {}  # noqa: RUF012
    told: dict[UUID, Narrative] = {}  # noqa: RUF012


def someone() -> PartyDetails:
    return PartyDetails(person=PersonId(uuid4()), name="王五", phone="13800000000")


def neighbours() -> Neighbourhood:
    narrative = Narrative(id=NarrativeId(uuid4()), text="他搬走了")
    return Neighbourhood(
        first=someone(),
        nested=((someone(),), (someone(), someone())),
        listed=[someone()],
        together=frozenset({someone(), someone()}),
        by_number={1: (someone(),), 2: (someone(),)},
        told={uuid4(): narrative},
    )


def test_people_are_found_masked_and_encrypted_in_whatever_holds_them():
    value = neighbours()

    assert len({person for person, _ in persons(value)}) == 9
    assert len(list(narratives(value))) == 1
    assert len(set(owners(value))) == len({*told_of(value)}) == 10
    assert "13800000000" not in str(masked(value))
    assert str(masked(value)).count(MASK) == 9


class Keys:
    """The keys of a vault that nothing is written to."""

    def __init__(self) -> None:
        self._known = defaultdict[UUID, AESGCM](lambda: AESGCM(AESGCM.generate_key(256)))

    def key(self, owner: UUID) -> AESGCM:
        return self._known[owner]

    def keys(self, owners: dict[UUID, str]) -> dict[str, AESGCM]:
        return {text: self._known[owner] for owner, text in owners.items()}


def test_whatever_holds_people_is_stored_as_ciphers_and_read_back_in_its_place():
    vault: Any = Keys()
    cipher, value = PersonalCipher(vault, b"0" * 32), neighbours()
    place = Place(uuid4(), uuid4(), 1, uuid4())
    content = value.model_dump(mode="json")
    told = str(content)

    cipher.seal(value, content, place)
    stored = str(content)
    cipher.open([(content, place)])

    assert not [text for text in ("王五", "13800000000", "他搬走了") if text in stored]
    assert str(content) == told


def test_a_page_of_the_import_stores_them_as_one_event_does():
    vault: Any = Keys()
    cipher, value = PersonalCipher(vault, b"0" * 32), neighbours()
    keys: Any = {owner: vault.key(owner) for owner in owners(value)}
    place = Place(uuid4(), uuid4(), 1, uuid4())

    sealed = _Sealing(cipher, keys, Randomness(datetime.now(UTC), 1, 20)).sealed(
        value, place.bind("", "")[:-1].decode()
    )
    content = json.loads(sealed.__pydantic_serializer__.to_json(sealed, warnings=False))
    stored = str(content)
    cipher.open([(content, place)])

    assert not [text for text in ("王五", "13800000000", "他搬走了") if text in stored]
    assert Neighbourhood.model_validate(content) == value


def test_the_same_containers_stand_around_what_is_changed():
    held = {1: (1, [2, frozenset({3})]), 2: ()}

    assert rebuilt(held, lambda one, _: one + 1) == {1: (2, [3, frozenset({4})]), 2: ()}
    assert list(placed(held, "/a")) == [(1, "/a/1/0"), (2, "/a/1/1/0"), (3, "/a/1/1/1/0")]
