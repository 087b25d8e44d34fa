"""Feeds recorded events to the read models, in pages: rows and position in one transaction, nothing passed over."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from threading import Event
from typing import Any, ClassVar, LiteralString, Protocol

import psycopg
from psycopg import Cursor, sql
from psycopg_pool import ConnectionPool

from application.ports import ReadModelsFilling, StoreAway
from domain.shared.decider import Entry
from infrastructure.schema import SETUP_LOCK

log = logging.getLogger("tiaojie.projector")

PAGE = 500
POLL = 1.0
"""Seconds after which a follower looks by itself, notified or not."""

COLUMNS = """(name text PRIMARY KEY, schema_hash text NOT NULL, position bigint NOT NULL, whole_at bigint NOT NULL,
    updated_at timestamptz NOT NULL)"""
POSITIONS = f"""
CREATE UNLOGGED TABLE IF NOT EXISTS passing_projection {COLUMNS};
CREATE TABLE IF NOT EXISTS lasting_projection {COLUMNS};
CREATE OR REPLACE VIEW projection AS
    SELECT * FROM passing_projection UNION ALL SELECT * FROM lasting_projection;
"""
"""`whole_at`: where the feed ended when the model was made: before that, what it lacks may yet come."""


class ReadModel(Protocol):
    """Tables made from events. Disposable: drop them, and they fill again.

    Tables with personal text are UNLOGGED, so that it never reaches the database's log: a crash of the database empties
    them together with their position, which is kept in a table of the same kind, and they refill."""

    name: ClassVar[str]
    schema: ClassVar[LiteralString]

    def apply(self, page: Sequence[Entry[Any]], to: Cursor[Any]) -> None: ...


class Feed(Protocol):
    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]: ...

    def head(self) -> int: ...


@dataclass(frozen=True)
class Standing:
    """How far a read model has come. `age`: seconds since it last moved; `behind`: events still to be read."""

    name: str
    position: int
    behind: int
    age: float


Progress = Callable[[str, int, int], None]
"""Told the read model's name, its position, and where it is going."""


