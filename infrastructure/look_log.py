"""The log of who looked at what, in a table: each line carries a mark over itself and the one before it.

Nobody without the key makes such marks: a line that was altered, put in, or taken out between others is told by the
verb `check`. Lines are thrown away from the oldest on, by the rule of how long they are kept, and by nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.looks import Look, Looker, LooksAsked
from infrastructure.concurrency.batching import Together

SCHEMA = """
    CREATE TABLE IF NOT EXISTS look (
        number bigint PRIMARY KEY, at timestamptz NOT NULL, officer_id uuid NOT NULL, body_id uuid, role text NOT NULL,
        through text NOT NULL, cases uuid[] NOT NULL, mark bytea NOT NULL);
    CREATE INDEX IF NOT EXISTS look_by_case ON look USING gin (cases);
    CREATE INDEX IF NOT EXISTS look_by_officer ON look (officer_id, number);
    CREATE INDEX IF NOT EXISTS look_by_body ON look (body_id, number);
    CREATE TABLE IF NOT EXISTS look_end (
        one boolean PRIMARY KEY DEFAULT true CHECK (one), first bigint NOT NULL, before_first bytea NOT NULL,
        last bigint NOT NULL, mark bytea NOT NULL);
    INSERT INTO look_end (first, before_first, last, mark) VALUES (1, '', 0, '') ON CONFLICT DO NOTHING;
    CREATE OR REPLACE FUNCTION refuse_to_change_looks() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF coalesce(current_setting(''tiaojie.prunes_looks'', true), '''') = ''on'' THEN RETURN OLD; END IF;
         RAISE EXCEPTION ''looks are only ever added'' USING ERRCODE = ''insufficient_privilege''; END';
    CREATE OR REPLACE TRIGGER looks_are_only_added BEFORE UPDATE OR DELETE ON look
        FOR EACH ROW EXECUTE FUNCTION refuse_to_change_looks();
"""
HAS_ITS_FORM = "SELECT 1 FROM pg_class WHERE oid = to_regclass('look_end')"
MOST_AT_ONCE = 200
LINE = "number, at, officer_id AS officer, body_id AS body, role, through, cases"
WANTED = """(%(case)s::uuid IS NULL OR cases @> ARRAY[%(case)s::uuid])
    AND (%(officer)s::uuid IS NULL OR officer_id = %(officer)s) AND (%(body)s::uuid IS NULL OR body_id = %(body)s)
    AND (%(before)s::bigint IS NULL OR number < %(before)s)"""
PAGE = 5_000

_Item = tuple[Looker, str, Sequence[UUID]]


class LookTable:
    """`application.looks.LookLog`."""

    def __init__(self, pool: ConnectionPool[Any], key: bytes, days_kept: int) -> None:
        self._pool, self._key, self._days = pool, key, days_kept
        self._together = Together(self._add, MOST_AT_ONCE)

    def prepare(self, owner: psycopg.Connection[Any]) -> None:
        if not owner.execute(HAS_ITS_FORM).fetchall():
            owner.execute(SCHEMA)

    def add(self, looker: Looker, through: str, cases: Sequence[UUID]) -> None:
        """Those who look at the same moment are recorded together."""
        self._together.done((looker, through, cases))

    def _add(self, items: Sequence[_Item]) -> None:
        with self._pool.connection() as connection:
            ((last, mark, at),) = connection.execute(
                "SELECT last, mark, clock_timestamp() FROM look_end FOR UPDATE"
            ).fetchall()
            rows, mark = [], bytes(mark)
            for number, (who, through, cases) in enumerate(items, last + 1):
                line = Look(number, at, who.officer, who.body, str(who.role or ""), through, list(cases))
                mark = self._mark(mark, line)
                rows.append((number, at, who.officer, who.body, line.role, through, list(cases), mark))
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO look VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows)
            connection.execute("UPDATE look_end SET last = %s, mark = %s", [last + len(rows), mark])

    def _mark(self, before: bytes, line: Look) -> bytes:
        told = (line.number, line.at.timestamp(), line.officer, line.body, line.role, line.through, *line.cases)
        return hmac.digest(self._key, before + "\n".join(map(str, told)).encode(), sha256)

    def looks(self, asked: LooksAsked) -> Sequence[Look]:
        query = f"SELECT {LINE} FROM look WHERE {WANTED} ORDER BY number DESC LIMIT %(limit)s"
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Look)) as cursor:
            return list(cursor.execute(query.encode(), vars(asked)).fetchall())

    def count(self, asked: LooksAsked) -> int:
        with self._pool.connection() as connection:
            found = connection.execute(f"SELECT count(*) FROM look WHERE {WANTED}".encode(), vars(asked)).fetchone()
        return int(found[0]) if found else 0

    def forget(self) -> None:
        """What is older than its rule keeps, from the oldest on."""
        with self._pool.connection() as connection:
            connection.execute("SELECT last FROM look_end FOR UPDATE")
            connection.execute("SET LOCAL tiaojie.prunes_looks = 'on'")
            old = connection.execute(
                "SELECT number, mark FROM look WHERE at < now() - make_interval(days => %s)"
                " ORDER BY number DESC LIMIT 1",
                [self._days],
            ).fetchone()
            if old is None:
                return
            connection.execute("UPDATE look_end SET first = %s, before_first = %s", [old[0] + 1, old[1]])
            connection.execute("DELETE FROM look WHERE number <= %s", [old[0]])

    def faults(self) -> Iterator[str]:
        """Every line that is not as it was recorded, and every place where one is missing."""
        with self._pool.connection() as connection:
            ((first, before, last, end),) = connection.execute(
                "SELECT first, before_first, last, mark FROM look_end"
            ).fetchall()
            mark, expected = bytes(before), first
            for line, told in _lines(connection, first):
                if line.number != expected:
                    yield f"line {expected} of the log of looks is missing"
                mark, expected = self._mark(mark, line), line.number + 1
                if not hmac.compare_digest(mark, told):
                    yield f"line {line.number} of the log of looks is not as it was recorded"
                    mark = told
        if expected != last + 1 or not hmac.compare_digest(mark, bytes(end)):
            yield f"the log of looks ends at {expected - 1}, and is said to end at {last}"


def _lines(connection: psycopg.Connection[Any], first: int) -> Iterator[tuple[Look, bytes]]:
    after = first - 1
    query = f"SELECT {LINE}, mark FROM look WHERE number > %s ORDER BY number LIMIT %s"
    while rows := connection.execute(query.encode(), [after, PAGE]).fetchall():
        yield from ((Look(*row[:-1]), bytes(row[-1])) for row in rows)
        after = rows[-1][0]
