"""What is published of an area and a period, and what every command and event of it has in common."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid5

from annotated_types import Ge, Len
from pydantic import BaseModel

from domain.shared.decider import Command, Event, StageSince
from domain.shared.states import State
from domain.shared.values import AreaId, Day, Level, Line, Value

_PUBLICATIONS = UUID("0c2f6a5e-0b0e-4d0f-9a39-2a6d3a1d7c55")


def publication_id(area: AreaId | None, since: date, until: date) -> UUID:
    """The stream of an area's publications of a period: one, so that each edition knows the one before."""
    return uuid5(_PUBLICATIONS, f"{area}/{since}/{until}")


class PublicationStage(StrEnum):
    NEW = "new"  # 尚未公布
    PUBLISHED = "published"  # 已公布


class NumberOf(Value):
    """A figure as it was told, by which version of its definition. `_of`: of how many."""

    figure: Line
    version: Annotated[int, Ge(1)]
    period: float | None = None
    period_of: float | None = None
    cohort: float | None = None
    cohort_of: float | None = None


class RowOf(Value):
    """The whole, or one area in it, under its name of then."""

    area: AreaId | None
    area_name: Line
    level: Level | None = None
    numbers: Annotated[tuple[NumberOf, ...], Len(1, 200)]


class PublishedTable(Value):
    """What is published: the same question, asked again of the same moment, gives the same bytes."""

    area: AreaId | None
    """None: all that there is."""
    since: Day
    until: Day
    day: Day
    """By what had happened until its end."""
    position: Annotated[int, Ge(0)]
    """As it was known after this entry of the ledger."""
    rows: Annotated[tuple[RowOf, ...], Len(1, 2_000)]

    def digest(self) -> str:
        """Of its bytes as they are stored."""
        return sha256(canonical(self)).hexdigest()

    def says_the_same(self, other: PublishedTable) -> bool:
        """Whatever was recorded in between."""
        return self.rows == other.rows and self.day == other.day


def canonical(table: BaseModel) -> bytes:
    return table.model_dump_json().encode()


class Publication(State):
    """What was published of one area and period."""

    id: UUID
    stage: PublicationStage = PublicationStage.NEW
    editions: int = 0
    last: PublishedTable | None = None

    @classmethod
    def blank(cls, id: Any) -> Publication:
        return cls(id=id)


class PublicationCommand(Command[Publication]):
    """A command on the publications of a period."""

    def ground(self, state: Publication) -> StageSince:
        return StageSince(state.stage, None)


class PublicationEvent(Event[Publication]):
    """An event of them."""