class Projector:
    def __init__(self, feed: Feed, pool: ConnectionPool[Any], read_models: Sequence[ReadModel], owner_url: str) -> None:
        self._feed = feed
        self._pool = pool
        self._read_models = read_models
        self._owner_url = owner_url

    def prepare(self) -> None:
        """Makes each read model's tables; anew where its schema has changed since."""
        with psycopg.connect(self._owner_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [SETUP_LOCK])
            connection.execute(POSITIONS)
            for one in self._read_models:
                row = connection.execute("SELECT schema_hash FROM projection WHERE name = %s", [one.name]).fetchone()
                if row is None or row[0] != _digest(one):
                    _make(one, connection, self._feed.head())

    def rebuild(self, names: Sequence[str] = (), progress: Progress | None = None) -> None:
        """Empties these read models, or all, and fills them again from the first event."""
        with psycopg.connect(self._owner_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [SETUP_LOCK])
            for one in self._read_models:
                if not names or one.name in names:
                    _make(one, connection, self._feed.head())
        self.catch_up(progress)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Applies everything recorded so far. From anywhere, any number of times: callers take turns.

        Answers the position that every read model has reached."""
        failed: list[str] = []
        while group := self._next_group(failed):
            position, names = group
            page = self._feed.feed(position, PAGE)
            if not page:
                break
            for one in self._read_models:
                if one.name in names:
                    self._apply(one, page, failed)
            if progress:
                progress(", ".join(names), page[-1].position, max(self._feed.head(), page[-1].position))
        return self._reached()

    def _next_group(self, failed: Sequence[str]) -> tuple[int, list[str]] | None:
        """The read models that are furthest behind, and where they stand: one decoded page serves them all."""
        positions = {name: at for name, at in self._positions().items() if name not in failed}
        if not positions:
            return None
        lowest = min(positions.values())
        return lowest, [name for name, at in positions.items() if at == lowest]

    def _apply(self, one: ReadModel, page: Sequence[Entry[Any]], failed: list[str]) -> None:
        """Only if nobody else has applied it meanwhile: the row's lock is the fence."""
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                query = f"SELECT position FROM {_kept_in(one)} WHERE name = %s FOR UPDATE"
                row = cursor.execute(query, [one.name]).fetchone()
                if row is None or row[0] != page[0].position - 1:
                    return
                one.apply(page, cursor)
                cursor.execute(
                    f"UPDATE {_kept_in(one)} SET position = %s, updated_at = now() WHERE name = %s",
                    [page[-1].position, one.name],
                )
        except StoreAway:
            raise
        except Exception as error:
            failed.append(one.name)
            first, last = page[0].position, page[-1].position
            log.error("read model %s stands before %s-%s: %s", one.name, first, last, type(error).__name__)

    def _positions(self) -> dict[str, int]:
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT name, position FROM projection").fetchall()
        known = {one.name for one in self._read_models}
        return {name: position for name, position in rows if name in known}

    def _reached(self) -> int:
        """The position that every read model has reached: one that was emptied has reached none."""
        positions = self._positions()
        return min(positions.values(), default=0) if len(positions) == len(self._read_models) else 0

    def check_whole(self) -> None:
        """Raises ReadModelsFilling while one is being made anew."""
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT name FROM projection WHERE position >= whole_at").fetchall()
        if {one.name for one in self._read_models} - {name for (name,) in rows}:
            raise ReadModelsFilling

    def wait(self, position: int, timeout: float = 1.0) -> int:
        """Until this position is read, at most so many seconds, holding no connection. Answers the one reached.

        Raises ReadModelsFilling."""
        self.check_whole()
        until = time.monotonic() + timeout
        while (reached := self._reached()) < position and time.monotonic() < until:
            if (reached := self.catch_up()) < position:
                time.sleep(0.02)
        return reached

    def run(self, stop: Event) -> None:
        """Follows the feed until told to stop: listens first, then pulls, and looks each second whatever it hears."""
        while not stop.is_set():
            try:
                with psycopg.connect(self._owner_url, autocommit=True) as listening:
                    listening.execute("LISTEN stored_events")
                    self._follow(listening, stop)
            except (psycopg.Error, StoreAway) as error:
                log.warning("the database is away: %s", type(error).__name__)
                stop.wait(POLL)

    def _follow(self, listening: psycopg.Connection[Any], stop: Event) -> None:
        while not stop.is_set():
            self.prepare_if_emptied()
            self.catch_up()
            for _ in listening.notifies(timeout=POLL, stop_after=1):
                pass

    def prepare_if_emptied(self) -> None:
        """After a crash of the database the tables are empty, and so are the positions: begin again."""
        if len(self._positions()) < len(self._read_models):
            self.prepare()

    def status(self) -> list[Standing]:
        head = self._feed.head()
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT name, position, updated_at FROM projection ORDER BY name").fetchall()
        now = datetime.now(UTC)
        return [Standing(name, at, head - at, (now - moved).total_seconds()) for name, at, moved in rows]


def _digest(one: ReadModel) -> str:
    return sha256(one.schema.encode()).hexdigest()


def _kept_in(one: ReadModel) -> LiteralString:
    """The table of its position: of the same kind as its own tables."""
    return "passing_projection" if "CREATE UNLOGGED TABLE" in one.schema else "lasting_projection"


def _make(one: ReadModel, connection: psycopg.Connection[Any], head: int) -> None:
    """Its position first, then its tables: in the order in which a page takes their locks."""
    connection.execute("DELETE FROM passing_projection WHERE name = %s", [one.name])
    connection.execute("DELETE FROM lasting_projection WHERE name = %s", [one.name])
    for table in _tables(one.schema):
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(table)))
    connection.execute(one.schema)
    connection.execute(
        f"INSERT INTO {_kept_in(one)} (name, schema_hash, position, whole_at, updated_at)"
        " VALUES (%s, %s, 0, %s, now())",
        [one.name, _digest(one), head],
    )


def _tables(schema: str) -> list[str]:
    """The tables that the schema makes."""
    return re.findall(r"CREATE (?:UNLOGGED )?TABLE (\w+)", schema)
