"""移送 Offering: a case is offered to one body or several."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.commands import ReferralEvent
from domain.referral.limits import answer_limit
from domain.referral.referral import Reception, Referral, ReferralStage
from domain.referral.terms import Offer
from domain.shared.law import Due
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.slices import Slice
from domain.shared.values import BodyId, BodyKind, CaseId, Composed, Narrative, PersonId, ReferralId, ReferralKind


class OfferReferral(Offer):
    """分流转办"""

    allowed_in = frozenset({ReferralStage.NEW})

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        return (offered(self, on),)


def offered(offer: Offer, on: Occasion) -> ReferralOffered:
    """Raises what its terms refuse."""
    ways = offer.ways(on)
    return ReferralOffered(
        case=on.case_facts.id,
        kind=offer.kind,
        sender=on.body.id,
        to=tuple(dict.fromkeys(offer.to)),
        content=offer.content,
        consented=offer.consented,
        on_platform=offer.on_platform,
        summary_procedure=offer.summary_procedure,
        complex=offer.complex,
        petition=on.case_facts.petition and on.body.kind is BodyKind.PETITION,
        basis=str(ways[0].basis),
        answer_by=answer_limit(offer.kind, on),
        note=on.narrative(offer.note, 40) if offer.note else None,
    )


class ReferralOffered(ReferralEvent):
    name: ClassVar = "referral.offered"
    framed: ClassVar = True
    of = (OfferReferral,)
    case: Framed[CaseId]
    kind: Framed[ReferralKind]
    sender: Framed[BodyId]
    to: Framed[tuple[BodyId, ...]]
    content: Framed[Slice]
    consented: Framed[tuple[PersonId, ...]]
    on_platform: Framed[bool]
    summary_procedure: Framed[bool]
    complex: Framed[bool]
    petition: Framed[bool]
    basis: Framed[Composed]
    answer_by: Framed[Due | None]
    note: Narrative | None
    instead_of: Framed[ReferralId | None] = None
    """The offer of a wrong channel that this one takes the place of."""

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(
            ReferralStage.OFFERED,
            at,
            case=self.case,
            kind=self.kind,
            sender=self.sender,
            content=self.content,
            consented=frozenset(self.consented),
            receptions={body: Reception() for body in self.to},
            complex=self.complex,
            on_platform=self.on_platform,
            summary_procedure=self.summary_procedure,
            petition=self.petition,
            answer_by=self.answer_by,
        )
