"""What a field is stands at the field; what nobody marked is withheld, masked and not correctable."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import pytest
from annotated_types import Len
from hypothesis import given
from hypothesis import strategies as st
from pydantic import create_model

from api.web.fields import fields
from api.web.sentences import NO_NAMES, told, yuan
from application.case.disclosure.masks import MASK, masked
from application.case.disclosure.parts import Part
from application.case.disclosure.silence import NotHandedOver, silent
from application.case.disclosure.slices import _Line, _shown
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.record.plain_texts import plain_fields
from domain.case.record.rewriting import correctable_fields
from domain.shared.decider import Entry, Stamp
from domain.shared.marks import Correctable, Framed, Seen, ids
from domain.shared.slices import Slice
from domain.shared.values import (
    Address,
    AreaId,
    BodyId,
    Composed,
    Fen,
    Line,
    Name,
    Narrative,
    NarrativeId,
    Personal,
    PersonId,
    PersonName,
    Phone,
    Reason,
    Text,
    Value,
)

SECRET = "河边的旧房子"
SOME = UUID(int=7)


class Whereabouts(Value):
    place: Line
    since: date | None = None


class Neighbour(Value):
    """Describes a person, with a field that a newcomer has added."""

    person: PersonId
    name: PersonName = ""
    nickname: Line = ""
    habits: tuple[Line, ...] = ()
    found: Whereabouts | None = None
    trade: Seen[Line] = ""


class Visit(Value):
    body: BodyId


TEXTS: dict[str, tuple[Any, Any]] = {
    "a line": (Line, SECRET),
    "a name": (Name, SECRET),
    "a reason": (Reason, SECRET),
    "a text of another length": (Annotated[str, Len(0, 7_000)], SECRET),
    "a text without a length": (str, SECRET),
    "a text or none": (Text | None, SECRET),
    "lines": (tuple[Line, ...], (SECRET,)),
    "a value with a line": (Whereabouts | None, Whereabouts(place=SECRET)),
    "values with lines": (tuple[Whereabouts, ...], (Whereabouts(place=SECRET),)),
    "a value that must be given": (Whereabouts, Whereabouts(place=SECRET)),
    "lines by number": (dict[int, Line], {1: SECRET}),
    "a set of lines": (frozenset[Line], frozenset({SECRET})),
    "values by number": (dict[int, tuple[Whereabouts, ...]], {1: (Whereabouts(place=SECRET),)}),
    "a narrative": (Narrative, Narrative(id=NarrativeId(SOME), text=SECRET)),
    "a person's name": (PersonName, SECRET),
    "a phone": (Phone, SECRET),
    "an address": (Address, SECRET),
    "a kind of person's field that is new": (Annotated[str, Len(0, 30), Personal("nickname")], SECRET),  # type: ignore[arg-type]
}
PERSONAL = [one for one in TEXTS if one in ("a phone", "an address", "a kind of person's field that is new")]


class Happened(CaseEvent):
    """Of a case that every reader sees, with a field that a newcomer is about to add."""

    name: ClassVar = "case.happened"
    framed: ClassVar = True
    code: Framed[Composed] = ""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


def with_field(hint: Any, value: Any) -> Any:
    made: Any = create_model("Added", __base__=Happened, __module__=__name__, added=(hint, ...))
    return made(added=value, code="(2026)1")


@given(st.sampled_from(sorted(TEXTS)))
def test_a_text_that_nobody_marked_is_not_handed_over(kind):
    event = with_field(*TEXTS[kind])

    seen = shown(event)

    assert SECRET not in str(seen)
    assert isinstance(seen, NotHandedOver) or seen.code == "(2026)1"


def shown(event: Any) -> Any:
    """As a receiver reads it to whom nothing of it was handed over."""
    stamp = Stamp(uuid4(), BodyId(uuid4()), datetime.now(UTC), None, uuid4(), uuid4(), None)
    entry: Entry[Any] = Entry(uuid4(), uuid4(), 1, 1, datetime.now(UTC), event, stamp)
    nothing = Slice(parties=(PersonId(uuid4()),), facts=False, amount=False)
    return _shown(_Line(entry, entry), Part(BodyId(uuid4()), nothing, {}), {}).event


def test_what_is_marked_as_part_of_the_frame_is_seen():
    assert silent(with_field(Framed[Line], SECRET)).added == SECRET


FRAMED_VALUES: dict[str, tuple[Any, Any]] = {
    "a value": (Framed[Whereabouts], Whereabouts(place=SECRET, since=date(2026, 3, 1))),
    "a value or none": (Framed[Whereabouts | None], Whereabouts(place=SECRET, since=date(2026, 3, 1))),
    "values": (Framed[tuple[Whereabouts, ...]], (Whereabouts(place=SECRET, since=date(2026, 3, 1)),)),
    "values by number": (
        Framed[dict[int, tuple[Whereabouts, ...]]],
        {1: (Whereabouts(place=SECRET, since=date(2026, 3, 1)),)},
    ),
}


@pytest.mark.parametrize("kind", sorted(FRAMED_VALUES))
def test_of_a_value_in_the_frame_words_are_seen_only_where_they_are_marked_too(kind):
    seen = shown(with_field(*FRAMED_VALUES[kind]))

    assert SECRET not in str(seen)
    assert "datetime.date(2026, 3, 1)" in repr(seen.added)


def test_an_entry_is_withheld_whose_framed_value_can_be_neither_shown_nor_emptied():
    class Story(Value):
        within: Whereabouts

    inner = with_field(Framed[tuple[Story, ...]], (Story(within=Whereabouts(place=SECRET)),))

    assert isinstance(shown(inner), NotHandedOver)


@given(st.sampled_from(sorted({*TEXTS})), st.booleans())
def test_a_field_is_correctable_only_where_that_was_said(kind, said):
    hint, value = TEXTS[kind]

    event = with_field(Correctable[hint] if said else hint, value)

    assert ("added" in correctable_fields(type(event))) is said


@pytest.mark.parametrize("kind", PERSONAL)
def test_what_describes_a_person_is_masked_for_whoever_only_looks(kind):
    event = with_field(*TEXTS[kind])

    assert SECRET not in str(masked({"of": [event]}))
    assert masked(event).added == MASK


@pytest.mark.parametrize("around", [lambda one: one, lambda one: (one,), lambda one: [{1: frozenset({one})}]])
def test_every_text_about_a_person_is_masked_but_names_and_what_is_marked_as_seen(around):
    told = Neighbour(
        person=PersonId(SOME),
        name="王五",
        nickname=SECRET,
        habits=(SECRET,),
        found=Whereabouts(place=SECRET, since=date(2026, 3, 1)),
        trade="木匠",
    )

    seen = str(masked(around(told)))

    assert SECRET not in seen
    assert [one in seen for one in ("王五", "木匠", "2026, 3, 1")] == [True, True, True]


@given(st.sampled_from([Fen, Fen | None, Correctable[Fen], Framed[Correctable[Fen]]]), st.integers(1, 10**12))
def test_money_is_shown_in_yuan_whatever_its_field_is_called(hint, fen):
    event = with_field(hint, fen)
    command: Any = create_model("Ask", __base__=Value, __module__=__name__, claim=(hint, ...))

    assert told(event, "added", NO_NAMES, "zh") == yuan(fen)
    assert [one.kind for one in fields(command)] == ["money"]


def test_several_sums_are_shown_as_sums():
    assert (
        told(
            with_field(tuple[Fen, ...], (100, 250)),
            "added",
            NO_NAMES,
            "zh",
        )
        == "1 元、2.50 元"
    )


@given(st.integers(10**13, 10**14))
def test_a_number_that_is_no_money_is_not_divided(number):
    assert told(with_field(int, number), "added", NO_NAMES, "zh") == str(number)


@pytest.mark.parametrize(
    ("hint", "value", "found"),
    [
        (BodyId, SOME, {SOME}),
        (BodyId | None, None, set()),
        (tuple[BodyId, ...], (SOME,), {SOME}),
        (frozenset[BodyId], frozenset({SOME}), {SOME}),
        (dict[BodyId, str], {SOME: "甲"}, {SOME}),
        (dict[str, tuple[BodyId, ...]], {"甲": (SOME,)}, {SOME}),
        (Visit, Visit(body=BodyId(SOME)), {SOME}),
        (Visit | None, Visit(body=BodyId(SOME)), {SOME}),
        (tuple[Visit, ...], (Visit(body=BodyId(SOME)),), {SOME}),
        (AreaId, SOME, set()),
        (UUID, SOME, set()),
    ],
)
def test_every_id_of_a_body_is_looked_up_wherever_it_stands(hint, value, found):
    assert set(ids(with_field(hint, value), BodyId)) == found


@pytest.mark.parametrize("kind", ["a line", "a name", "a reason", "a text or none", "lines"])
def test_a_plain_text_is_looked_through_for_names_of_parties(kind):
    assert "added" in plain_fields(type(with_field(*TEXTS[kind])))
