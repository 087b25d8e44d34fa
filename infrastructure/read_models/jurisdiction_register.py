"""管辖: what the tables of areas and bodies answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psycopg_pool import ConnectionPool

from application.directory import AreaRow, BodiesApart, BodyRow, MemberRow
from application.jurisdiction import AreaVersion, Called
from application.ports import Ledger
from application.register_decisions import BODIES
from domain.jurisdiction.successions import KnownArea
from domain.shared.occasion import AreaFacts, BodyFacts
from domain.shared.values import AreaId, BodyId, BodyKind
from infrastructure.postgres.rows import ReadsRows
from infrastructure.read_models.remembered import remembered

_AREA = (
    "SELECT area.id, area.version, area.level, v.code, v.name, v.parent_id AS parent"
    " FROM area JOIN area_version v ON v.area_id = area.id"
    " AND v.valid_from <= %(day)s AND %(day)s < v.valid_until"
)
_BODY = (
    "SELECT body.id, version, area_id AS area, level, kind, name, short_name, code, channel, answers_for,"
    " term_until, dissolved, merged_into,"
    " ARRAY(SELECT o.area_id FROM body o WHERE o.merged_into = body.id) AS also FROM body"
)
_MEMBER = "SELECT officer_id AS officer, member_name, woman, seated_from, seated_until FROM body_member"


_CALLED = (
    "SELECT body.name, body.area_id AS area, coalesce(v.name, '') AS place FROM body"
    " LEFT JOIN area_version v ON v.area_id = body.area_id AND v.valid_from <= %(day)s AND %(day)s < v.valid_until"
    " WHERE body.id = %(body)s"
)

_HISTORY = (
    "SELECT area.id, area.level, v.code, v.name, v.parent_id AS parent, v.valid_from AS since, v.valid_until AS until,"
    " ARRAY(SELECT l.successor_id FROM area_lineage l WHERE l.area_id = area.id ORDER BY 1) AS successors"
    " FROM area JOIN area_version v ON v.area_id = area.id"
)
_IN_ORDER = " ORDER BY area.id, v.valid_from"

MADE = 10_000
"""Facts that are kept made."""


class Register(ReadsRows):
    """Answers application.jurisdiction.JurisdictionRegister, and what pages show."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        super().__init__(pool)
        self._known_body = remembered(self._with_members)
        self._made: dict[tuple[BodyId, date], tuple[Any, BodyFacts]] = {}
        """What is known of a body on a day, and the facts that are made from it."""

    def area(self, id: AreaId, day: date) -> AreaFacts | None:
        """In force or not; None where there never was such an area."""
        found = self._rows(
            AreaFacts,
            "SELECT id, level, EXISTS (SELECT 1 FROM area_version v WHERE v.area_id = area.id"
            " AND v.valid_from <= %(day)s AND %(day)s < v.valid_until) AS in_force"
            " FROM area WHERE id = %(id)s",
            id=id,
            day=day,
        )
        return found[0] if found else None

    def by_code(self, code: str, day: date) -> AreaId | None:
        found = self._rows(AreaRow, _AREA + " WHERE v.code = %(code)s", code=code, day=day)
        return found[0].id if found else None

    def area_row(self, id: AreaId, day: date) -> AreaRow | None:
        found = self._rows(AreaRow, _AREA + " WHERE area.id = %(id)s", id=id, day=day)
        return found[0] if found else None

    def names(self, ids: Sequence[AreaId], day: date) -> dict[AreaId, str]:
        found = self._rows(AreaRow, _AREA + " WHERE area.id = ANY(%(ids)s)", ids=list(ids), day=day)
        return {row.id: row.name for row in found}

    def roots(self, day: date) -> list[AreaRow]:
        return self._rows(AreaRow, _AREA + " WHERE v.parent_id IS NULL ORDER BY v.code", day=day)

    def child_rows(self, area: AreaId, day: date) -> list[AreaRow]:
        order = " WHERE v.parent_id = %(area)s ORDER BY v.code"
        return self._rows(AreaRow, _AREA + order, area=area, day=day)

    def children(self, area: AreaId, day: date) -> Sequence[AreaId]:
        return [row.id for row in self.child_rows(area, day)]

    def tree(self, area: AreaId, day: date) -> list[AreaRow]:
        """The area and all in it, by code."""
        return self._rows(
            AreaRow,
            _AREA + " JOIN area_closure c ON c.area_id = area.id AND c.ancestor_id = %(area)s"
            " AND c.valid_from <= %(day)s AND %(day)s < c.valid_until ORDER BY v.code",
            area=area,
            day=day,
        )

    def path_rows(self, area: AreaId, day: date) -> list[AreaRow]:
        """The areas that it lies in, itself first, the province last."""
        found = self._rows(
            AreaRow,
            _AREA + " JOIN area_closure c ON c.ancestor_id = area.id AND c.area_id = %(area)s"
            " AND c.valid_from <= %(day)s AND %(day)s < c.valid_until",
            area=area,
            day=day,
        )
        return sorted(found, key=lambda row: row.level.rank)

    def path(self, area: AreaId, day: date) -> Sequence[AreaFacts]:
        rows = self.path_rows(area, day)
        return [AreaFacts(id=row.id, level=row.level, in_force=True) for row in rows]

    def descendants(self, area: AreaId, day: date) -> frozenset[AreaId]:
        with self._pool.connection() as connection:
            found = connection.execute(
                "SELECT area_id FROM area_closure WHERE ancestor_id = %(area)s"
                " AND valid_from <= %(day)s AND %(day)s < valid_until",
                {"area": area, "day": day},
            )
            return frozenset(AreaId(id) for (id,) in found)

    def known_areas(self, day: date) -> Mapping[str, KnownArea]:
        rows = self._rows(AreaRow, _AREA, day=day)
        codes = {row.id: row.code for row in rows}
        return {
            row.code: KnownArea(
                id=row.id,
                code=row.code,
                name=row.name,
                level=row.level,
                parent=codes.get(row.parent, "") if row.parent else "",
            )
            for row in rows
        }

    def area_history(self) -> Sequence[AreaVersion]:
        return self._rows(AreaVersion, _HISTORY + _IN_ORDER)

    def versions_around(self, area: AreaId | None) -> list[AreaVersion]:
        which = " WHERE area.id = %(area)s OR v.parent_id = %(area)s" if area else " WHERE v.parent_id IS NULL"
        return self._rows(AreaVersion, _HISTORY + which + _IN_ORDER, area=area)

    def body(self, id: BodyId, day: date) -> BodyFacts | None:
        if (known := self._known_body(id)) is None:
            return None
        made = self._made.get((id, day))
        if made is None or made[0] is not known:
            if len(self._made) > MADE:
                self._made.clear()
            made = self._made[id, day] = (known, _facts(*known, day))
        return made[1]

    def _with_members(self, id: BodyId) -> tuple[BodyRow, list[MemberRow]] | None:
        """The body with all who ever were its members."""
        row = self.body_row(id)
        return (row, self._rows(MemberRow, _MEMBER + " WHERE body_id = %(body)s", body=id)) if row else None

    def called(self, body: BodyId, day: date) -> Called | None:
        found = self._rows(Called, _CALLED, body=body, day=day)
        return found[0] if found else None

    def body_row(self, id: BodyId) -> BodyRow | None:
        found = self._rows(BodyRow, _BODY + " WHERE id = %(id)s", id=id)
        return found[0] if found else None

    def body_by_code(self, code: str) -> BodyId | None:
        found = self._rows(BodyRow, _BODY + " WHERE code = %(code)s", code=code)
        return found[0].id if found else None

    def body_rows(self, ids: Sequence[BodyId]) -> dict[BodyId, BodyRow]:
        found = self._rows(BodyRow, _BODY + " WHERE id = ANY(%(ids)s)", ids=list(ids))
        return {row.id: row for row in found}

    def bodies_in(self, area: AreaId, day: date) -> list[BodyRow]:
        """The standing bodies in the area and in all areas in it."""
        return self._rows(
            BodyRow,
            _BODY + " WHERE NOT dissolved AND area_id IN (SELECT area_id FROM area_closure"
            " WHERE ancestor_id = %(area)s AND valid_from <= %(day)s AND %(day)s < valid_until)"
            " ORDER BY code",
            area=area,
            day=day,
        )

    def bodies_apart(self) -> list[BodiesApart]:
        query = (
            "WITH RECURSIVE goes_on AS ("
            " SELECT area_id, successor_id FROM area_lineage WHERE kind = 'merged' UNION"
            " SELECT g.area_id, l.successor_id FROM goes_on g JOIN area_lineage l ON l.area_id = g.successor_id"
            " WHERE l.kind = 'merged')"
            " SELECT b.id, t.id FROM body b JOIN goes_on g ON g.area_id = b.area_id"
            " JOIN body t ON t.area_id = g.successor_id AND t.kind = b.kind"
            " WHERE t.channel IS NOT DISTINCT FROM b.channel AND NOT b.dissolved AND NOT t.dissolved AND t.id <> b.id"
            " ORDER BY b.code, t.code"
        )
        with self._pool.connection() as connection:
            pairs = connection.execute(query).fetchall()
        rows = self.body_rows([id for pair in pairs for id in pair])
        return [BodiesApart(body=rows[one], into=rows[other]) for one, other in pairs]

    def desks(self, area: AreaId, day: date) -> frozenset[BodyKind]:
        with self._pool.connection() as connection:
            found = connection.execute(
                "SELECT DISTINCT kind FROM body WHERE NOT dissolved"
                " AND area_id IN (SELECT ancestor_id FROM area_closure"
                " WHERE area_id = %(area)s AND valid_from <= %(day)s AND %(day)s < valid_until)",
                {"area": area, "day": day},
            )
            return frozenset(BodyKind(kind) for (kind,) in found)

    def members(self, body: BodyId, day: date) -> list[MemberRow]:
        found = self._rows(MemberRow, _MEMBER + " WHERE body_id = %(body)s ORDER BY member_name", body=body)
        return [one for one in found if one.seated(day)]


