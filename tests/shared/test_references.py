"""What a value points at is found wherever it is marked: alone, optional, in a tuple."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.case.lists import COMMANDS, EVENTS
from domain.shared.references import MediationNumber, MediatorRef, PartyRef, reference_fields, references
from domain.shared.values import PersonId, Value

IDS = st.uuids().map(PersonId)


class Pointing(Value):
    one: PartyRef
    perhaps: MediatorRef | None = None
    many: tuple[PartyRef, ...] = ()
    mediation: MediationNumber | None = None
    nobody: UUID | None = None


def test_fields_are_found_with_their_kind():
    fields = dict(reference_fields(Pointing))

    assert fields == {"one": "party", "perhaps": "mediator", "many": "party", "mediation": "mediation"}


@given(IDS, st.none() | IDS, st.lists(IDS).map(tuple), st.none() | st.integers(1, 9))
def test_all_of_them_and_nothing_else_is_pointed_at(one, perhaps, many, mediation):
    value = Pointing(one=one, perhaps=perhaps, many=many, mediation=mediation, nobody=one)

    found = list(references(value))

    assert [id for field, _, id in found if field == "many"] == list(many)
    assert len(found) == 1 + len(many) + sum(given is not None for given in (perhaps, mediation))


def test_every_party_mediator_and_mediation_that_a_case_names_is_marked():
    named = {"party": "party", "mediation": "mediation", "session": "session", "obligation": "obligation"}

    for one in (*COMMANDS, *EVENTS):
        marked = dict(reference_fields(one))
        plain = {name for name, field in one.model_fields.items() if field.annotation in {PersonId, int}}
        assert not [name for name in plain & set(named) if marked.get(name) != named[name]]
