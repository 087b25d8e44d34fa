"""Referrals and escalations as figures count them: one row each, made as their cards in lists are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from application.escalation.row import escalation_card
from application.figures.dated.dating import Dating, Rows
from application.referral.row import referral_card
from domain.escalation.escalation import Escalation
from domain.escalation.kinds import EscalationKind
from domain.referral.referral import Referral
from domain.shared.calendar import local_day
from domain.shared.decider import Entry, History

REFERRAL, ESCALATION = "referral", "escalation"
SECONDS_A_DAY = 86_400


class ReferralRow(NamedTuple):
    case_id: UUID
    kind: str
    stage: str
    sender: UUID
    receivers: tuple[UUID, ...]
    accepted_by: UUID | None
    offered_on: date
    acknowledged_on: date | None
    accepted_on: date | None
    accepted_late: bool
    rejected: bool
    returned: bool
    in_time: bool | None
    """Whether the first answer came within its clock; None: no clock, or still time."""
    silent: bool
    outcome: str | None
    transit_days: float | None
    """From the offer to its decision."""


class EscalationRow(NamedTuple):
    case_id: UUID
    kind: str
    stage: str
    ground: str | None
    below: UUID
    above: UUID
    by_clock: bool
    began_on: date
    answered_on: date | None


class _Kept:
    """Its entries, as far as they count."""

    def __init__(self) -> None:
        self._entries: list[Entry[Any]] = []

    def add(self, entry: Entry[Any], state: Any) -> None:
        self._entries.append(entry)

    def _history(self, state: Any) -> History[Any]:
        """They stand as they read, so that nothing in them amends another."""
        return History(state.id, state, tuple(self._entries), state)


class ReferralTelling(_Kept):
    def rows(self, state: Referral) -> Rows:
        card = referral_card(self._history(state))
        row = ReferralRow(
            case_id=card.case_id,
            kind=card.kind,
            stage=card.stage,
            sender=card.sender,
            receivers=tuple(card.receivers),
            accepted_by=card.accepted_by,
            offered_on=card.offered_on,
            acknowledged_on=_day(card.acknowledged_at),
            accepted_on=_day(card.answered_at) if card.accepted_by else None,
            accepted_late=card.late,
            rejected=card.stage in ("rejected", "upheld") or card.ground is not None,
            returned=card.stage == "returned",
            in_time=card.answered_in_time,
            silent=card.silent,
            outcome=card.outcome,
            transit_days=_days_between(card.offered_at, card.answered_at),
        )
        return {(REFERRAL, 0): row}


class EscalationTelling(_Kept):
    def rows(self, state: Escalation) -> Rows:
        card = escalation_card(self._history(state))
        row = EscalationRow(
            case_id=card.case_id,
            kind=card.kind,
            stage=card.stage,
            ground=card.ground if card.kind in (EscalationKind.REQUEST, EscalationKind.CALL_UP) else None,
            below=card.below,
            above=card.above,
            by_clock=card.by_clock,
            began_on=card.began_on,
            answered_on=_day(card.answered_at),
        )
        return {(ESCALATION, 0): row}


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


def _days_between(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() / SECONDS_A_DAY if end else None


def referral_dating(id: UUID) -> Dating[Referral]:
    return Dating(Referral.blank(id), ReferralTelling)


def escalation_dating(id: UUID) -> Dating[Escalation]:
    return Dating(Escalation.blank(id), EscalationTelling)
