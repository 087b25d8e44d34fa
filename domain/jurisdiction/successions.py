"""沿革提议 Which area of last year is which one of this year's sheet: by its code, its name, and what lies in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from domain.jurisdiction.sheet import AreaRow
from domain.shared.values import AreaId, Level, Value

ENDINGS = re.compile(
    r"(社区居民委员会|村民委员会|居民委员会|社区居委会|村委会|居委会|街道办事处|管理委员会|管委会|管理区"
    r"|[\u4e00-\u9fff]{1,4}族(?:自治)?(?:乡|县)|自治县|社区|街道|地区|[村镇乡县市区旗盟])$"
)
"""What an area is, behind its name: it often changes with the name staying."""
ALIKE = 0.5
"""Where more than this share of names, or of signs of a name, is the same, two are taken for one."""
DISTINGUISHING = frozenset("0123456789一二三四五六七八九十甲乙丙丁东西南北中上下前后左右内外大小新老")
"""Signs by which neighbours tell their places apart, one in the place of another: 东风一村 and 东风二村 are two."""


One = TypeVar("One")


class KnownArea(Value):
    """An area in force in the register."""

    id: AreaId
    code: str
    name: str
    level: Level
    parent: str
    """Its parent's code; empty: none."""


def core(name: str) -> str:
    return ENDINGS.sub("", name) or name


def is_alike(one: str, other: str) -> bool:
    """Whether one name may be the other one, written otherwise: 白家埫村 and 白家淌村, but not 王家村 and 李家村."""
    ones, others = set(core(one)), set(core(other))
    if DISTINGUISHING & (ones - others) and DISTINGUISHING & (others - ones):
        return False
    return len(ones & others) > ALIKE * max(len(ones), len(others))


@dataclass
class Successions:
    """`gone`: areas whose codes the sheet has no more, or gives to another name. `new`: rows that no area has yet."""

    gone: Mapping[str, KnownArea]
    new: Mapping[str, AreaRow]
    inside_known: Mapping[str, set[str]]
    """The names of what lies in each area of the register."""
    inside_new: Mapping[str, set[str]]
    """The names of what lies in each area of the sheet."""
    found: dict[str, str] = field(default_factory=dict)
    """The new code of each old one."""

    def match(self) -> dict[str, str]:
        """From the highest level down, so that what lies in a recoded town is looked for in the town as it is now."""
        for level in reversed(Level):
            self._each(level, lambda area: (self._above(area), area.name), lambda row: (row.parent, row.name))
            self._by_what_lies_inside(level)
            self._each(
                level, lambda area: (self._above(area), core(area.name)), lambda row: (row.parent, core(row.name))
            )
            self._each(level, lambda area: area.name, lambda row: row.name)
        return self.found

    def _above(self, area: KnownArea) -> str:
        return self.found.get(area.parent, area.parent)

    def _left(self, level: Level) -> tuple[list[KnownArea], list[AreaRow]]:
        taken = set(self.found.values())
        gone = [area for code, area in self.gone.items() if code not in self.found and area.level is level]
        return gone, [row for row in self.new.values() if row.code not in taken and row.level is level]

    def _each(self, level: Level, of_area: Callable[[KnownArea], object], of_row: Callable[[AreaRow], object]) -> None:
        """Where the same is said of one area and of one row, and of no other."""
        gone, new = self._left(level)
        if not gone:
            return
        areas, rows = _by(gone, of_area), _by(new, of_row)
        for key, (area, *others) in areas.items():
            if not others and len(rows.get(key, ())) == 1:
                self.found[area.code] = rows[key][0].code

    def _by_what_lies_inside(self, level: Level) -> None:
        gone, new = self._left(level)
        for area in gone:
            names = self.inside_known.get(area.code, set())
            shares = [
                (len(names & self.inside_new.get(row.code, set())) / len(names), row.code)
                for row in new
                if names and row.parent == self._above(area) and row.code not in self.found.values()
            ]
            share, code = max(shares, default=(0.0, ""))
            if share > ALIKE:
                self.found[area.code] = code


def _by(ones: Iterable[One], key: Callable[[One], object]) -> dict[object, list[One]]:
    found: dict[object, list[One]] = defaultdict(list)
    for one in ones:
        found[key(one)].append(one)
    return found


def renumbered(rows: Iterable[AreaRow], known: Mapping[str, KnownArea]) -> set[str]:
    """Codes that the sheet gives to another area than the register: the old name stands beside it under a code that
    had another name so far. From the highest level down: where towns have changed their codes among themselves, their
    villages are looked for in the town as it is now."""
    beside = {(row.parent, row.name): row.code for row in rows}
    went = dict[str, str]()

    def place(area: KnownArea) -> tuple[str, str]:
        return went.get(area.parent, area.parent), area.name

    for area in sorted(known.values(), key=lambda one: -one.level.rank):
        code = beside.get(place(area), area.code)
        if code != area.code and (code not in known or place(known[code]) != place(area)):
            went[area.code] = code
    return went.keys() & known.keys()
