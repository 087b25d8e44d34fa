"""Given: the bodies beside the village's committee, and what their contexts write into a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.case.beside.handover import CaseHandedOver, CaseOffered, accepted
from domain.case.beside.levels import EscalationBegan
from domain.case.clocks import LetClockRunOut
from domain.case.course import EscalationPhase
from domain.case.kinds import Mandate
from domain.case.opening.acceptance import AcceptCase
from domain.shared.decider import History
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.slices import Slice
from domain.shared.values import AreaId, BodyId, BodyKind, Channel, Level, ReferralId, ReferralKind
from tests.case.histories import (
    APPLICANT,
    COMMITTEE,
    COURT,
    GRID_POST,
    MONDAY,
    RESPONDENT,
    UNDER_WAY,
    after,
    as_mandated,
    entries,
    id_of,
    noon,
    occasion,
    onward,
)


def body(name: str, kind: BodyKind, level: Level, channel: Channel | None) -> BodyFacts:
    id = BodyId(id_of(name))
    area = AreaId(id_of(level))
    return COMMITTEE.but(id=id, area=area, kind=kind, level=level, channel=channel, code=name, answers_for=id)


TOWN = body("town", BodyKind.CENTRE, Level.TOWNSHIP, Channel.PEOPLE)
COUNTY = body("county", BodyKind.CENTRE, Level.COUNTY, Channel.PEOPLE)
ORGAN = body("organ", BodyKind.ORGAN, Level.COUNTY, Channel.ADMINISTRATIVE)
POLICE = body("police", BodyKind.POLICE, Level.TOWNSHIP, None)
PETITIONS = body("petitions", BodyKind.PETITION, Level.COUNTY, None)
KNOWN = {one.id: one for one in (COMMITTEE, COURT, GRID_POST, TOWN, COUNTY, ORGAN, POLICE, PETITIONS)}
REFERRAL, ESCALATION = ReferralId(id_of("referral")), id_of("escalation")
BOTH = (APPLICANT, RESPONDENT)


def on_at(history: History[Any], at: datetime | None = None, **facts: Any) -> Occasion:
    """A minute after the last entry, or then."""
    last = max((entry.occurred_at for entry in history.entries), default=MONDAY)
    moment = at or last + timedelta(minutes=1)
    moments = {"occurred_at": moment, "now": max(moment, last), "bodies": KNOWN}
    return replace(occasion(step=2000 + history.version), **moments | facts)


def recorded(history: History[Any], *events: Any, at: datetime | None = None, **facts: Any) -> Any:
    """The history with what another context writes into it."""
    return history.then(entries(history, events, on_at(history, at, **facts)))


def offer_of(kind: ReferralKind = ReferralKind.TRANSFER, to: BodyFacts = TOWN) -> CaseOffered:
    return CaseOffered(referral=REFERRAL, kind=kind, to=(to.id,), moves_mediation=kind is not ReferralKind.INVITE)


def handed_to(to: BodyFacts, kind: ReferralKind = ReferralKind.TRANSFER) -> CaseHandedOver:
    return CaseHandedOver(referral=REFERRAL, kind=kind, to=to.id, content=Slice(parties=BOTH))


asked_above = EscalationBegan(escalation=ESCALATION, phase=EscalationPhase.REQUESTED, body=TOWN.id)


def out_of_time() -> Any:
    """A delegated mediation whose thirty days are over: its clock has ended it."""
    under_way = after(*as_mandated(UNDER_WAY, AcceptCase(mandate=Mandate.DELEGATED)))
    day = under_way.state.mediation(1).conclude_by
    return onward(under_way, LetClockRunOut(clock="conclude/1", day=day), at=noon(4, 2))


def taken_over(
    history: History[Any], kind: ReferralKind, sender: BodyFacts, to: BodyFacts, at: datetime | None = None
) -> Any:
    """The history after the offer was made and accepted."""
    offered = recorded(history, offer_of(kind, to), at=at, body=sender)
    on = on_at(offered, at, body=to)
    return offered.then(
        entries(offered, accepted(offered.state, handed_to(to, kind), sender, on, on_platform=False), on)
    )
