"""拒绝调解 Refusal: a party does not want to be mediated in a channel, before anything is opened there or later."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent, with_what_follows
from domain.case.laws import RIGHTS
from domain.case.mediating.consent_outcomes import MediationStopped, consent_missing
from domain.case.mediations import Mediation, Stage
from domain.case.record import old_consents
from domain.shared.errors import Conflict
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef, WillingParty
from domain.shared.values import Channel, Form, Narrative, Text


class RefuseMediation(CaseCommand):
    """明确拒绝调解"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    party: WillingParty
    channel: Channel = Channel.PEOPLE
    form: Form = Form.ORAL
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if active := agreed_in(case, self.channel):
            raise AgreementWasReached(mediation=active.number)
        reason = on.narrative(self.reason)
        refused = MediationRefused(party=self.party, channel=self.channel, form=self.form, reason=reason)
        return with_what_follows(refused, case, on.occurred_at)


def agreed_in(case: DisputeCase, channel: Channel) -> Mediation | None:
    """The mediation of that channel with an agreement that is not in effect yet, if there is one."""
    active = case.active_mediation
    return active if active and active.channel is channel and active.stage is Stage.AGREED else None


class AgreementWasReached(Conflict):
    """An agreement was reached: who does not want it any more does not sign it, and the mediation is ended."""


class MediationRefused(CaseEvent):
    """Stands in the way of mediation in that channel until the party consents again (人民调解法 17, 23)."""

    name: ClassVar = "case.mediation_refused"
    schema_version: ClassVar = 2
    of = (RefuseMediation,)
    party: PartyRef
    channel: Correctable[Channel]
    form: Correctable[Form]
    reason: Correctable[Narrative]
    moves_stage: bool = False

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return agreed_in(case, self.channel) is None

    def followed_by(self, case: DisputeCase, at: datetime) -> MediationStopped | None:
        return None if self.moves_stage else consent_missing(case, self.party, self.channel, at)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        refused = case.but(refusals=case.refusals | {(self.party, self.channel)})
        return old_consents.taken_back(refused, self.party, self.channel, at) if self.moves_stage else refused
