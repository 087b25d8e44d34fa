"""What is asked of the figures: of which moment, window and area, in whose view, and by what they are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.shared.values import Level


class View(StrEnum):
    """To whom a matter is counted."""

    PLACE = "place"  # 按纠纷发生地
    HOLDER = "holder"  # 按承办单位


class By(StrEnum):
    """By what figures are told apart."""

    ALL = "all"
    GRID = "grid"
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    MONTH = "month"
    CATEGORY = "category"
    SOURCE = "source"
    LEVEL = "level"
    RESULT = "result"
    CHANNEL = "channel"
    BODY = "body"
    AGE = "age"
    OUTCOME = "outcome"
    GROUND = "ground"


AGES = (7, 30, 90, 180)
"""Days that part the ages of what is open: a case lies in the age of so many of them."""
LEVELS = {By.GRID: Level.GRID, By.VILLAGE: Level.VILLAGE, By.TOWNSHIP: Level.TOWNSHIP, By.COUNTY: Level.COUNTY}


@dataclass(frozen=True)
class Moment:
    """By what had happened until the end of that day, as it was known after the entry at that position."""

    day: date
    position: int
    is_now: bool = False
    """Whether nothing later is known or has happened: then what holds is found without asking each row."""


@dataclass(frozen=True)
class Counting:
    """`until` is never later than the day of the moment that it is counted at."""

    until: date
    since: date | None = None
    view: View = View.PLACE
    bodies: frozenset[UUID] = frozenset()
    """Whose matters count, in the view of who holds them."""
    areas: tuple[UUID, ...] = ()
    """Areas in all of which the place lay on the day that something goes by."""
    wishes: Mapping[str, Any] = field(default_factory=dict)
    """Columns of the row or of its case, and what each of them is."""
    by: By = By.ALL

    @property
    def by_level(self) -> Level | None:
        return LEVELS.get(self.by)

    @property
    def by_columns(self) -> frozenset[str]:
        """What is read of the row, or else of its case, to tell the figures apart."""
        none = {By.ALL, By.MONTH, By.BODY, By.AGE, *LEVELS}
        return frozenset() if self.by in none else frozenset({self.by.value})
