"""转办 Handing over: what a case records of its referrals; the referral itself has a history of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, ClassVar

from domain.case.beside.holder import MovedBy, moved_to
from domain.case.beside.proceedings import OF_SENDER, refuse_taken
from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseEvent, MediationEvent
from domain.case.kinds import EndGround, Mandate
from domain.case.laws import APPLY_OR_OWN_MOTION
from domain.case.mediating.agreement import AgreementReached
from domain.case.mediating.consent import ConsentGiven, ToDisclosure
from domain.case.mediating.mediation import ended_by
from domain.case.mediating.sessions import SessionHeld
from domain.case.mediations import BEFORE_AGREEMENT, Stage
from domain.case.opening.acceptance import (
    CaseAccepted,
    RefusalStands,
    opened,
    received_at,
    refuse_one_sided,
    refuse_resolved,
)
from domain.case.record.papers import EvidenceFiled, PaperFiled
from domain.shared.decider import History, standing
from domain.shared.errors import Conflict, NotAllowedNow, Refused
from domain.shared.marks import Framed
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.slices import Slice
from domain.shared.states import without
from domain.shared.values import BodyId, Form, PersonId, ReferralId, ReferralKind
from domain.shared.vocabulary import OfferEnding

TOLD = (PaperFiled, EvidenceFiled, SessionHeld, AgreementReached)
"""Entries that a slice may hold; everything else of a case is told by name, or not at all."""
MANDATES = {
    ReferralKind.DELEGATE: Mandate.DELEGATED,
    ReferralKind.ENTRUST: Mandate.ENTRUSTED,
    ReferralKind.TRANSFER: Mandate.TRANSFERRED,
}


class OfferGoesOn(Conflict):
    """An offer that would move the mediation is open already: withdraw or re-route it first."""


class AgreedAlready(Conflict):
    """An agreement was reached: it is signed, or the mediation is ended, before the case is referred."""


class SliceLacks(Refused):
    """The case has no such entry, or it is of a kind that is not handed over."""


class SliceOfOthers(Refused):
    """This was given by a party who does not consent."""


def refuse_offer(case: DisputeCase, moves_mediation: bool) -> None:
    """Raises NotAllowedNow, AlreadyResolved, OfferGoesOn, AgreedAlready: what no content of an offer could mend."""
    if case.status not in UNTIL_CLOSED:
        raise NotAllowedNow("OfferReferral", case.status, sorted(UNTIL_CLOSED))
    if not moves_mediation:
        return
    refuse_resolved(case)
    if going_on := [id for id, moves in case.offers.items() if moves]:
        raise OfferGoesOn(referral=going_on[0])
    active = case.active_mediation
    if active and active.stage is Stage.AGREED:
        raise AgreedAlready(mediation=active.number)
    if case.handed:
        raise OfferGoesOn(referral=sorted(case.handed)[0])


def refuse_slice(history: History[DisputeCase], content: Slice, consented: Collection[PersonId]) -> None:
    """Raises SliceLacks, SliceOfOthers."""
    known = {one.version: one.event for one in standing(history.entries) if isinstance(one.event, TOLD)}
    if lacking := sorted(set(content.entries) - known.keys()):
        raise SliceLacks(entries=lacking)
    given = {version: getattr(known[version], "party", None) for version in content.entries}
    if others := sorted(version for version, party in given.items() if party and party not in consented):
        raise SliceOfOthers(entries=others)


def refuse_refused(case: DisputeCase, receivers: Iterable[BodyFacts]) -> None:
    """Raises RefusalStands where a party has refused mediation in the channel of a receiver."""
    for body in receivers:
        if body.channel and (refused := case.refused_in(body.channel)):
            raise RefusalStands(parties=refused, channel=body.channel, basis=str(APPLY_OR_OWN_MOTION))


def disclosures(case: DisputeCase, parties: Iterable[PersonId], to: Iterable[BodyId], form: Form) -> list[CaseEvent]:
    """The consents that the receivers are told, as far as they are not recorded yet."""
    receivers = list(to)
    return [
        ConsentGiven(party=party, subject=ToDisclosure(body=body), form=form)
        for party in parties
        for body in receivers
        if (party, body) not in case.disclosures
    ]


class CaseOffered(CaseEvent):
    name: ClassVar = "case.offered"
    immutable = True
    referral: ReferralId
    kind: ReferralKind
    to: tuple[BodyId, ...]
    moves_mediation: bool

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return case.status in UNTIL_CLOSED

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(offers={**case.offers, self.referral: self.moves_mediation})


class OfferEnded(CaseEvent):
    """Nobody took it: rejected, objected to, lapsed, withdrawn or re-routed."""

    name: ClassVar = "case.offer_ended"
    immutable = True
    referral: ReferralId
    how: OfferEnding
    bounced: bool

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        left = without(case.offers, self.referral)
        return case.but(offers=left, bounces=case.bounces + self.bounced)


class CaseHandedOver(CaseEvent):
    """A body accepted the offer: it sees what was agreed, and what it records itself."""

    name: ClassVar = "case.handed_over"
    framed: ClassVar = True
    immutable = True
    referral: Framed[ReferralId]
    kind: Framed[ReferralKind]
    to: Framed[BodyId]
    content: Framed[Slice]

    def has_place_in(self, state: DisputeCase) -> bool:
        """Also where one of the parties has left since the offer."""
        return {*self.content.parties, *self.content.contacts} <= state.parties.keys()

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return case.status in UNTIL_CLOSED

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        left = without(case.offers, self.referral)
        return case.but(offers=left, handed=case.handed | {self.referral}, given={**case.given, self.to: self.content})


class JointBodyJoined(MediationEvent):
    """Another body mediates along; number, clock and holder stay the inviter's."""

    name: ClassVar = "case.joint_body_joined"
    immutable = True
    body: BodyId

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        joint = case.mediations[self.mediation].joint | {self.body}
        return case.with_mediation(self.mediation, joint=joint)