class RememberedRegister(Register):
    """The same, with what each command asks for remembered for a moment."""

    def __init__(self, pool: ConnectionPool[Any], ledger: Ledger) -> None:
        super().__init__(pool)
        self._ledger = ledger
        self._took_in = remembered(self._taken_in)
        self._area, self._descendants = remembered(super().area), remembered(super().descendants)
        self._called = remembered(super().called)

    def area(self, id: AreaId, day: date) -> AreaFacts | None:
        return self._area(id, day)

    def called(self, body: BodyId, day: date) -> Called | None:
        return self._called(body, day)

    def took_in(self, body: BodyId) -> frozenset[BodyId]:
        """Rights hang on it: it is read from the body's own events."""
        return self._took_in(body)

    def _taken_in(self, body: BodyId) -> frozenset[BodyId]:
        return self._ledger.history(BODIES, body).state.took_in

    def descendants(self, area: AreaId, day: date) -> frozenset[AreaId]:
        return self._descendants(area, day)


def _facts(row: BodyRow, members: Sequence[MemberRow], day: date) -> BodyFacts:
    return BodyFacts(
        id=row.id,
        area=row.area,
        also=frozenset(row.also),
        level=row.level,
        kind=row.kind,
        standing=not row.dissolved,
        channel=row.channel,
        code=row.code,
        short_name=row.short_name,
        members=frozenset(one.officer for one in members if one.seated(day)),
        term_ended=row.term_until is not None and day >= row.term_until,
        answers_for=row.answers_for,
    )
