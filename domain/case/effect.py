"""生效 Effect: when an agreement binds, by the rule of its channel; and until when the court may be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationEvent
from domain.case.kinds import AgreementForm, Extent, Mandate, Nature
from domain.case.laws import (
    CONTENT,
    DELEGATED_EFFECT,
    ENTRUSTED_EFFECT,
    JUDICIAL_CONFIRMATION,
    ONLINE_EFFECT,
    ORAL_EFFECT,
)
from domain.case.mediations import Mediation, Stage
from domain.shared.calendar import Calendar, local_day
from domain.shared.law import Citation
from domain.shared.occasion import Occasion
from domain.shared.values import Channel, PersonId


class AgreementTookEffect(MediationEvent):
    """Follows from the last signature, seal or document. Also starts the clock of judicial confirmation."""

    name: ClassVar = "case.agreement_took_effect"
    derived: ClassVar = True
    effective_at: AwareDatetime
    basis: str
    confirm_by: date | None
    """None: the court does not confirm agreements of this kind."""
    calendar: str
    provisional: bool
    """The holidays of that year are not yet published: the date may still move later."""

    def shown_from(self, occurred_at: datetime) -> datetime:
        """By the law, not by when the last signature was recorded."""
        return self.effective_at

    def has_place_in(self, state: DisputeCase) -> bool:
        mediation = state.mediations.get(self.mediation)
        return mediation is not None and mediation.agreement is not None

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached.but(confirm_by=self.confirm_by)
        if agreement.extent is Extent.ALL_CLAIMS:
            case = case.but(resolved_at=self.effective_at)
        return case.with_mediation(self.mediation, stage=Stage.IN_EFFECT, since=self.effective_at, agreement=agreement)


def with_effect(
    case: DisputeCase, events: tuple[CaseEvent, ...], mediation: int, on: Occasion
) -> tuple[CaseEvent, ...]:
    """The events, and that the agreement took effect, where it did by them."""
    for event in events:
        case = event.evolve(case, on.occurred_at)
    effect = took_effect(case, mediation, on.calendar)
    return (*events, effect) if effect else events


def took_effect(case: DisputeCase, number: int, calendar: Calendar) -> AgreementTookEffect | None:
    """What follows for a mediation at stage agreed; None while something is still missing."""
    mediation = case.mediations[number]
    if mediation.agreement is None or not (found := _effect(mediation, case.present_parties)):
        return None
    moment, basis = found
    confirm_by = _confirm_by(mediation, local_day(moment), calendar)
    return AgreementTookEffect(
        mediation=number,
        effective_at=moment,
        basis=str(basis),
        confirm_by=confirm_by,
        calendar=calendar.version,
        provisional=confirm_by is not None and calendar.is_provisional(confirm_by),
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


def _confirm_by(mediation: Mediation, effective: date, calendar: Calendar) -> date | None:
    eligible = (
        mediation.mandate is not Mandate.ENTRUSTED
        and mediation.channel is not Channel.LITIGATION
        and mediation.reached.nature is Nature.ORDINARY
    )
    return JUDICIAL_CONFIRMATION.due(effective, calendar) if eligible else None
