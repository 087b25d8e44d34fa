"""当事人 Parties: added, corrected, represented, withdrawn; told of their rights, their identity checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar

from annotated_types import Len

from domain.case.case import DisputeCase, Empowered, Party
from domain.case.commands import UNTIL_CLOSED, WHILE_KEPT, CaseCommand, CaseEvent, with_what_follows
from domain.case.kinds import Capacity, PartyKind, Side
from domain.case.laws import RIGHTS
from domain.case.mediating.consent_outcomes import MediationConsented, all_consented
from domain.case.mediations import Stage
from domain.case.people import NewParty, PartyDetails, Representative, ToldIdentityNumber, ToldPhone
from domain.case.record import old_consents
from domain.shared.calendar import local_day
from domain.shared.errors import Conflict, Refused
from domain.shared.identity_numbers import birthday, fault_of
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef, WillingParty
from domain.shared.values import (
    Address,
    Count,
    Form,
    Line,
    Narrative,
    PersonId,
    PersonName,
    Sha256,
    Text,
)

Parties = Annotated[tuple[PartyRef, ...], Len(1, 100)]
WillingParties = Annotated[tuple[WillingParty, ...], Len(1, 100)]


class LastOfTheSide(Conflict):
    """The only applicant or respondent cannot leave a case with a mediation going on: end the mediation."""


class AgreementStands(Conflict):
    """An agreement was reached with this party: it signs, or the mediation is ended."""


class UnfitIdentityNumber(Refused):
    """This cannot be the identity number of a person, or of an organisation if it is one: look at the paper again."""


class BornLater(Refused):
    """The identity number tells a birthday that is still to come."""


class AddParty(CaseCommand, NewParty):
    """添加当事人"""

    allowed_in = UNTIL_CLOSED

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return parties_added((NewParty.model_validate(self.model_dump(include=set(NewParty.model_fields))),), on)


class PartyAdded(CaseEvent):
    name: ClassVar = "case.party_added"
    of = (AddParty,)
    side: Framed[Correctable[Side]]
    party: PartyDetails

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        party = Party(side=self.side, details=self.party)
        return case.but(parties={**case.parties, self.party.person: party})


def parties_added(parties: Iterable[NewParty], on: Occasion) -> tuple[PartyAdded, ...]:
    added = [PartyAdded(side=one.side, party=one.details(on.person(index))) for index, one in enumerate(parties)]
    for each in added:
        refuse_identity_number(each.party, on)
    return tuple(added)


def refuse_identity_number(details: PartyDetails, on: Occasion) -> None:
    """Raises UnfitIdentityNumber, BornLater."""
    number = details.identity_number
    if fault := fault_of(number, organisation=details.kind is PartyKind.ORGANISATION):
        raise UnfitIdentityNumber(field="identity_number", fault=fault)
    if (born := birthday(number)) and born > local_day(on.now):
        raise BornLater(field="identity_number")


class NothingToCorrect(Refused):
    """The party is known by just that already."""


class CorrectParty(CaseCommand):
    """更正当事人信息"""

    allowed_in = WHILE_KEPT
    party: PartyRef
    name: PersonName | None = None
    phone: ToldPhone | None = None
    address: Address | None = None
    identity_number: ToldIdentityNumber | None = None
    head_count: Count | None = None
    reason: Line = ""

    @property
    def changes(self) -> dict[str, Any]:
        """What is told anew of the party."""
        fields = ("name", "phone", "address", "identity_number", "head_count")
        return {name: value for name in fields if (value := getattr(self, name)) is not None}

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        known = case.parties[self.party].details
        details = known.but(**self.changes)
        if details == known:
            raise NothingToCorrect(party=self.party)
        if self.identity_number is not None:
            refuse_identity_number(details, on)
        return (PartyCorrected(party=details, reason=self.reason),)


class PartyCorrected(CaseEvent):
    name: ClassVar = "case.party_corrected"
    of = (CorrectParty,)
    party: PartyDetails
    reason: Correctable[Line]

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.party.person in state.parties

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_party(self.party.person, details=self.party)


class RepresentParty(CaseCommand):
    """登记代理人(代表人)"""

    allowed_in = UNTIL_CLOSED
    party: PartyRef
    name: PersonName
    phone: ToldPhone = ""
    capacity: Capacity = Capacity.ENTRUSTED
    authorisation: Sha256 | None = None
    """The paper that empowers them: without it they sign and consent to nothing."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        representative = Representative(person=on.person(), name=self.name, phone=self.phone, capacity=self.capacity)
        empowered = PartyRepresented(
            party=self.party, representative=representative, authorisation=self.authorisation, empowers=True
        )
        return (empowered,)


