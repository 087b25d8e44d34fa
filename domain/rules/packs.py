"""规则包 Rule packs: an area's own limits are published together, and withdrawn together."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid5

from annotated_types import Len

from domain.rules.holidays import RulesStage
from domain.rules.local import LocalLimit, RulePack
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict, Missing, Refused
from domain.shared.occasion import Occasion
from domain.shared.states import State
from domain.shared.values import AreaId, Day, Line, Name

_PACKS = UUID("b6f1a0c4-7f0e-4d7a-8f0c-6f6f4d0f7f3a")

Limits = Annotated[tuple[LocalLimit, ...], Len(0, 200)]


def packs_of(area: AreaId) -> UUID:
    """The stream of an area's packs: one, so that no two of them can overlap unseen."""
    return uuid5(_PACKS, str(area))


class EmptyPack(Refused):
    """A pack sets one limit at least."""


class PackEndsBeforeItBegins(Refused):
    """A pack is in force for one day at least."""


class PackNameTaken(Conflict):
    """The area has a pack of this name, in force or withdrawn."""


class ClocksOverlap(Conflict):
    """The same limit is set twice for the same area and day."""


class UnknownPack(Missing):
    """The area has no pack of this name."""


class PackEndsAlready(Conflict):
    """The pack ends on or before that day already."""


class AreaRules(State):
    """The packs of one area, by name."""

    stage: RulesStage = RulesStage.NEW
    packs: Mapping[str, RulePack] = field(default_factory=dict)

    @classmethod
    def blank(cls, id: Any) -> AreaRules:
        return cls()

    def with_pack(self, pack: RulePack) -> AreaRules:
        return self.but(stage=RulesStage.IN_USE, packs={**self.packs, pack.pack_name: pack})


class PackEvent(Event[AreaRules]):
    """An event of an area's packs."""


class PackCommand(Command[AreaRules]):
    """A command on an area's packs."""

    area: AreaId
    pack_name: Name

    def ground(self, state: AreaRules) -> StageSince:
        return StageSince(state.stage, None)

    @abstractmethod
    def decide(self, rules: AreaRules, on: Occasion) -> tuple[PackEvent, ...]: ...


class PublishRulePack(PackCommand):
    """发布规则包"""

    allowed_in: ClassVar = frozenset(RulesStage)
    in_force_from: Day
    in_force_until: Day | None = None
    limits: Limits
    note: Line = ""

    @property
    def pack(self) -> RulePack:
        return RulePack(**{name: getattr(self, name) for name in RulePack.model_fields})

    def decide(self, rules: AreaRules, on: Occasion) -> tuple[PackEvent, ...]:
        on.area(self.area)
        if not self.limits:
            raise EmptyPack(pack=self.pack_name)
        if self.in_force_until is not None and self.in_force_until <= self.in_force_from:
            raise PackEndsBeforeItBegins(in_force_from=self.in_force_from, in_force_until=self.in_force_until)
        if self.pack_name in rules.packs:
            raise PackNameTaken(pack=self.pack_name)
        for limit in self.limits:
            limit.check(on.clocks, self.in_force_from)
        self._check_overlap(rules)
        return (PackPublished(pack=self.pack),)

    def _check_overlap(self, rules: AreaRules) -> None:
        codes = Counter(one.code for one in self.limits)
        if twice := sorted(code for code, count in codes.items() if count > 1):
            raise ClocksOverlap(area=self.area, pack=self.pack_name, clocks=twice)
        for other in (one for one in rules.packs.values() if one.meets(self.pack)):
            if shared := sorted(set(codes) & {one.code for one in other.limits}):
                raise ClocksOverlap(area=self.area, pack=other.pack_name, clocks=shared)


class PackPublished(PackEvent):
    name: ClassVar = "rules.pack_published"
    pack: RulePack

    def evolve(self, state: AreaRules, at: datetime) -> AreaRules:
        return state.with_pack(self.pack)


class WithdrawRulePack(PackCommand):
    """停用规则包: dates that were counted with it stay as they are."""

    allowed_in: ClassVar = frozenset({RulesStage.IN_USE})
    in_force_until: Day
    """The first day on which it no longer holds; the day of its beginning: it never holds."""

    def decide(self, rules: AreaRules, on: Occasion) -> tuple[PackEvent, ...]:
        if not (held := rules.packs.get(self.pack_name)):
            raise UnknownPack(area=self.area, pack=self.pack_name)
        if self.in_force_until < held.in_force_from:
            raise PackEndsBeforeItBegins(in_force_from=held.in_force_from, in_force_until=self.in_force_until)
        if held.in_force_until is not None and held.in_force_until <= self.in_force_until:
            raise PackEndsAlready(pack=self.pack_name, in_force_until=held.in_force_until)
        return (PackWithdrawn(area=self.area, pack_name=self.pack_name, in_force_until=self.in_force_until),)


class PackWithdrawn(PackEvent):
    name: ClassVar = "rules.pack_withdrawn"
    area: AreaId
    pack_name: Name
    in_force_until: date

    def evolve(self, state: AreaRules, at: datetime) -> AreaRules:
        return state.with_pack(state.packs[self.pack_name].but(in_force_until=self.in_force_until))
