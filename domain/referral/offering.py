"""移送 Offering: a case is offered to one body or several, withdrawn, or re-routed where the channel was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.referral.commands import Asker, ReferralCommand, ReferralEvent
from domain.referral.kinds import Consenting, Way, way
from domain.referral.limits import MEDIATOR_ACK, TRANSFER_ACK
from domain.referral.referral import CAME_BACK, OPEN, Reception, Referral, Stage
from domain.shared.errors import Refused
from domain.shared.law import Due
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef
from domain.shared.slices import Slice
from domain.shared.values import BodyId, CaseId, Form, Narrative, PersonId, Reason, ReferralId, ReferralKind, Text

Receivers = Annotated[tuple[BodyId, ...], Len(1, 10)]
Consents = Annotated[tuple[PartyRef, ...], Len(0, 100)]


class NotCompetent(Refused):
    """No article lets this body refer so to that one."""


class GuidedByThemselves(Refused):
    """Who is guided applies by themselves: that is recorded on the case, and is no offer (人民调解法 18)."""


class FiledAlready(Refused):
    """A court delegates before filing; after filing it entrusts (特邀调解规定 11)."""


class NotFiledYet(Refused):
    """A court entrusts after filing; before it, it delegates (特邀调解规定 11)."""


class ConsentOfWhom(Refused):
    """The parties whom the law asks have not all consented."""


class NotAParty(Refused):
    """Consent, or a name, is of somebody who is no party of this case."""


class MoreThanGiven(Refused):
    """A contact is told only of parties who consent."""


class OfferReferral(ReferralCommand):
    """分流转办"""

    allowed_in = frozenset({Stage.NEW})
    asker = Asker.SENDER
    kind: ReferralKind
    to: Receivers
    content: Slice
    consented: Consents
    """The parties who consent, to the referral and to what is told."""
    form: Form = Form.WRITTEN
    on_platform: bool = False
    """Over the court's mediation platform."""
    summary_procedure: bool = False
    """The court entrusts in summary procedure: seven days instead of fifteen."""
    complex: bool = False
    """Legally complex, or of several organs: ten working days to answer instead of five."""
    note: Text = ""

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        ways = self._ways(on)
        self._check_filing(on)
        self._check_consents(on, ways)
        answer = answer_limit(self.kind, on)
        return (
            ReferralOffered(
                case=on.case_facts.id,
                kind=self.kind,
                sender=on.body.id,
                to=tuple(dict.fromkeys(self.to)),
                content=self.content,
                consented=self.consented,
                on_platform=self.on_platform,
                summary_procedure=self.summary_procedure,
                complex=self.complex,
                petition=on.case_facts.petition and on.body.kind == "petition",
                basis=str(ways[0].basis),
                answer_by=answer,
                note=on.narrative(self.note, 40) if self.note else None,
            ),
        )

    def _ways(self, on: Occasion) -> Sequence[Way]:
        if self.kind is ReferralKind.GUIDE:
            raise GuidedByThemselves
        ways = {body: way(self.kind, on.body, on.named_body(body)) for body in self.to}
        if wrong := [body for body, found in ways.items() if found is None]:
            raise NotCompetent(bodies=wrong, kind=self.kind)
        return [found for found in ways.values() if found]

    def _check_filing(self, on: Occasion) -> None:
        if self.kind is ReferralKind.DELEGATE and on.case_facts.filed:
            raise FiledAlready(basis="《最高人民法院关于人民法院特邀调解的规定》第十一条")
        if self.kind is ReferralKind.ENTRUST and not on.case_facts.filed:
            raise NotFiledYet(basis="《最高人民法院关于人民法院特邀调解的规定》第十一条")

    def _check_consents(self, on: Occasion, ways: Sequence[Way]) -> None:
        facts, consented = on.case_facts, frozenset(self.consented)
        named = {*consented, *self.content.parties, *self.content.contacts}
        if strangers := sorted(named - facts.parties):
            raise NotAParty(parties=strangers)
        needed = facts.parties if any(one.consenting is Consenting.PARTIES for one in ways) else facts.applicants
        if missing := sorted(needed - consented):
            raise ConsentOfWhom(parties=missing, basis=str(ways[0].basis))
        if more := sorted(frozenset(self.content.contacts) - consented):
            raise MoreThanGiven(parties=more)


def answer_limit(kind: ReferralKind, on: Occasion) -> Due | None:
    """The clock of an offer in transit; None: an invitation ends with the inviter's mediation."""
    match kind:
        case ReferralKind.DELEGATE | ReferralKind.ENTRUST:
            return on.due(MEDIATOR_ACK)
        case ReferralKind.TRANSFER:
            return on.due(TRANSFER_ACK)
        case _:
            return None


class ReferralOffered(ReferralEvent):
    name: ClassVar = "referral.offered"
    of = (OfferReferral,)
    case: CaseId
    kind: ReferralKind
    sender: BodyId
    to: tuple[BodyId, ...]
    content: Slice
    consented: tuple[PersonId, ...]
    on_platform: bool
    summary_procedure: bool
    complex: bool
    petition: bool
    basis: str
    answer_by: Due | None
    note: Narrative | None
    instead_of: ReferralId | None = None
    """The offer of a wrong channel that this one takes the place of."""

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(
            Stage.OFFERED,
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


class ConsentToWithdraw(Refused):
    """What was accepted is taken back only with the consent of all parties."""


class WithdrawReferral(ReferralCommand):
    """撤回移送"""

    allowed_in = OPEN | {Stage.ACCEPTED}
    asker = Asker.SENDER
    reason: Reason
    consented: Consents = ()
    """The parties who consent: all of them, where it was accepted already."""

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        if referral.stage is Stage.ACCEPTED and (missing := sorted(on.case_facts.parties - set(self.consented))):
            raise ConsentToWithdraw(parties=missing)
        return (ReferralWithdrawn(reason=on.narrative(self.reason, 41), consented=self.consented),)


class ReferralWithdrawn(ReferralEvent):
    name: ClassVar = "referral.withdrawn"
    of = (WithdrawReferral,)
    reason: Narrative
    consented: tuple[PersonId, ...]

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(Stage.WITHDRAWN, at)


class SameReceivers(Refused):
    """Re-routed means to somebody else, or in another way."""


class RerouteReferral(OfferReferral):
    """改派"""

    allowed_in = OPEN | CAME_BACK
    reason: Reason

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        if set(self.to) == set(referral.receptions) and self.kind is referral.kind:
            raise SameReceivers(to=self.to)
        return (ReferralRerouted(into=ReferralId(on.seed), reason=on.narrative(self.reason, 42)),)

    def offer(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        """What the new offer opens with: the same checks, a clock of its own, and where it came from."""
        (offered,) = super().decide(Referral.blank(on.seed), on)
        return (offered.but(instead_of=referral.id),)


class ReferralRerouted(ReferralEvent):
    """The receivers are told; the new offer has a clock of its own."""

    name: ClassVar = "referral.rerouted"
    of = (RerouteReferral,)
    into: ReferralId
    reason: Narrative

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(Stage.REROUTED, at)