def accepted(
    case: DisputeCase, handed: CaseHandedOver, sender: BodyFacts, on: Occasion, **titles: Any
) -> tuple[CaseEvent, ...]:
    """What the case records when the asking body accepts: the old mediation ends, its own opens, and a transferred
    matter is held by it from now on. Raises RefusalStands, BothSidesNeeded, NothingToJoin, AgreedAlready,
    AlreadyResolved, TakenByAnotherOrgan."""
    if handed.kind is ReferralKind.INVITE:
        return handed, _joined(case, on)
    assert on.body.channel
    refuse_resolved(case)
    refuse_refused(case, [on.body])
    mandate = MANDATES[handed.kind]
    lifted = frozenset({OF_SENDER[sender.kind]} if sender.kind in OF_SENDER else ())
    refuse_taken(case, on.body.channel, mandate, lifted)
    refuse_one_sided(case)
    mediation = opened(
        case,
        on.body.channel,
        on,
        mandate=mandate,
        referral=handed.referral,
        sender=sender.id,
        received_at=received_at(case),
        **titles,
    )
    moved = moved_to(case, on.body, MovedBy.REFERRAL, handed.referral, on)
    taken = CaseAccepted(own_motion=False, term_ended=on.body.term_ended, note="")
    moves = (moved,) if handed.kind is ReferralKind.TRANSFER else ()
    return (handed, *passed_on(case, EndGround.REFERRED), *moves, taken, mediation)


def can_be_mediated(case: DisputeCase, body: BodyFacts) -> bool:
    """Whether nobody refuses it in the body's channel, and both sides are known."""
    return not case.missing_sides() and not (body.channel and case.refused_in(body.channel))


def taken_without_mediation(case: DisputeCase, handed: CaseHandedOver, on: Occasion) -> tuple[CaseEvent, ...]:
    """The competent organ takes the matter that the law sends to it, although nobody can be mediated: it deals with it
    by itself, and opens a mediation once the parties want one. Raises AgreedAlready, AlreadyResolved."""
    refuse_resolved(case)
    moved = moved_to(case, on.body, MovedBy.REFERRAL, handed.referral, on)
    return (handed, *passed_on(case, EndGround.REFERRED), moved)


class NothingToJoin(Conflict):
    """There is no active mediation to join."""


def _joined(case: DisputeCase, on: Occasion) -> JointBodyJoined:
    active = case.active_mediation
    if active is None or active.stage not in BEFORE_AGREEMENT:
        raise NothingToJoin
    return JointBodyJoined(mediation=active.number, body=on.body.id)


def passed_on(case: DisputeCase, ground: EndGround) -> tuple[CaseEvent, ...]:
    """An active mediation ends without having failed: the dispute goes on elsewhere."""
    active = case.active_mediation
    if active is None:
        return ()
    if active.stage is Stage.AGREED:
        raise AgreedAlready(mediation=active.number)
    return (ended_by(active.number, ground),)
