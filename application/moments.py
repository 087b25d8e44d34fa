"""What is read as of a moment: up to a version, as it was known, by what had happened; for every kind of thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from annotated_types import Ge

from domain.shared.calendar import local_day
from domain.shared.decider import Entry, History, standing
from domain.shared.errors import Missing, Refused, UnknownStream
from domain.shared.values import Moment, Value

S = TypeVar("S")


class UnknownVersion(Missing):
    """It has not come to this version."""


class NotYetCome(Refused):
    """That moment has not come yet: nothing is known of it."""


SLACK = timedelta(minutes=1)
"""By so much the clock of whoever asks may be ahead."""


class Standpoint(Value):
    """`as_of`: recorded by then. `effective_at`: happened by then, as known. Several given: all apply."""

    version: Annotated[int, Ge(1)] | None = None
    as_of: Moment | None = None
    effective_at: Moment | None = None


PRESENT = Standpoint()


@dataclass(frozen=True)
class KnownAt:
    """What was known at a moment, and the day in Asia/Shanghai of which it is read.

    `position`, `request`: of an entry that was just recorded: what stands before it in the ledger is known, and what
    was recorded together with it.
    """

    recorded: datetime
    day: date
    position: int | None = None
    request: UUID | None = None
    latest: bool = False
    """Whatever is known: also what a process recorded whose clock is ahead of ours."""

    @classmethod
    def now(cls, at: datetime, day: date | None = None) -> KnownAt:
        return cls(at, day or local_day(at), latest=True)

    @classmethod
    def with_entry(cls, entry: Entry[Any], day: date | None = None) -> KnownAt:
        return cls(entry.recorded_at, day or local_day(entry.recorded_at), entry.position, entry.stamp.request)

    def knows(self, entry: Entry[Any]) -> bool:
        if self.had_by_then(entry.recorded_at, entry.position):
            return True
        return self.request is not None and entry.stamp.request == self.request

    def had_by_then(self, recorded_at: datetime, position: int) -> bool:
        """The same of what is read from a table, which knows no requests."""
        if self.latest:
            return True
        return recorded_at <= self.recorded and (self.position is None or position <= self.position)


def refuse_future(asked: Standpoint, now: datetime) -> Standpoint:
    """Raises NotYetCome."""
    for moment in (asked.as_of, asked.effective_at):
        if moment and moment > now + SLACK:
            raise NotYetCome(moment=moment)
    return asked


def as_it_was(history: History[S], asked: Standpoint) -> History[S]:
    """What was recorded of it by then. Raises UnknownStream before it was recorded, and before it happened;
    UnknownVersion where not so much was recorded."""
    if asked.version is not None and asked.version > history.version:
        raise UnknownVersion(version=asked.version, latest=history.version)

    def known(entry: Entry[Any]) -> bool:
        early = asked.version is None or entry.version <= asked.version
        return early and (asked.as_of is None or entry.recorded_at <= asked.as_of)

    then = history.until(known) if asked.version is not None or asked.as_of else history
    if not then.entries or (asked.effective_at and not _had_happened(then, asked.effective_at)):
        raise UnknownStream(id=history.id)
    return then


def _had_happened(history: History[Any], by: datetime) -> bool:
    return any(one.event.shown_from(one.occurred_at) <= by for one in standing(history.entries))


def known_at(then: History[Any], asked: Standpoint, now: datetime) -> KnownAt:
    """The moment of which everything beside it is shown. `then`: the thing as it was."""
    day = local_day(asked.effective_at) if asked.effective_at else None
    if asked.version is not None:
        return KnownAt.with_entry(then.entries[-1], day)
    if asked.as_of:
        return KnownAt(asked.as_of, day or local_day(asked.as_of))
    return KnownAt.now(now, day)


def beside_case(then: History[Any], asked: Standpoint) -> Standpoint:
    """The moment of its case at which a referral or an escalation stood as it is asked for; `then`: as it was."""
    if asked.version is None:
        return asked
    return Standpoint(as_of=then.entries[-1].recorded_at, effective_at=asked.effective_at)


def beside(history: History[S], at: KnownAt, effective_at: datetime | None = None) -> History[S]:
    """Another thing as it was at that moment, as it stands beside the one that was asked for: maybe not yet there."""
    then = history if at.latest else history.until(at.knows)
    return happened_by(then, effective_at) if effective_at else then


def happened_by(history: History[S], moment: datetime) -> History[S]:
    """With what had happened by then, and the state that it led to."""
    entries = tuple(one for one in history.entries if one.event.shown_from(one.occurred_at) <= moment)
    return History(history.id, history.blank, entries, history.effective_at(moment))
