"""Who takes part, as recorded: everything personal stands beside the id of its person."""

from __future__ import annotations

from domain.case.kinds import Capacity, ParticipantRole, PartyKind, Side
from domain.shared.marks import Framed
from domain.shared.values import Address, Count, IdentityNumber, PersonId, PersonName, Phone, Value


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
    phone: Phone = ""
    address: Address = ""
    identity_number: IdentityNumber = ""
    head_count: Count = 1

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
