"""专项行动 Campaigns: what is to be looked for, from when until when, by which units; and who has reported."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, Len
from pydantic import Field

from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Citation
from domain.shared.occasion import Occasion
from domain.shared.states import State
from domain.shared.values import AreaId, Day, Filled, Line, Value
from domain.sweep.kinds import SWEEPING, CampaignId, CampaignStage

MOST_TARGETS = 2_000
Number = Annotated[int, Ge(0), Le(1_000_000)]
Targets = Annotated[tuple[AreaId, ...], Len(1, MOST_TARGETS)]


class Reported(Value):
    looked_at: int
    found: int


class Campaign(State):
    id: CampaignId
    stage: CampaignStage = CampaignStage.NEW
    since: datetime | None = None
    unit: AreaId | None = None
    title: str = ""
    first_day: date | None = None
    last_day: date | None = None
    targets: frozenset[AreaId] = frozenset()
    reports: Mapping[AreaId, Reported] = field(default_factory=dict)

    @classmethod
    def blank(cls, id: Any) -> Campaign:
        return cls(id=id)

    def with_report(self, unit: AreaId, told: Reported) -> Campaign:
        return self.but(reports={**self.reports, unit: told})


class CampaignCommand(Command[Campaign]):
    """A command on a campaign."""

    rule: ClassVar[Citation | None] = None

    def ground(self, state: Campaign) -> StageSince:
        return StageSince(state.stage, state.since)

    @abstractmethod
    def decide(self, campaign: Campaign, on: Occasion) -> tuple[CampaignEvent, ...]: ...


class CampaignEvent(Event[Campaign]):
    """An event of a campaign. `of`: the commands that lead to it."""

    of: ClassVar[tuple[type[CampaignCommand], ...]] = ()

    @abstractmethod
    def evolve(self, campaign: Campaign, at: datetime) -> Campaign: ...


class CampaignTurnedRound(Refused):
    """A campaign ends on or after the day on which it begins, and not before today."""


class TargetElsewhere(Refused):
    """A target lies in the area for which the campaign is launched."""


class NotATarget(Refused):
    """This unit was not asked."""


class SameAsReported(Conflict):
    """The unit has reported just this."""


class LaunchCampaign(CampaignCommand):
    """部署专项行动"""

    allowed_in: ClassVar = frozenset({CampaignStage.NEW})
    rule = SWEEPING
    unit: AreaId
    title: Annotated[Line, Filled, Field(min_length=1)]
    first_day: Day
    last_day: Day
    targets: Targets

    def decide(self, campaign: Campaign, on: Occasion) -> tuple[CampaignEvent, ...]:
        if self.last_day < max(self.first_day, on.day):
            raise CampaignTurnedRound(first_day=self.first_day, last_day=self.last_day)
        targets = tuple(dict.fromkeys(self.targets))
        for one in targets:
            if self.unit not in on.area(one).within:
                raise TargetElsewhere(area=one)
        told = self.model_dump(include=set(CampaignLaunched.model_fields))
        return (CampaignLaunched(**told | {"targets": targets}),)


class CampaignLaunched(CampaignEvent):
    name: ClassVar = "sweep.campaign_launched"
    of = (LaunchCampaign,)
    unit: AreaId
    title: Line
    first_day: date
    last_day: date
    targets: Targets

    def evolve(self, campaign: Campaign, at: datetime) -> Campaign:
        return campaign.but(
            stage=CampaignStage.RUNNING,
            since=at,
            unit=self.unit,
            title=self.title,
            first_day=self.first_day,
            last_day=self.last_day,
            targets=frozenset(self.targets),
        )


class ReportOnCampaign(CampaignCommand):
    """报告专项行动: the last one of a unit counts"""

    allowed_in: ClassVar = frozenset({CampaignStage.RUNNING})
    unit: AreaId
    looked_at: Number
    found: Number

    def decide(self, campaign: Campaign, on: Occasion) -> tuple[CampaignEvent, ...]:
        if self.unit not in campaign.targets:
            raise NotATarget(area=self.unit)
        if campaign.reports.get(self.unit) == Reported(looked_at=self.looked_at, found=self.found):
            raise SameAsReported(area=self.unit)
        return (CampaignReported(unit=self.unit, looked_at=self.looked_at, found=self.found),)


class CampaignReported(CampaignEvent):
    name: ClassVar = "sweep.campaign_reported"
    of = (ReportOnCampaign,)
    unit: AreaId
    looked_at: Number
    found: Number

    def evolve(self, campaign: Campaign, at: datetime) -> Campaign:
        return campaign.with_report(self.unit, Reported(looked_at=self.looked_at, found=self.found))


class EndCampaign(CampaignCommand):
    """结束专项行动"""

    allowed_in: ClassVar = frozenset({CampaignStage.RUNNING})

    def decide(self, campaign: Campaign, on: Occasion) -> tuple[CampaignEvent, ...]:
        return (CampaignEnded(),)


class CampaignEnded(CampaignEvent):
    name: ClassVar = "sweep.campaign_ended"
    of = (EndCampaign,)

    def evolve(self, campaign: Campaign, at: datetime) -> Campaign:
        return campaign.but(stage=CampaignStage.ENDED, since=at)
