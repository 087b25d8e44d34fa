"""A referral in a list: who offered what kind to whom, how far it is, and until when somebody should answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.referral.acknowledging import ReferralAcknowledged
from domain.referral.answering import ReferralAccepted, ReferralRejected
from domain.referral.offering import ReferralOffered
from domain.referral.referral import OPEN, Referral, ReferralStage, running
from domain.referral.running_out import ReferralLapsed
from domain.shared.calendar import local_day
from domain.shared.decider import Entry, History, standing

ANSWERS = (ReferralAcknowledged, ReferralAccepted, ReferralRejected)


@dataclass(frozen=True)
class ReferralCard:
    """Nothing personal: names and facts are read from the case, as far as they were handed over."""

    id: UUID
    version: int
    case_id: UUID
    kind: str
    stage: str
    sender: UUID
    receivers: list[UUID]
    waiting: list[UUID]
    accepted_by: UUID | None
    instead_of: UUID | None
    offered_at: datetime
    offered_on: date
    acknowledged_at: datetime | None
    answered_at: datetime | None
    """Accepted, or rejected by all."""
    ended_at: datetime | None
    answered_in_time: bool | None
    """Whether the first answer came within its clock; None: no clock, or still time."""
    late: bool
    silent: bool
    """Nobody answered at all until the clock ran out."""
    re_appointable: bool
    asked: bool
    ground: str | None
    outcome: str | None
    due: date | None
    due_what: str | None


def referral_card(history: History[Any]) -> ReferralCard:
    entries = standing(history.entries)
    offered = entries[0].event
    assert isinstance(offered, ReferralOffered)
    moments = _moments(history.state, offered, entries)
    return ReferralCard(**_told(history, offered), **moments, **_next(history.state))


def _told(history: History[Any], offered: ReferralOffered) -> dict[str, Any]:
    state: Referral = history.state
    return {
        "id": history.id,
        "version": history.version,
        "case_id": state.case,
        "kind": state.kind,
        "stage": state.stage,
        "sender": state.sender,
        "receivers": list(state.receptions),
        "waiting": state.waiting if state.stage in OPEN else [],
        "accepted_by": state.accepted_by,
        "instead_of": offered.instead_of,
        "re_appointable": state.re_appointable,
        "asked": state.asked_by is not None and state.stage in OPEN,
        "outcome": state.outcome,
    }


def _moments(state: Referral, offered: ReferralOffered, entries: list[Entry[Any]]) -> dict[str, Any]:
    answered = next((one.occurred_at for one in entries if isinstance(one.event, ANSWERS)), None)
    over = any(isinstance(one.event, ReferralLapsed) for one in entries) or state.re_appointable
    return {
        "offered_at": entries[0].occurred_at,
        "offered_on": local_day(entries[0].occurred_at),
        "acknowledged_at": answered,
        "ended_at": state.since if state.stage not in {*OPEN, ReferralStage.ACCEPTED} else None,
        "answered_in_time": _in_time(offered.answer_by, answered, over),
        "silent": answered is None and over,
        **_decided(entries),
    }


def _decided(entries: list[Entry[Any]]) -> dict[str, Any]:
    """The acceptance, or the last of the rejections."""
    for entry in entries:
        match entry.event:
            case ReferralAccepted(late=late):
                return {"answered_at": entry.occurred_at, "late": late, "ground": None}
            case ReferralRejected(all_have=True, ground=ground):
                return {"answered_at": entry.occurred_at, "late": False, "ground": ground}
    return {"answered_at": None, "late": False, "ground": None}


def _in_time(due: Any, answered: datetime | None, over: bool) -> bool | None:
    if due is None or (answered is None and not over):
        return None
    return answered is not None and not due.over(answered)


def _next(state: Referral) -> dict[str, Any]:
    found = min(running(state).items(), key=lambda item: item[1].end, default=None)
    if found is None:
        return {"due": None, "due_what": None}
    return {"due": found[1].day, "due_what": found[0].kind}
