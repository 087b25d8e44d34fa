"""撤回与改派 Taking back: the sender withdraws an offer, or re-routes it where the channel was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.commands import ReferralCommand, ReferralEvent
from domain.referral.offering import ReferralOffered, offered
from domain.referral.referral import CAME_BACK, OPEN, Referral, ReferralStage
from domain.referral.terms import Consents, Offer
from domain.shared.errors import Refused
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Narrative, PersonId, Reason, ReferralId
from domain.shared.vocabulary import Asker


class ConsentToWithdraw(Refused):
    """What was accepted is taken back only with the consent of all parties."""


class WithdrawReferral(ReferralCommand):
    """撤回移送"""

    allowed_in = OPEN | {ReferralStage.ACCEPTED}
    asker = Asker.SENDER
    reason: Reason
    consented: Consents = ()
    """The parties who consent: all of them, where it was accepted already."""

    def moves_case(self, referral: Referral) -> bool:
        return referral.stage is ReferralStage.ACCEPTED and referral.moves_mediation

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        if referral.stage is ReferralStage.ACCEPTED and (
            missing := sorted(on.case_facts.parties - set(self.consented))
        ):
            raise ConsentToWithdraw(parties=missing)
        return (ReferralWithdrawn(reason=on.narrative(self.reason, 41), consented=self.consented),)


class ReferralWithdrawn(ReferralEvent):
    name: ClassVar = "referral.withdrawn"
    framed: ClassVar = True
    of = (WithdrawReferral,)
    reason: Narrative
    consented: Framed[tuple[PersonId, ...]]

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(ReferralStage.WITHDRAWN, at)


class SameReceivers(Refused):
    """Re-routed means to somebody else, or in another way."""


class RerouteReferral(Offer):
    """改派"""

    allowed_in = OPEN | CAME_BACK
    reason: Reason

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        if set(self.to) == set(referral.receptions) and self.kind is referral.kind:
            raise SameReceivers(to=self.to)
        return (ReferralRerouted(into=ReferralId(on.seed), reason=on.narrative(self.reason, 42)),)

    def offered_instead(self, referral: Referral, on: Occasion) -> ReferralOffered:
        """What the new offer opens with: the same checks, a clock of its own, and where it came from."""
        return offered(self, on).but(instead_of=referral.id)


class ReferralRerouted(ReferralEvent):
    """The receivers are told; the new offer has a clock of its own."""

    name: ClassVar = "referral.rerouted"
    framed: ClassVar = True
    of = (RerouteReferral,)
    into: Framed[ReferralId]
    reason: Narrative

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(ReferralStage.REROUTED, at)
