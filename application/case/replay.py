"""回放 A matter step by step: every entry of the case, its referrals and escalations, and how it stood after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from application.case.page import CasePage, TimelineEntry, gist, timeline
from application.case.picture import Picture, picture
from application.case.service import Cases
from application.escalation.row import escalation_card
from application.escalation.service import Escalations
from application.moments import KnownAt, Standpoint, beside
from application.referral.row import referral_card
from application.referral.service import Referrals
from application.rights import Viewer
from domain.case.case import DisputeCase
from domain.shared.decider import History
from domain.shared.errors import Missing
from domain.shared.values import CaseId

STEPS_OF = ("case", "referral", "escalation")


class NoSuchStep(Missing):
    """The matter has no step of this number."""


@dataclass(frozen=True)
class Step:
    """An entry where it stands among all of the matter. `of`: one of STEPS_OF."""

    number: int
    of: str
    id: UUID
    line: TimelineEntry

    @property
    def at(self) -> KnownAt:
        return KnownAt.with_entry(self.line.entry)


@dataclass(frozen=True)
class Replay:
    """The histories of one matter, as the reader may read them."""

    case: History[DisputeCase]
    referrals: Sequence[History[Any]]
    escalations: Sequence[History[Any]]
    case_at: Callable[[KnownAt], History[DisputeCase]]
    """The case of a moment, as far as they may read it of that one: see disclosure.past. Raises UnknownStream."""

    @cached_property
    def steps(self) -> list[Step]:
        """By their places in the ledger."""
        kinds = zip(STEPS_OF, ([self.case], self.referrals, self.escalations), strict=True)
        found = [(of, one.id, line) for of, all_of in kinds for one in all_of for line in timeline(one.entries)]
        found.sort(key=lambda one: one[2].position)
        return [Step(number, *one) for number, one in enumerate(found, 1)]

    def step(self, number: int) -> Step:
        if not 0 < number <= len(self.steps):
            raise NoSuchStep(step=number, steps=len(self.steps))
        return self.steps[number - 1]

    def before(self, step: Step) -> Step | None:
        """The last one that was not recorded together with it: what is recorded at once changed at once."""
        request = step.line.entry.stamp.request
        earlier = (one for one in reversed(self.steps[: step.number - 1]) if one.line.entry.stamp.request != request)
        return next(earlier, None)

    def last_by(self, moment: datetime) -> Step:
        """The last one that was recorded by then. Raises NoSuchStep."""
        known = [one for one in self.steps if one.line.recorded_at <= moment]
        return self.step(len(known))

    def then(self, at: KnownAt) -> Replay:
        return Replay(
            beside(self.case_at(at), at),
            [then for one in self.referrals if (then := beside(one, at)).entries],
            [then for one in self.escalations if (then := beside(one, at)).entries],
            self.case_at,
        )

    @cached_property
    def read(self) -> CasePage:
        """The case without its timeline."""
        return gist(self.case)

    def with_lines(self, lines: list[TimelineEntry]) -> CasePage:
        """The page of the case with these lines, to be shown as the reader may see them."""
        return replace(self.read, timeline=lines)

    def picture(self, read: CasePage) -> Picture:
        """`read`: the page as the reader may see it."""
        return picture(read, map(referral_card, self.referrals), map(escalation_card, self.escalations))


class Replays:
    def __init__(self, cases: Cases, referrals: Referrals, escalations: Escalations) -> None:
        self._cases, self._referrals, self._escalations = cases, referrals, escalations

    def of(self, id: CaseId, viewer: Viewer, now: datetime) -> Replay:
        """Who reads only a part of the case replays that part. Raises UnknownStream."""
        case = self._cases.history(id, viewer, now)
        beside = self._referrals.read(id, viewer, now), self._escalations.read(id, viewer, now)

        def case_at(at: KnownAt) -> History[DisputeCase]:
            return self._cases.read(self._cases.whole(id), viewer, now, Standpoint(as_of=at.recorded))

        return Replay(case, *beside, case_at)
