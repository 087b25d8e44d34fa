"""同意的后果 What follows from who consents: a mediation may begin, or stops. Decided once, then carried."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.case.case import DisputeCase
from domain.case.commands import MediationEvent
from domain.case.mediations import BEFORE_AGREEMENT, Mediation, Stage
from domain.shared.references import PartyRef
from domain.shared.values import Channel, PersonId


class ConsentOutcome(MediationEvent):
    """What follows from who consents, decided when it was recorded and never again, unless that is amended."""

    derived: ClassVar = True
    since: AwareDatetime
    """Not before what the mediation stood on, however late it was recorded."""

    def shown_from(self, occurred_at: datetime) -> datetime:
        return self.since


class MediationConsented(ConsentOutcome):
    """Every party who is present consents: the mediation may begin (人民调解法 17)."""

    name: ClassVar = "case.mediation_consented"

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_mediation(self.mediation, stage=Stage.CONSENTED, since=self.since)


class MediationStopped(ConsentOutcome):
    """A party does not consent, or no longer: nothing begins or goes on until it consents again (17, 23)."""

    name: ClassVar = "case.mediation_stopped"
    party: PartyRef

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        known = case.mediations[self.mediation]
        consents, withdrawn = known.consents - {self.party}, known.withdrawn | {self.party}
        return case.with_mediation(
            self.mediation, stage=Stage.OPENED, since=self.since, consents=consents, withdrawn=withdrawn
        )


def all_consented(
    mediation: Mediation, present: frozenset[PersonId], consents: frozenset[PersonId], at: datetime
) -> MediationConsented | None:
    """What follows where it waited for nobody else; since the last of the consents."""
    if mediation.stage is not Stage.OPENED or not present <= consents:
        return None
    return MediationConsented.trusted(mediation=mediation.number, since=max(mediation.since, at))


def consent_missing(case: DisputeCase, party: PersonId, channel: Channel, at: datetime) -> MediationStopped | None:
    """What follows where a mediation of that channel is going on that has no agreement yet."""
    active = case.active_mediation
    if not active or active.channel is not channel or active.stage not in BEFORE_AGREEMENT:
        return None
    return MediationStopped.trusted(mediation=active.number, party=party, since=max(active.since, at))