class PartyRepresented(CaseEvent):
    name: ClassVar = "case.party_represented"
    of = (RepresentParty,)
    party: PartyRef
    representative: Representative
    authorisation: Sha256 | None = None
    empowers: bool = False
    """False: of an entry that is older than this."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.empowers:
            person, capacity = self.representative.person, self.representative.capacity
            empowered = Empowered(capacity=capacity, on_paper=self.authorisation is not None)
            others = case.parties[self.party].representatives
            return case.with_party(self.party, represented_by=person, representatives={**others, person: empowered})
        return case.with_party(self.party, represented_by=self.representative.person)


class WithdrawParty(CaseCommand):
    """当事人退出"""

    allowed_in = UNTIL_CLOSED
    party: WillingParty
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_leaving(case, self.party)
        withdrew = PartyWithdrew(party=self.party, reason=on.narrative(self.reason))
        return with_what_follows(withdrew, case, on.occurred_at)


def refuse_leaving(case: DisputeCase, party: PersonId) -> None:
    """Raises AgreementStands, LastOfTheSide."""
    if not (active := case.active_mediation):
        return
    if active.stage is Stage.AGREED:
        raise AgreementStands(mediation=active.number)
    side = case.parties[party].side
    remaining = {case.parties[id].side for id in case.present_parties - {party}}
    if side is not Side.THIRD and side not in remaining:
        raise LastOfTheSide(side=side)


class PartyWithdrew(CaseEvent):
    name: ClassVar = "case.party_withdrew"
    schema_version: ClassVar = 2
    framed: ClassVar = True
    of = (WithdrawParty,)
    party: Framed[PartyRef]
    reason: Correctable[Narrative]
    moves_stage: Framed[bool] = False
    """Only of entries that are older than their consequences: those are read by the rule of then."""

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        try:
            refuse_leaving(case, self.party)
        except Conflict:
            return False
        return True

    def followed_by(self, case: DisputeCase, at: datetime) -> MediationConsented | None:
        """Where it was the only one to be waited for, all who stay have consented."""
        if self.moves_stage or not (active := case.active_mediation):
            return None
        return all_consented(active, case.present_parties - {self.party}, active.consents, at)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        left = case.with_party(self.party, withdrawn=True)
        return old_consents.once_all_consent(left, at) if self.moves_stage else left


class TellRights(CaseCommand):
    """告知权利义务"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    parties: Parties
    form: Form = Form.WRITTEN

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (RightsTold(parties=self.parties, form=self.form),)


class RightsTold(CaseEvent):
    name: ClassVar = "case.rights_told"
    of = (TellRights,)
    parties: tuple[PartyRef, ...]
    form: Correctable[Form]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        for party in self.parties:
            case = case.with_party(party, rights_told=True)
        return case


class CheckIdentity(CaseCommand):
    """核对身份"""

    allowed_in = UNTIL_CLOSED
    party: PartyRef
    document: Line = "居民身份证"

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (IdentityChecked(party=self.party, document=self.document),)


class IdentityChecked(CaseEvent):
    name: ClassVar = "case.identity_checked"
    of = (CheckIdentity,)
    party: PartyRef
    document: Correctable[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_party(self.party, identity_checked=True)
