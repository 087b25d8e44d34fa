"""An escalation in a list: from which body to which, on what ground, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.escalation.escalation import GOING_ON, Escalation
from domain.escalation.raising import EscalationAccepted, EscalationRequested, EscalationSentBack
from domain.shared.calendar import local_day
from domain.shared.decider import History, standing
from domain.shared.erasing import TextErased

ANSWERS = (EscalationAccepted, EscalationSentBack)


@dataclass(frozen=True)
class EscalationCard:
    id: UUID
    version: int
    case_id: UUID
    kind: str
    stage: str
    ground: str | None
    return_ground: str | None
    below: UUID
    above: UUID
    by_clock: bool
    began_at: datetime
    began_on: date
    answered_at: datetime | None
    ended_at: datetime | None
    urged: int
    reported: bool
    due: date | None


def escalation_card(history: History[Any]) -> EscalationCard:
    state: Escalation = history.state
    entries = [one for one in standing(history.entries) if not isinstance(one.event, TextErased)]
    began = entries[0]
    assert state.case
    assert state.below
    assert state.above
    answered = next((one for one in entries if isinstance(one.event, ANSWERS)), None)
    waiting = state.answer_by if state.stage in GOING_ON else None
    return EscalationCard(
        id=history.id,
        version=history.version,
        case_id=state.case,
        kind=state.kind,
        stage=state.stage,
        ground=getattr(began.event, "ground", None),
        return_ground=getattr(entries[-1].event, "ground", None) if len(entries) > 1 else None,
        below=state.below,
        above=state.above,
        by_clock=isinstance(began.event, EscalationRequested) and began.event.by_clock is not None,
        began_at=began.occurred_at,
        began_on=local_day(began.occurred_at),
        answered_at=answered.occurred_at if answered else None,
        ended_at=state.since if state.stage not in GOING_ON else None,
        urged=state.urged,
        reported=state.reported,
        due=waiting.day if waiting else None,
    )
