"""What a read model is: tables made from events, disposable; where it stands, and how its tables are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, LiteralString, Protocol, runtime_checkable
from uuid import UUID

import psycopg
from psycopg import Cursor, sql

from application.logs import get_logger
from application.ports import StoreAway
from domain.shared.decider import Entry
from infrastructure.ledger.feed import HoleInTheFeed, Read, Unreadable
from infrastructure.postgres.connecting import connect

log = get_logger("tiaojie.projector")

COLUMNS = """(name text PRIMARY KEY, schema_hash text NOT NULL, position bigint NOT NULL, whole_at bigint NOT NULL,
    updated_at timestamptz NOT NULL)"""
POSITIONS = f"""
CREATE TABLE IF NOT EXISTS lasting_projection {COLUMNS};
CREATE OR REPLACE VIEW projection AS SELECT * FROM lasting_projection;
DROP TABLE IF EXISTS passing_projection;
CREATE TABLE IF NOT EXISTS parked (
    model text NOT NULL, stream uuid NOT NULL, position bigint NOT NULL, event text NOT NULL, fault text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(), attempts integer NOT NULL DEFAULT 1, PRIMARY KEY (model, stream));
"""
"""`whole_at`: where the feed ended when the model was made: before that, what it lacks may yet come."""


class ReadModel(Protocol):
    """Tables made from events. Disposable: drop them, and they fill again.

    They go into the database's log, its standbys and backups: personal text stands in them sealed, and in no other way
    (`infrastructure.privacy.table_keys`)."""

    name: ClassVar[str]
    schema: ClassVar[LiteralString]
    contexts: ClassVar[tuple[str, ...]]
    """The first words of the events that it is made from; empty: all."""
    by_stream: ClassVar[bool]
    """Whether its rows follow from one stream each: then streams may be applied one after the other, whole."""

    def apply(self, page: Sequence[Entry[Any]], to: Cursor[Any]) -> None: ...


@runtime_checkable
class Sealed(Protocol):
    """A read model whose rows are sealed under a key that an erasure destroys."""

    def opens(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether the rows that serve can be opened: those that a restore brings back cannot, where somebody was erased
        after the copy."""
        ...


class Feed(Protocol):
    """Where the events come from."""

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]: ...

    def feed_as_readable(self, after: int, limit: int) -> Sequence[Read]:
        """The same, with what cannot be read in its place."""
        ...

    def part_of(self, stream: UUID, first: int, last: int) -> Sequence[Read]:
        """What is recorded of it between these positions."""
        ...

    def head(self) -> int: ...


def readable(feed: Feed, after: int, limit: int) -> Sequence[Read]:
    """The next page; one by one where something in it cannot be read. Raises HoleInTheFeed, StoreAway."""
    try:
        return feed.feed(after, limit)
    except (HoleInTheFeed, StoreAway, psycopg.OperationalError):
        raise
    except Exception as fault:
        log.error("events cannot be read", after=after, fault=type(fault).__name__)
        return feed.feed_as_readable(after, limit)


def concerns(model: ReadModel, one: Read) -> bool:
    return not model.contexts or context_of(one) in model.contexts


def context_of(one: Read) -> str:
    return _context(one.name if isinstance(one, Unreadable) else one.event.name)


@cache
def _context(name: str) -> str:
    return name.partition(".")[0]


def digest(one: ReadModel) -> str:
    return sha256(one.schema.encode()).hexdigest()


def tables(one: ReadModel) -> list[str]:
    """The tables that its schema makes."""
    return re.findall(r"CREATE TABLE (\w+)", one.schema)


def split_schema(one: ReadModel) -> tuple[list[LiteralString], list[LiteralString]]:
    """Its tables, and its indexes, which are made faster once the tables are full."""
    statements = [part for part in one.schema.split(";") if part.strip()]
    indexes = [part for part in statements if re.match(r"\s*CREATE (UNIQUE )?INDEX", part)]
    return [part for part in statements if part not in indexes], indexes


def make(one: ReadModel, connection: psycopg.Connection[Any], head: int) -> None:
    """Empty. Its position first, then its tables: in the order in which a page takes their locks."""
    forget(one, connection)
    drop(one, connection)
    connection.execute(one.schema)
    stand(one, connection, position=0, whole_at=head)


def forget(one: ReadModel, connection: psycopg.Connection[Any]) -> None:
    connection.execute("DELETE FROM lasting_projection WHERE name = %s", [one.name])
    connection.execute("DELETE FROM public.parked WHERE model = %s", [one.name])


def drop(one: ReadModel, connection: psycopg.Connection[Any]) -> None:
    for table in tables(one):
        connection.execute(sql.SQL("DROP TABLE IF EXISTS public.{} CASCADE").format(sql.Identifier(table)))


def stand(one: ReadModel, connection: psycopg.Connection[Any], position: int, whole_at: int) -> None:
    connection.execute(
        "INSERT INTO lasting_projection (name, schema_hash, position, whole_at, updated_at)"
        " VALUES (%s, %s, %s, %s, now())",
        [one.name, digest(one), position, whole_at],
    )


def forget_tables(url: str, names: Sequence[str]) -> None:
    """They are made anew at the next start, empty, and until they are full again nobody takes them for whole."""
    with connect(url) as connection:
        connection.execute(POSITIONS)
        connection.execute("DELETE FROM lasting_projection WHERE name = ANY(%s)", [list(names)])
