"""What the law asks of an offer before it goes out: who may refer so to whom, when, and with whose consent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from annotated_types import Len

from domain.referral.commands import ReferralCommand
from domain.referral.kinds import Consenting, Way, way
from domain.shared.errors import Refused
from domain.shared.occasion import CaseFacts, Occasion
from domain.shared.references import WillingParty
from domain.shared.slices import Slice
from domain.shared.values import BodyId, Form, PersonId, ReferralKind, Text
from domain.shared.vocabulary import Asker

_BEFORE_OR_AFTER_FILING = "《最高人民法院关于人民法院特邀调解的规定》第十一条"
Receivers = Annotated[tuple[BodyId, ...], Len(1, 10)]
Consents = Annotated[tuple[WillingParty, ...], Len(0, 100)]


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


def refuse_filing(kind: ReferralKind, filed: bool) -> None:
    """Raises FiledAlready, NotFiledYet."""
    if kind is ReferralKind.DELEGATE and filed:
        raise FiledAlready(basis=_BEFORE_OR_AFTER_FILING)
    if kind is ReferralKind.ENTRUST and not filed:
        raise NotFiledYet(basis=_BEFORE_OR_AFTER_FILING)


class Offer(ReferralCommand):
    """What is offered to whom, for the first time or after a wrong channel."""

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

    def ways(self, on: Occasion) -> Sequence[Way]:
        """What allows it, one for each receiver. Raises each of the refusals above; UnknownBody, BodyNoLongerStands."""
        if self.kind is ReferralKind.GUIDE:
            raise GuidedByThemselves
        found = {body: way(self.kind, on.body, on.receiving_body(body)) for body in self.to}
        if wrong := [body for body, one in found.items() if one is None]:
            raise NotCompetent(bodies=wrong, kind=self.kind)
        leading = [one for one in found.values() if one]
        refuse_filing(self.kind, on.case_facts.filed)
        self._check_consents(on, leading)
        return leading

    def _check_consents(self, on: Occasion, ways: Sequence[Way]) -> None:
        facts, consented = on.case_facts, frozenset(self.consented)
        named = {*consented, *self.content.parties, *self.content.contacts}
        if strangers := sorted(named - facts.parties):
            raise NotAParty(parties=strangers)
        for one in ways:
            if missing := sorted(_needed(one, facts) - consented):
                raise ConsentOfWhom(parties=missing, basis=str(one.basis))
        if more := sorted(frozenset(self.content.contacts) - givers(self, ways, facts)):
            raise MoreThanGiven(parties=more)


def _needed(way: Way, facts: CaseFacts) -> frozenset[PersonId]:
    match way.consenting:
        case Consenting.PARTIES:
            return facts.parties
        case Consenting.APPLICANTS:
            return facts.applicants
        case Consenting.NOBODY:
            return frozenset()


def givers(offer: Offer, ways: Sequence[Way], facts: CaseFacts) -> frozenset[PersonId]:
    """The parties of whom may be told what they gave: those who consent, or all where the law sends the matter on."""
    sent_on = all(one.consenting is Consenting.NOBODY for one in ways)
    return facts.parties if sent_on else frozenset(offer.consented)
