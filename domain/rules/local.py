"""本地期限 A county's own limit: what may replace a default, and which one holds for a place on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from annotated_types import Ge, Le, Len

from domain.shared.errors import Refused
from domain.shared.law import Citation, Effect, Footing, TimeLimit, Unit
from domain.shared.values import AreaId, Filled, Line, Name, OneLine, Printable, Value

ClockCode = Annotated[str, Len(1, 60), Printable, OneLine]
LawName = Annotated[str, Len(1, 200), Printable, OneLine, Filled]


class UnknownClock(Refused):
    """No limit has this code."""


class LengthTooShort(Refused):
    """A limit is one unit long at least."""


class SoftOnlyFlags(Refused):
    """A limit that is generally to be kept (一般应当) is flagged when late; what escalates is not soft."""


class ClockOfLaw(Refused):
    """The limit follows from a law: a county does not replace it."""


class LongerThanTheLaw(Refused):
    """A soft limit of a law may be made shorter, in a unit that shows it, never longer."""


class OnlyEscalates(Refused):
    """A county may say of a soft limit of a law that lateness escalates the case, and nothing else."""


class LocalLimit(Value):
    """What a county sets in place of a default. What starts, extends or pauses it stays as the default says."""

    code: ClockCode
    length: Annotated[int, Ge(-10_000), Le(10_000)]
    counted_in: Unit
    effect: Effect = Effect.FLAG
    soft: bool = False
    law: LawName
    article: Line

    def check(self, clocks: Mapping[str, TimeLimit], day: date) -> None:
        """Raises a refusal that names the rule and its article."""
        if not (default := clocks.get(self.code)):
            raise UnknownClock(clock=self.code)
        if self.length < 1:
            raise LengthTooShort(clock=self.code, length=self.length)
        if self.soft and self.effect is not Effect.FLAG:
            raise SoftOnlyFlags(clock=self.code, effect=self.effect)
        if default.footing is Footing.LAW:
            self._check_law(default.on(day))

    def _check_law(self, default: TimeLimit) -> None:
        if not default.soft:
            raise ClockOfLaw(clock=self.code, article=str(default.basis))
        if self.effect not in (Effect.FLAG, Effect.ESCALATE):
            raise OnlyEscalates(clock=self.code, effect=self.effect, article=str(default.basis))
        if not _surely_within(self, default):
            raise LongerThanTheLaw(clock=self.code, article=str(default.basis))

    def in_place_of(self, default: TimeLimit, since: date) -> TimeLimit:
        return default.but(
            length=self.length,
            counted_in=self.counted_in,
            basis=Citation(law=self.law, article=self.article, in_force=since),
            effect=self.effect,
            soft=self.soft,
            footing=Footing.LOCAL,
            text_read=True,
            amended=(),
        )


LONGEST = {Unit.DAYS: 1, Unit.MONTHS: 31, Unit.YEARS: 366}
SHORTEST = {Unit.DAYS: 1, Unit.MONTHS: 28, Unit.YEARS: 365}
"""Days in one unit. Where hours and working days end, only the calendar tells: they are compared with their like."""


def _surely_within(local: LocalLimit, default: TimeLimit) -> bool:
    """Whether it ends no later from whatever day it starts."""
    if local.counted_in is default.counted_in:
        return local.length <= default.length
    if not {local.counted_in, default.counted_in} <= LONGEST.keys():
        return False
    return local.length * LONGEST[local.counted_in] <= default.length * SHORTEST[default.counted_in]


class RulePack(Value):
    """The limits that an area sets, from a day until a day on which they no longer hold."""

    area: AreaId
    pack_name: Name
    in_force_from: date
    in_force_until: date | None = None
    limits: tuple[LocalLimit, ...]
    note: Line = ""

    def in_force(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)

    def meets(self, other: RulePack) -> bool:
        """Whether both are in force on some day."""
        ends = [one.in_force_until for one in (self, other) if one.in_force_until is not None]
        start = max(self.in_force_from, other.in_force_from)
        return all(start < end for end in ends)


def local_limits(
    packs: Iterable[RulePack], path: Sequence[AreaId], day: date, clocks: Mapping[str, TimeLimit]
) -> dict[str, TimeLimit]:
    """By code; `path`: the areas that the place lies in, itself first. The most specific area wins."""
    known = [one for one in packs if one.in_force(day)]
    found: dict[str, TimeLimit] = {}
    for area in reversed(path):
        for pack in (one for one in known if one.area == area):
            for limit in (one for one in pack.limits if one.code in clocks):
                default = clocks[limit.code].on(pack.in_force_from)
                found[limit.code] = limit.in_place_of(default, pack.in_force_from)
    return found
