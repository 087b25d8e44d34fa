"""Who lies in whom and since when: through the parents of each day and, once an area has ended, through its successors.

So what happened in an area that was merged, split or abolished stays in sight of those above, and in their figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from domain.shared.decider import Entry

HEIRS: LiteralString = """heir AS NOT MATERIALIZED (
    SELECT area_id, successor_id, day FROM area_lineage
    UNION ALL
    SELECT last.area_id, last.parent_id, last.valid_until FROM area_version last
    WHERE last.parent_id IS NOT NULL AND last.valid_until < '9999-12-31'
    AND NOT EXISTS (SELECT 1 FROM area_version later
        WHERE later.area_id = last.area_id AND later.valid_from >= last.valid_until)
    AND NOT EXISTS (SELECT 1 FROM area_lineage known WHERE known.area_id = last.area_id))"""
"""Where an ended area lies from its day on: in what it was merged into; in what all parts lie in that it was split
into; an abolished one in what it lay in last."""


def write_closure(touched: list[UUID], to: psycopg.Cursor[Any]) -> list[UUID]:
    """Anew for the areas and all that ever lay in them: it follows from versions and lineage alone. Answers which."""
    to.execute("SELECT DISTINCT area_id FROM area_closure WHERE ancestor_id = ANY(%s)", [touched])
    changed = {*touched, *(area for (area,) in to.fetchall())}
    _lie_in_parents(list(changed), to)
    ended = _ended_among(changed, to) | _that_went_into(changed, to)
    while ended:
        _lie_in_successors(list(ended), to)
        changed |= ended
        ended = _that_went_into(ended, to)  # those whose successors have ended themselves follow them
    return sorted(changed)


LIES = "o.area_id = n.area_id AND o.ancestor_id = n.ancestor_id AND o.valid_from = n.valid_from"
ENDED = f"""
    UPDATE dated_closure o SET known_until = coalesce(e.position, %(last)s)
    FROM unnest(%(areas)s::uuid[]) AS changed (area_id)
    LEFT JOIN unnest(%(told)s::uuid[], %(positions)s::bigint[]) AS e (area_id, position) USING (area_id)
    WHERE o.area_id = changed.area_id AND o.known_until = 9223372036854775807 AND NOT EXISTS (
        SELECT FROM area_closure n WHERE {LIES} AND n.valid_until = o.valid_until)"""
BEGUN = f"""
    INSERT INTO dated_closure
    SELECT n.area_id, n.ancestor_id, n.valid_from, n.valid_until, coalesce(e.position, %(last)s), 9223372036854775807
    FROM area_closure n
    LEFT JOIN unnest(%(told)s::uuid[], %(positions)s::bigint[]) AS e (area_id, position) USING (area_id)
    WHERE n.area_id = ANY(%(areas)s) AND NOT EXISTS (
        SELECT FROM dated_closure o
        WHERE {LIES} AND o.known_until = 9223372036854775807 AND n.valid_until = o.valid_until)"""


def write_known(changed: list[UUID], entries: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
    """Since which entry it is known who lies in whom: figures of a past moment count by what was known then."""
    positions = {one.stream: one.position for one in entries}
    values = {"areas": changed, "told": list(positions), "positions": list(positions.values())}
    for statement in (ENDED, BEGUN):
        to.execute(statement, values | {"last": entries[-1].position})


def _ended_among(areas: Iterable[UUID], to: psycopg.Cursor[Any]) -> set[UUID]:
    to.execute(f"WITH {HEIRS} SELECT DISTINCT area_id FROM heir WHERE area_id = ANY(%s)", [list(areas)])
    return {area for (area,) in to.fetchall()}


def _that_went_into(areas: Iterable[UUID], to: psycopg.Cursor[Any]) -> set[UUID]:
    to.execute(f"WITH {HEIRS} SELECT DISTINCT area_id FROM heir WHERE successor_id = ANY(%s)", [list(areas)])
    return {area for (area,) in to.fetchall()}


def _lie_in_parents(areas: list[UUID], to: psycopg.Cursor[Any]) -> None:
    to.execute("DELETE FROM area_closure WHERE area_id = ANY(%s)", [areas])
    to.execute(
        "WITH RECURSIVE up AS ("
        " SELECT area_id, area_id AS ancestor_id, parent_id, valid_from, valid_until"
        " FROM area_version WHERE area_id = ANY(%s)"
        " UNION ALL"
        " SELECT up.area_id, above.area_id, above.parent_id,"
        " greatest(up.valid_from, above.valid_from), least(up.valid_until, above.valid_until)"
        " FROM up JOIN area_version above ON above.area_id = up.parent_id"
        " AND above.valid_from < up.valid_until AND up.valid_from < above.valid_until)"
        " INSERT INTO area_closure SELECT area_id, ancestor_id, valid_from, valid_until FROM up",
        [areas],
    )


def _lie_in_successors(areas: list[UUID], to: psycopg.Cursor[Any]) -> None:
    """From the day they ended; only where all of the successors lie."""
    to.execute(
        f"WITH {HEIRS} DELETE FROM area_closure old USING heir"
        " WHERE heir.area_id = old.area_id AND old.area_id = ANY(%s) AND old.valid_from >= heir.day",
        [areas],
    )
    to.execute(
        f"WITH {HEIRS}, each AS ("
        " SELECT heir.area_id, heir.successor_id, above.ancestor_id,"
        " range_agg(daterange(greatest(above.valid_from, heir.day), above.valid_until)) AS days"
        " FROM heir JOIN area_closure above ON above.area_id = heir.successor_id AND heir.day < above.valid_until"
        " WHERE heir.area_id = ANY(%s) GROUP BY 1, 2, 3), common AS ("
        " SELECT area_id, ancestor_id, range_intersect_agg(days) AS days FROM each GROUP BY 1, 2"
        " HAVING count(*) = (SELECT count(*) FROM heir WHERE heir.area_id = each.area_id))"
        " INSERT INTO area_closure SELECT area_id, ancestor_id, lower(span), upper(span)"
        " FROM common, unnest(days) AS span",
        [areas],
    )
