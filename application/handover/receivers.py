"""Before something is moved: who may take it, by which article, with whose consent, and when it would be due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.directory import BodyRow
from application.rules import RuleBook
from domain.escalation.commands import TAKES_UP
from domain.referral.kinds import Consenting, Way, way
from domain.referral.limits import IN_TRANSIT
from domain.referral.terms import NotCompetent, refuse_filing
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError
from domain.shared.law import Due, TimeLimit
from domain.shared.values import AreaId, ReferralKind

OFFERED = tuple(kind for kind in ReferralKind if kind is not ReferralKind.GUIDE)
"""Who is guided applies by themselves: that is no offer."""


@dataclass(frozen=True)
class Possibility:
    """A kind of referral, as this body could offer it now; `blocked` by a refusal, or free."""

    kind: ReferralKind
    receivers: Sequence[BodyRow]
    way: Way | None
    due: Due | None
    blocked: DomainError | None

    @property
    def consenting(self) -> Consenting:
        return self.way.consenting if self.way else Consenting.PARTIES


def possibilities(
    sender: BodyRow, bodies: Sequence[BodyRow], filed: bool, count: Callable[[TimeLimit], Due]
) -> Iterator[Possibility]:
    """`filed`: whether a court has accepted a suit; `count`: when a limit would end that began now."""
    for kind in OFFERED:
        found = {body: leading for body in bodies if not body.dissolved and (leading := way(kind, sender, body))}
        due = count(IN_TRANSIT[kind]) if kind in IN_TRANSIT else None
        blocked = _blocked(kind, filed) if found else NotCompetent(kind=kind)
        yield Possibility(kind, list(found), next(iter(found.values()), None), due, blocked)


def _blocked(kind: ReferralKind, filed: bool) -> DomainError | None:
    try:
        refuse_filing(kind, filed)
    except DomainError as refusal:
        return refusal
    return None


def counter(book: RuleBook, area: AreaId, now: datetime) -> Callable[[TimeLimit], Due]:
    """Counts as a decision at that moment would, with the limits of that place."""
    calendar, local = book.calendar(), book.local(area, local_day(now))
    return lambda limit: local.get(limit.code, limit.on(local_day(now))).counted(now, calendar)


def above(holder: BodyRow, bodies: Sequence[BodyRow], path: Sequence[AreaId]) -> list[BodyRow]:
    """`path`: the areas that the holder's lies in, itself first."""
    return [one for one in _taking_up(bodies) if one.area in path[1:] and one.level.rank > holder.level.rank]


def below(holder: BodyRow, bodies: Sequence[BodyRow]) -> list[BodyRow]:
    """`bodies`: those of the holder's area and of the areas in it. An organ or a court assigns nothing down."""
    lower = [one for one in _taking_up(bodies) if one.level.rank < holder.level.rank]
    return lower if holder.kind in TAKES_UP else []


def _taking_up(bodies: Sequence[BodyRow]) -> Iterator[BodyRow]:
    return (one for one in bodies if one.kind in TAKES_UP and not one.dissolved)
