"""A value is told alike whatever class holds it, and otherwise wherever it says something else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from tests.recorded.canonical import canonical, hash_of
from tests.recorded.comparing import differences

ID = UUID(int=7)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


class Stage(StrEnum):
    OPEN = "open"
    OVER = "over"


class Number(Enum):
    ONE = 1


class Model(BaseModel):
    id: UUID
    stage: Stage = Stage.OPEN
    since: datetime | None = None
    ran_out: frozenset[str] = frozenset()
    known: dict[UUID, date] = {}


@dataclass(frozen=True, slots=True)
class Slotted:
    id: UUID
    ran_out: frozenset[Any] = frozenset()
    known: Any = field(default_factory=dict)
    since: datetime | None = None
    stage: Stage = Stage.OPEN
    came_later: int = 0


class Named(NamedTuple):
    id: UUID
    stage: Stage = Stage.OPEN


@dataclass(frozen=True)
class ClockName:
    """A text that got a type of its own."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}/{self.number}"


def test_the_class_its_order_and_a_field_that_came_later_make_no_difference() -> None:
    shanghai = NOON.astimezone(ZoneInfo("Asia/Shanghai"))
    model = Model(id=ID, stage=Stage.OVER, since=NOON, ran_out=frozenset({"b/2", "a/1"}), known={ID: NOON.date()})
    ran_out = frozenset({ClockName("a", 1), ClockName("b", 2)})
    slotted = Slotted(ID, ran_out, MappingProxyType({ID: NOON.date()}), shanghai, Stage.OVER)

    assert hash_of(canonical(slotted)) == hash_of(canonical(model))
    assert canonical(Named(ID)) == canonical(Model(id=ID)) == canonical(Slotted(ID)) == {"id": str(ID)}


@pytest.mark.parametrize(
    "other",
    [
        Model(id=UUID(int=8)),
        Model(id=ID, stage=Stage.OVER),
        Model(id=ID, ran_out=frozenset({"a/1"})),
        Model(id=ID, since=NOON),
        Slotted(ID, came_later=1),
    ],
)
def test_whatever_says_something_else_is_told_otherwise(other: Any) -> None:
    assert hash_of(canonical(other)) != hash_of(canonical(Model(id=ID)))


def test_every_kind_of_value_has_a_form_and_what_has_none_is_refused() -> None:
    told = canonical([None, True, 1.5, timedelta(hours=1), b"\x01", Number.ONE, {(1, "x"): (2,)}, {3, 1}])

    assert told == [None, True, 1.5, "3600.0 s", "01", 1, {'[1,"x"]': [2]}, [1, 3]]
    with pytest.raises(TypeError):
        canonical(object())


def test_a_difference_names_the_thing_and_the_place() -> None:
    then, now = {"case 1": {"stage": "open", "given": [1]}}, {"case 1": {"stage": "over", "given": [1]}}
    hashes = {"case 1": hash_of(then["case 1"]), "case 2": "gone"}

    found = differences("states", hashes, then, now)

    assert found == ['states: case 1: stage: "open" → "over"', "states: case 2: is not read any more"]
