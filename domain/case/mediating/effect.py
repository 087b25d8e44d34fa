"""生效 Effect: when an agreement binds, by the rule of its channel; and until when the court may be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationEvent
from domain.case.kinds import AgreementForm, Mandate, Nature
from domain.case.laws import (
    CONTENT,
    DELEGATED_EFFECT,
    ENTRUSTED_EFFECT,
    ONLINE_EFFECT,
    ORAL_EFFECT,
)
from domain.case.limits import JC_APPLY
from domain.case.mediations import Mediation, Stage
from domain.case.record import read_from_state
from domain.shared.law import Citation, Due
from domain.shared.occasion import Occasion
from domain.shared.values import Channel, Composed, PersonId


class AgreementTookEffect(MediationEvent):
    """Follows from the last signature, seal or document. Also starts the clock of judicial confirmation."""

    name: ClassVar = "case.agreement_took_effect"
    schema_version: ClassVar = 2
    derived: ClassVar = True
    effective_at: AwareDatetime
    basis: Composed
    confirm: Due | None
    """Until when the court may be asked; None: it does not confirm agreements of this kind."""
    told: bool = False
    """By the word of an imported file: no signature recorded here leads to it, and no correction takes it away."""

    @property
    def confirm_by(self) -> date | None:
        return self.confirm.day if self.confirm else None

    def shown_from(self, occurred_at: datetime) -> datetime:
        """By the law, not by when the last signature was recorded."""
        return self.effective_at

    def has_place_in(self, state: DisputeCase) -> bool:
        mediation = state.mediations.get(self.mediation)
        return mediation is not None and mediation.agreement is not None

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        """Whether that resolves the case is not told."""
        agreement = case.mediations[self.mediation].reached.but(confirm=self.confirm)
        case = case.but(resolved_at=read_from_state.resolved_by_effect(case, agreement, self.effective_at))
        return case.with_mediation(self.mediation, stage=Stage.IN_EFFECT, since=self.effective_at, agreement=agreement)


def with_effect(
    case: DisputeCase, events: tuple[CaseEvent, ...], mediation: int, on: Occasion
) -> tuple[CaseEvent, ...]:
    """The events, and that the agreement took effect, where it did by them."""
    for event in events:
        case = event.evolve(case, on.occurred_at)
    effect = took_effect(case, mediation, on)
    return (*events, effect) if effect else events


def took_effect(case: DisputeCase, number: int, on: Occasion) -> AgreementTookEffect | None:
    """What follows for a mediation at stage agreed; None while something is still missing."""
    mediation = case.mediations[number]
    if mediation.agreement is None or not (found := _effect(mediation, case.present_parties)):
        return None
    moment, basis = found
    return AgreementTookEffect(
        mediation=number,
        effective_at=moment,
        basis=str(basis),
        confirm=confirm_until(mediation, moment, on),
    )


def _effect(mediation: Mediation, parties: Iterable[PersonId]) -> tuple[datetime, Citation] | None:
    agreement = mediation.reached
    signatures = [agreement.signed.get(party) for party in parties]
    if mediation.mandate is Mandate.ENTRUSTED:
        return _when_all([agreement.court_document_at], ENTRUSTED_EFFECT)
    if mediation.mandate is Mandate.DELEGATED:
        return _when_all(signatures, DELEGATED_EFFECT)
    if mediation.on_platform:
        return _when_all(signatures, ONLINE_EFFECT)
    if agreement.form is AgreementForm.ORAL:
        return agreement.reached_at, ORAL_EFFECT
    return _when_all([*signatures, agreement.mediator_signed_at, agreement.sealed_at], CONTENT)


def _when_all(moments: list[datetime | None], basis: Citation) -> tuple[datetime, Citation] | None:
    """The last of them, once there are all."""
    present = [moment for moment in moments if moment]
    return (max(present), basis) if present and len(present) == len(moments) else None


def confirm_until(mediation: Mediation, effective: datetime, on: Occasion) -> Due | None:
    eligible = (
        mediation.mandate is not Mandate.ENTRUSTED
        and mediation.channel is not Channel.LITIGATION
        and mediation.reached.nature is Nature.ORDINARY
    )
    return on.due(JC_APPLY, effective) if eligible else None
