"""例会与屋场会 Meetings: what was raised, discussed, decided, done and assessed (提、议、决、办、评)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Len

from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict, Missing, Refused
from domain.shared.law import Citation
from domain.shared.occasion import Occasion
from domain.shared.states import State
from domain.shared.values import AreaId, BodyId, CaseId, Count, Day, Narrative, Text, Told, Value
from domain.sweep.kinds import SWEEPING, Assessment, MeetingForm, MeetingId, MeetingStage, WithdrawalGround

PointNumber = Annotated[int, Ge(1)]
HELD = frozenset({MeetingStage.HELD})


class Decided(Value):
    """A point of a meeting, as later decisions need it."""

    follows_up: BodyId | None = None
    do_by: date | None = None
    done_at: datetime | None = None
    assessed: Assessment | None = None


class Meeting(State):
    id: MeetingId
    stage: MeetingStage = MeetingStage.NEW
    since: datetime | None = None
    unit: AreaId | None = None
    form: MeetingForm = MeetingForm.REVIEW
    attended: int = 0
    cases: tuple[CaseId, ...] = ()
    points: Mapping[int, Decided] = field(default_factory=dict)

    @classmethod
    def blank(cls, id: Any) -> Meeting:
        return cls(id=id)

    def with_point(self, number: int, point: Decided) -> Meeting:
        return self.but(points={**self.points, number: point})


class MeetingCommand(Command[Meeting]):
    """A command on a meeting."""

    rule: ClassVar[Citation | None] = None

    def ground(self, state: Meeting) -> StageSince:
        return StageSince(state.stage, state.since)

    @abstractmethod
    def decide(self, meeting: Meeting, on: Occasion) -> tuple[MeetingEvent, ...]: ...


class MeetingEvent(Event[Meeting]):
    """An event of a meeting. `of`: the commands that lead to it."""

    of: ClassVar[tuple[type[MeetingCommand], ...]] = ()

    @abstractmethod
    def evolve(self, meeting: Meeting, at: datetime) -> Meeting: ...


class FollowUpIncomplete(Refused):
    """Whoever is to follow up is named together with a day that is still to come, and what was decided."""


class UnknownPoint(Missing):
    """The meeting has no such point."""


class NothingToFollowUp(Conflict):
    """Nobody was charged with this point."""


class FollowedUpAlready(Conflict):
    """This is recorded of the point already."""


class NotDoneYet(Conflict):
    """What was not done yet is not assessed."""


class Point(Value):
    """One thing that was talked about."""

    raised: Told
    discussed: Text = ""
    decided: Text = ""
    follows_up: BodyId | None = None
    do_by: Day | None = None


class HoldMeeting(MeetingCommand):
    """记录会议"""

    allowed_in: ClassVar = frozenset({MeetingStage.NEW})
    rule = SWEEPING
    unit: AreaId
    form: MeetingForm
    attended: Count
    agenda: Annotated[tuple[Told, ...], Len(0, 30)] = ()
    cases: Annotated[tuple[CaseId, ...], Len(0, 200)] = ()
    points: Annotated[tuple[Point, ...], Len(0, 30)] = ()

    def decide(self, meeting: Meeting, on: Occasion) -> tuple[MeetingEvent, ...]:
        on.area(self.unit)
        for point in self.points:
            self._check(point, on)
        agenda = tuple(on.narrative(one, 1_000 + number) for number, one in enumerate(self.agenda))
        points = tuple(_as_recorded(number, one, on) for number, one in enumerate(self.points, 1))
        held = MeetingHeld(
            unit=self.unit,
            form=self.form,
            attended=self.attended,
            agenda=agenda,
            cases=tuple(dict.fromkeys(self.cases)),
            points=points,
        )
        return (held,)

    def _check(self, point: Point, on: Occasion) -> None:
        if point.follows_up:
            on.receiving_body(point.follows_up)
        told = (point.follows_up is not None, point.do_by is not None)
        if any(told) and not (all(told) and point.decided and point.do_by and point.do_by >= on.day):
            raise FollowUpIncomplete(do_by=point.do_by)


class RecordedPoint(Value):
    number: PointNumber
    raised: Narrative
    discussed: Narrative | None
    decided: Narrative | None
    follows_up: BodyId | None
    do_by: date | None


def _as_recorded(number: int, point: Point, on: Occasion) -> RecordedPoint:
    return RecordedPoint(
        number=number,
        raised=on.narrative(point.raised, 3 * number),
        discussed=on.narrative(point.discussed, 3 * number + 1) if point.discussed else None,
        decided=on.narrative(point.decided, 3 * number + 2) if point.decided else None,
        follows_up=point.follows_up,
        do_by=point.do_by,
    )


class MeetingHeld(MeetingEvent):
    name: ClassVar = "sweep.meeting_held"
    of = (HoldMeeting,)
    unit: AreaId
    form: MeetingForm
    attended: Count
    agenda: tuple[Narrative, ...]
    cases: tuple[CaseId, ...]
    points: tuple[RecordedPoint, ...]

    def evolve(self, meeting: Meeting, at: datetime) -> Meeting:
        return meeting.but(
            stage=MeetingStage.HELD,
            since=at,
            unit=self.unit,
            form=self.form,
            attended=self.attended,
            cases=self.cases,
            points={one.number: Decided(follows_up=one.follows_up, do_by=one.do_by) for one in self.points},
        )


class FollowUpPoint(MeetingCommand):
    """办: what was decided is done"""

    allowed_in: ClassVar = HELD
    point: PointNumber
    done: Told

    def decide(self, meeting: Meeting, on: Occasion) -> tuple[MeetingEvent, ...]:
        known = known_point(meeting, self.point)
        if known.follows_up is None:
            raise NothingToFollowUp(point=self.point)
        if known.done_at:
            raise FollowedUpAlready(point=self.point)
        return (PointFollowedUp(point=self.point, done=on.narrative(self.done, 1)),)


class PointFollowedUp(MeetingEvent):
    name: ClassVar = "sweep.point_followed_up"
    of = (FollowUpPoint,)
    point: PointNumber
    done: Narrative

    def evolve(self, meeting: Meeting, at: datetime) -> Meeting:
        return meeting.with_point(self.point, meeting.points[self.point].but(done_at=at))


class AssessPoint(MeetingCommand):
    """评: those who raised it say what they think of it"""

    allowed_in: ClassVar = HELD
    point: PointNumber
    assessment: Assessment

    def decide(self, meeting: Meeting, on: Occasion) -> tuple[MeetingEvent, ...]:
        known = known_point(meeting, self.point)
        if known.done_at is None:
            raise NotDoneYet(point=self.point)
        if known.assessed:
            raise FollowedUpAlready(point=self.point)
        return (PointAssessed(point=self.point, assessment=self.assessment),)


class PointAssessed(MeetingEvent):
    name: ClassVar = "sweep.point_assessed"
    of = (AssessPoint,)
    point: PointNumber
    assessment: Assessment

    def evolve(self, meeting: Meeting, at: datetime) -> Meeting:
        return meeting.with_point(self.point, meeting.points[self.point].but(assessed=self.assessment))


class WithdrawMeeting(MeetingCommand):
    """作废会议记录: the record stays to be read."""

    allowed_in: ClassVar = HELD
    because: WithdrawalGround

    def decide(self, meeting: Meeting, on: Occasion) -> tuple[MeetingEvent, ...]:
        return (MeetingWithdrawn(because=self.because),)


class MeetingWithdrawn(MeetingEvent):
    name: ClassVar = "sweep.meeting_withdrawn"
    of = (WithdrawMeeting,)
    because: WithdrawalGround

    def evolve(self, meeting: Meeting, at: datetime) -> Meeting:
        return meeting.but(stage=MeetingStage.WITHDRAWN, since=at)


def known_point(meeting: Meeting, number: int) -> Decided:
    """Raises UnknownPoint."""
    if number not in meeting.points:
        raise UnknownPoint(point=number)
    return meeting.points[number]
