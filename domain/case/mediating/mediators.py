"""调解员与参与人 Mediators: proposed, accepted by the parties, recused, replaced; and those who help."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.kinds import ParticipantRole
from domain.case.laws import CHOICE_OF_MEDIATORS, PARTICIPANTS, RECUSAL
from domain.case.mediating.consent import ConsentGiven, ToMediator, ToParticipant
from domain.case.mediating.unanimous import consents_of_all
from domain.case.mediations import ACTIVE, BEFORE_AGREEMENT, Mediation, Mediator
from domain.case.opening.parties import WillingParties
from domain.case.people import Participant
from domain.shared.errors import Conflict, Refused
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import MediatorRef, PartyRef, WillingParty
from domain.shared.states import without
from domain.shared.values import Form, OfficerId, PersonName, Text


class MediatorNotAMember(Refused):
    """Only members of the mediating body mediate for it."""


class WasRecused(Conflict):
    """Whoever was recused does not mediate this dispute."""


class AlreadyProposed(Conflict):
    """The mediator is proposed already."""


class ProposeMediator(MediationCommand):
    """指定(推选)调解员"""

    allowed_in = BEFORE_AGREEMENT
    rule = CHOICE_OF_MEDIATORS
    mediator: OfficerId
    chosen_by_parties: bool = False

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        mediation = case.mediation(self.mediation)
        refuse_unfit(mediation, self.mediator, on)
        return (
            MediatorProposed(
                mediation=self.mediation, mediator=self.mediator, chosen_by_parties=self.chosen_by_parties
            ),
        )


def refuse_unfit(mediation: Mediation, mediator: OfficerId, on: Occasion) -> None:
    refuse_taken(mediation, mediator)
    if mediator not in on.body.members:
        raise MediatorNotAMember(mediator=mediator, body=on.body.id)


def refuse_taken(mediation: Mediation, mediator: OfficerId) -> None:
    if mediator in mediation.recused:
        raise WasRecused(mediator=mediator)
    if mediator in mediation.mediators:
        raise AlreadyProposed(mediator=mediator)


def is_free(mediation: Mediation, mediator: OfficerId) -> bool:
    return mediator not in mediation.recused and mediator not in mediation.mediators


class MediatorProposed(MediationEvent):
    """The moment of assignment."""

    name: ClassVar = "case.mediator_proposed"
    of = (ProposeMediator,)
    mediator: OfficerId
    chosen_by_parties: Correctable[bool]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return is_free(case.mediation(self.mediation), self.mediator)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediators = case.mediations[self.mediation].mediators
        return case.with_mediation(self.mediation, mediators={**mediators, self.mediator: Mediator()})


class AcceptMediator(MediationCommand):
    """当事人接受调解员"""

    allowed_in = ACTIVE
    rule = CHOICE_OF_MEDIATORS
    mediator: MediatorRef
    parties: WillingParties
    form: Form = Form.ORAL

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        subject = ToMediator(mediation=self.mediation, mediator=self.mediator)
        return tuple(ConsentGiven(party=party, subject=subject, form=self.form) for party in self.parties)


class AcknowledgeAssignment(MediationCommand):
    """调解员签收"""

    allowed_in = BEFORE_AGREEMENT
    mediator: MediatorRef

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (AssignmentAcknowledged(mediation=self.mediation, mediator=self.mediator),)


class AssignmentAcknowledged(MediationEvent):
    name: ClassVar = "case.assignment_acknowledged"
    of = (AcknowledgeAssignment,)
    mediator: MediatorRef

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediators = case.mediations[self.mediation].mediators
        known = mediators[self.mediator].but(acknowledged=True)
        return case.with_mediation(self.mediation, mediators={**mediators, self.mediator: known})


class RecuseMediator(MediationCommand):
    """调解员回避"""

    allowed_in = BEFORE_AGREEMENT
    rule = RECUSAL
    mediator: MediatorRef
    requested_by: WillingParty | None = None
    """None: the mediator withdrew without being asked."""
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (
            MediatorRecused(
                mediation=self.mediation,
                mediator=self.mediator,
                requested_by=self.requested_by,
                reason=self.reason,
            ),
        )


class MediatorRecused(MediationEvent):
    name: ClassVar = "case.mediator_recused"
    of = (RecuseMediator,)
    mediator: MediatorRef
    requested_by: Correctable[PartyRef | None]
    reason: Correctable[Text]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediation = case.mediations[self.mediation]
        staying = without(mediation.mediators, self.mediator)
        return case.with_mediation(self.mediation, mediators=staying, recused=mediation.recused | {self.mediator})


class ReplaceMediator(MediationCommand):
    """更换调解员"""

    allowed_in = BEFORE_AGREEMENT
    rule = CHOICE_OF_MEDIATORS
    mediator: MediatorRef
    successor: OfficerId
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        mediation = case.mediation(self.mediation)
        refuse_unfit(mediation, self.successor, on)
        return (
            MediatorReplaced(
                mediation=self.mediation,
                mediator=self.mediator,
                successor=self.successor,
                reason=self.reason,
            ),
        )


class MediatorReplaced(MediationEvent):
    """The successor is accepted by the parties anew."""

    name: ClassVar = "case.mediator_replaced"
    of = (ReplaceMediator,)
    mediator: MediatorRef
    successor: OfficerId
    reason: Correctable[Text]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return is_free(case.mediation(self.mediation), self.successor)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediators = case.mediations[self.mediation].mediators
        staying = without(mediators, self.mediator)
        return case.with_mediation(self.mediation, mediators={**staying, self.successor: Mediator()})


class JoinParticipant(MediationCommand):
    """邀请参与调解"""

    allowed_in = BEFORE_AGREEMENT
    rule = PARTICIPANTS
    name: PersonName
    role: ParticipantRole = ParticipantRole.RELATIVE
    consented: WillingParties
    form: Form = Form.ORAL

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        participant = Participant(person=on.person(), name=self.name, role=self.role)
        subject = ToParticipant(mediation=self.mediation, participant=participant.person)
        consents = consents_of_all(case, frozenset(self.consented), subject, self.form)
        return (*consents, ParticipantJoined(mediation=self.mediation, participant=participant))


class ParticipantJoined(MediationEvent):
    name: ClassVar = "case.participant_joined"
    of = (JoinParticipant,)
    participant: Participant

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        known = case.mediations[self.mediation].participants
        return case.with_mediation(self.mediation, participants=known | {self.participant.person})
