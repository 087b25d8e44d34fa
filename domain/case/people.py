"""Who takes part, as recorded: everything personal stands beside the id of its person."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo, field_validator

from domain.case.kinds import Capacity, ParticipantRole, PartyKind, Side
from domain.shared import identity_numbers, phones
from domain.shared.marks import Framed
from domain.shared.told_numbers import refuse_fault
from domain.shared.values import Address, Count, IdentityNumber, PersonId, PersonName, Phone, Value


def _plausible(phone: str, info: ValidationInfo) -> str:
    refuse_fault("phone", phones.fault_of(phone), info)
    return phone


def _of_anybody(number: str, info: ValidationInfo) -> str:
    """Where it is not known yet whether a person has it or an organisation."""
    if identity_numbers.fault_of(number, organisation=True):
        refuse_fault("identity_number", identity_numbers.fault_of(number), info)
    return number


ToldPhone = Annotated[Phone, AfterValidator(_plausible)]
"""In a command. What is recorded has no such check: a rule that came later does not make it unreadable."""
ToldIdentityNumber = Annotated[IdentityNumber, AfterValidator(_of_anybody)]


class PartyDetails(Value):
    person: Framed[PersonId]
    kind: Framed[PartyKind] = PartyKind.PERSON
    name: PersonName
    phone: Phone = ""
    address: Address = ""
    identity_number: IdentityNumber = ""
    head_count: Framed[Count] = 1


class NewParty(Value):
    """当事人: a person, an organisation, or a group with a head count."""

    side: Side
    name: PersonName
    kind: PartyKind = PartyKind.PERSON
    phone: ToldPhone = ""
    address: Address = ""
    identity_number: IdentityNumber = ""
    head_count: Count = 1

    @field_validator("identity_number")
    @classmethod
    def _of_its_kind(cls, number: str, info: ValidationInfo) -> str:
        organisation = info.data.get("kind") is PartyKind.ORGANISATION
        refuse_fault("identity_number", identity_numbers.fault_of(number, organisation=organisation), info)
        return number

    def details(self, person: PersonId) -> PartyDetails:
        return PartyDetails(person=person, **self.model_dump(exclude={"side"}))


class Representative(Value):
    person: PersonId
    name: PersonName
    phone: Phone = ""
    capacity: Capacity


class Participant(Value):
    """A relative, neighbour, expert or official who takes part and signs nothing."""

    person: PersonId
    name: PersonName
    role: ParticipantRole
