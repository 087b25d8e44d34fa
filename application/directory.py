"""What things are called: areas, bodies and officers with their names, for pages and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from application.jurisdiction import AreaVersion
from domain.shared.values import AreaId, BodyId, BodyKind, Channel, Level, OfficerId, Value


class AreaRow(Value):
    id: AreaId
    version: int
    level: Level
    code: str
    name: str
    parent: AreaId | None


class BodyRow(Value):
    id: BodyId
    version: int
    area: AreaId
    level: Level
    kind: BodyKind
    name: str
    short_name: str
    code: str
    channel: Channel | None
    answers_for: BodyId
    term_until: date | None
    dissolved: bool = False
    merged_into: BodyId | None = None
    """Which body goes on in its place."""
    also: tuple[AreaId, ...] = ()
    """Where those stood that were merged into it."""


class BodiesApart(Value):
    """Two standing bodies of one kind in one area: the area of the first was merged into that of the other."""

    body: BodyRow
    into: BodyRow


class MemberRow(Value):
    officer: OfficerId
    member_name: str
    woman: bool
    seated_from: date
    seated_until: date | None

    def seated(self, day: date) -> bool:
        return self.seated_from <= day and (self.seated_until is None or day < self.seated_until)


class Directory(Protocol):
    def area_row(self, id: AreaId, day: date) -> AreaRow | None: ...

    def names(self, ids: Sequence[AreaId], day: date) -> Mapping[AreaId, str]: ...

    def roots(self, day: date) -> Sequence[AreaRow]: ...

    def child_rows(self, area: AreaId, day: date) -> Sequence[AreaRow]: ...

    def versions_around(self, area: AreaId | None, /) -> Sequence[AreaVersion]:
        """Its own, and those of every area that ever lay right in it; None: the topmost ones."""
        ...

    def path_rows(self, area: AreaId, day: date) -> Sequence[AreaRow]:
        """The areas that it lies in, itself first."""
        ...

    def tree(self, area: AreaId, day: date) -> Sequence[AreaRow]: ...

    def body_rows(self, ids: Sequence[BodyId]) -> Mapping[BodyId, BodyRow]: ...

    def bodies_in(self, area: AreaId, day: date) -> Sequence[BodyRow]: ...

    def bodies_apart(self) -> Sequence[BodiesApart]:
        """Whose areas were merged, and who still stand side by side: somebody decides whether they are merged."""
        ...

    def members(self, body: BodyId, day: date) -> Sequence[MemberRow]: ...
