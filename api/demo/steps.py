"""What the demo's stories are made of: desks, steps in their order, and when people work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any
from uuid import UUID

from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.kinds import Side
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediations import Stage
from domain.shared.calendar import SHANGHAI
from domain.shared.decider import Command
from domain.shared.values import AreaId, BodyId, CaseId, Level, OfficerId, PersonId

Make = Callable[[DisputeCase], Command[Any] | None]
"""None: it has come about without this step."""
CLOSED_BY_LAW = 20
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Committee:
    """A mediating body of the demo, with its area, level and mediators."""

    body: BodyId
    area: AreaId
    level: Level
    members: tuple[OfficerId, ...]
    town: str


class Where(Enum):
    """What a step is asked of."""

    CASE = "case"
    OFFER = "offer"
    REFERRAL = "referral"
    BEGINNING = "beginning"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Step:
    """A command whose content is made when its turn comes, from what the case is then.

    `about`: the referral or escalation that it is asked of; `begins`: the one that it begins."""

    case: CaseId
    by: OfficerId
    body: BodyId
    recorded_at: datetime
    make: Make
    where: Where = Where.CASE
    about: UUID | None = None
    begins: UUID | None = None


def at(moment: datetime, make: Make) -> Make:
    def dated(case: DisputeCase) -> Command[Any] | None:
        made = make(case)
        return made.but(occurred_at=moment) if made else None

    return dated


def unless_in_effect(number: int, command: CaseCommand) -> Make:
    """An organ's agreement takes effect with the parties' signatures: it needs no seal."""
    return lambda case: command if case.mediations[number].stage is Stage.AGREED else None


def side(case: DisputeCase, wanted: Side) -> PersonId:
    return next(id for id, party in case.parties.items() if party.side is wanted)


def consent(case: DisputeCase, wanted: Side) -> GiveConsent:
    """To mediation in the channel in which it goes on now."""
    assert case.active_mediation
    return GiveConsent(party=side(case, wanted), subject=ToMediation(channel=case.active_mediation.channel))


def working_hours(moment: datetime) -> datetime:
    """The moment, or the next morning where it is night."""
    local = moment.astimezone(SHANGHAI)
    if local.hour < 8:
        return local.replace(hour=8, minute=local.minute)
    if local.hour >= 18:
        return (local + DAY).replace(hour=8, minute=local.minute)
    return local


def phone(source: Random) -> str:
    """A telephone number of a range that is given to nobody."""
    return f"100{source.randrange(10**8):08d}"
