"""Feeds recorded events to the read models, in pages: rows and position in one transaction, nothing passed over."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Cursor
from psycopg_pool import ConnectionPool

from application.logs import get_logger
from application.ports import ReadModelsFilling, StoreAway
from infrastructure.ledger.feed import Read
from infrastructure.ledger.schema import SETUP_LOCK
from infrastructure.postgres.connecting import connect
from infrastructure.projection import parking
from infrastructure.projection.differences import Difference
from infrastructure.projection.filling import SHADOW, Progress, Workshop
from infrastructure.projection.parking import Parked, TooManyFail
from infrastructure.projection.read_model import POSITIONS, Feed, ReadModel, Sealed, digest, make, readable
from infrastructure.projection.rebuilding import Rebuilding, RebuildUnderWay

log = get_logger("tiaojie.projector")

PAGE = 500
POLL = 1.0
"""Seconds after which a follower looks by itself, notified or not."""
FAR = 20_000
"""Events behind: from there on a rebuild beside the old tables is faster than to follow."""
STATUS = """
SELECT name, position, updated_at, (SELECT count(*) FROM parked WHERE model = name),
    (SELECT recorded_at FROM stored_events WHERE notification_id = position + 1)
FROM projection ORDER BY name
"""


@dataclass(frozen=True)
class Standing:
    """How far a read model has come. `age`: seconds since it last moved; `behind`: events still to be read, the next of
    them since `waiting` seconds; `parked`: streams that wait behind an event that it could not take in."""

    name: str
    position: int
    behind: int
    age: float
    parked: int
    waiting: float


class Projector:
    def __init__(
        self,
        feed: Feed,
        pool: ConnectionPool[Any],
        read_models: Sequence[ReadModel],
        owner_url: str,
        workshop: Workshop | None = None,
    ) -> None:
        """`workshop`: what a process of its own needs to help with a rebuild."""
        self._feed = feed
        self._pool = pool
        self._read_models = read_models
        self._owner_url = owner_url
        self._workshop = workshop

    def prepare(self) -> None:
        """Makes the tables of read models that there are none of. Where a schema has changed, the old tables go on
        serving until new ones are filled beside them: at once if that is a matter of seconds, else by the worker."""
        with connect(self._owner_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [SETUP_LOCK])
            connection.execute(POSITIONS)
            rows = connection.execute("SELECT name FROM projection").fetchall()
            for one in self._read_models:
                if (one.name,) not in rows:
                    make(one, connection, self._feed.head())
        if self._feed.head() < FAR and (outdated := self._outdated()):
            self._rebuild_unless_under_way(outdated)

    def _outdated(self) -> list[str]:
        with self._pool.connection() as connection:
            known = dict(connection.execute("SELECT name, schema_hash FROM projection").fetchall())
            there = [one for one in self._read_models if one.name in known]
            return [one.name for one in there if known[one.name] != digest(one) or _is_closed(one, connection)]

    def rebuild(self, names: Sequence[str] = (), progress: Progress | None = None) -> None:
        """Fills these read models, or all, anew beside the old tables, which serve until the new ones take their place.

        Raises RebuildUnderWay."""
        wanted = [one for one in self._read_models if not names or one.name in names]
        self._rebuilding(wanted).carry_out(progress or (lambda *_: None))

    def differences(self, progress: Progress | None = None) -> list[Difference]:
        """What the tables that serve say otherwise than the events. Raises RebuildUnderWay."""
        return self._rebuilding(self._read_models).differences(self.catch_up(), progress or (lambda *_: None))

    def _rebuilding(self, wanted: Sequence[ReadModel]) -> Rebuilding:
        return Rebuilding(self._owner_url, self._feed, wanted, self._workshop)

    def catch_up(self, progress: Progress | None = None, up_to: int = sys.maxsize, until: float = inf) -> int:
        """Applies everything recorded so far. From anywhere, any number of times: callers take turns. `up_to`: a
        position that is enough; `until`: a time of the monotonic clock after which no other page is begun.

        Answers the position that every read model has reached."""
        failed: list[str] = []
        while group := self._next_group(failed):
            position, names = group
            if position >= up_to or time.monotonic() > until:
                break
            page = readable(self._feed, position, PAGE)
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

    def _apply(self, one: ReadModel, page: Sequence[Read], failed: list[str]) -> None:
        """Only if nobody else has applied it meanwhile: the row's lock is the fence. Whoever pauses while it holds the
        lock loses the connection, and can write nothing when it wakes up."""
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                if self._holds(one, page[0].position - 1, cursor):
                    parking.apply(one, page, cursor)
                    query = "UPDATE lasting_projection SET position = %s, updated_at = now() WHERE name = %s"
                    cursor.execute(query, [page[-1].position, one.name])
        except StoreAway:
            raise
        except Exception as error:
            failed.append(one.name)
            first, last = page[0].position, page[-1].position
            told = str(error) if isinstance(error, TooManyFail) else type(error).__name__
            log.error("read model stands", model=one.name, first=first, last=last, fault=told)

    def _holds(self, one: ReadModel, position: int, cursor: Cursor[Any]) -> bool:
        query = "SELECT position FROM lasting_projection WHERE name = %s AND schema_hash = %s FOR UPDATE"
        row = cursor.execute(query, [one.name, digest(one)]).fetchone()
        return row is not None and row[0] == position

    def _positions(self) -> dict[str, int]:
        """The positions of the read models whose tables have today's form."""
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT name, schema_hash, position FROM projection").fetchall()
        known = {(one.name, digest(one)) for one in self._read_models}
        return {name: position for name, form, position in rows if (name, form) in known}

    def _reached(self) -> int:
        """The position that every read model has reached: one that was emptied has reached none."""
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT name, position FROM projection").fetchall()
        positions = {name: at for name, at in rows if name in {one.name for one in self._read_models}}
        return min(positions.values(), default=0) if len(positions) == len(self._read_models) else 0

    def check_whole(self) -> None:
        """Raises ReadModelsFilling while one has nothing to show in place of what it does not have yet."""
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
            if (reached := self.catch_up(up_to=position, until=until)) < position:
                time.sleep(0.02)
        return reached

    def run(self, stop: Event, beat: Callable[[], None] = lambda: None) -> None:
        """Follows the feed until told to stop: listens first, then pulls, and looks each second whatever it hears.
        `beat`: told at each look."""
        while not stop.is_set():
            try:
                with connect(self._owner_url, autocommit=True) as listening:
                    listening.execute("LISTEN stored_events")
                    self._follow(listening, stop, beat)
            except (psycopg.Error, StoreAway) as error:
                log.warning("the database is away", fault=type(error).__name__)
                stop.wait(POLL)

    def _follow(self, listening: psycopg.Connection[Any], stop: Event, beat: Callable[[], None]) -> None:
        self.retry()
        while not stop.is_set():
            beat()
            self.prepare_if_emptied()
            self._clear_up_after_rebuilds()
            self._rebuild_what_is_far_behind()
            self.catch_up()
            for _ in listening.notifies(timeout=POLL, stop_after=1):
                pass

    def prepare_if_emptied(self) -> None:
        """After a crash of the database the tables are empty, and so are the positions: begin again."""
        with self._pool.connection() as connection:
            ((known,),) = connection.execute("SELECT count(*) FROM projection").fetchall()
        if known < len(self._read_models):
            self.prepare()

    def _clear_up_after_rebuilds(self) -> None:
        """What a killed one had filled takes room, and holds text of persons a second time, until somebody rebuilds."""
        with self._pool.connection() as connection:
            left = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [SHADOW]).fetchall()
        if left:
            self._rebuilding(()).clear_up()

    def _rebuild_what_is_far_behind(self) -> None:
        head = self._feed.head()
        far = [name for name, at in self._positions().items() if head - at > FAR]
        if names := [*far, *self._outdated()]:
            self._rebuild_unless_under_way(names)

    def _rebuild_unless_under_way(self, names: Sequence[str]) -> None:
        try:
            self.rebuild(names)
        except RebuildUnderWay:
            log.info("somebody else rebuilds already")

    def retry(self, model: str | None = None) -> tuple[int, int]:
        """What is parked, once more, with what queues behind it. How many were taken in, and how many still wait."""
        taken = waiting = 0
        for one in (each for each in self._read_models if model in (None, each.name)):
            for at in self.parked():
                if at.model == one.name:
                    done = self._retry(one, at)
                    taken, waiting = taken + done, waiting + (not done)
        return taken, waiting

    def _retry(self, one: ReadModel, at: Parked) -> bool:
        with self._pool.connection() as connection, connection.cursor() as cursor:
            query = "SELECT position FROM lasting_projection WHERE name = %s AND schema_hash = %s FOR UPDATE"
            if not (row := cursor.execute(query, [one.name, digest(one)]).fetchone()):
                return False
            queue = self._feed.part_of(at.stream, at.position, row[0])
            mark = [one.name, at.stream]
            cursor.execute("DELETE FROM parked WHERE model = %s AND stream = %s", mark)
            parking.apply(one, queue, cursor)
            query = "UPDATE parked SET since = %s, attempts = %s WHERE model = %s AND stream = %s"
            still = cursor.execute(query, [at.since, at.attempts + 1, *mark]).rowcount
        return not still

    def is_parked(self, stream: UUID) -> bool:
        with self._pool.connection() as connection:
            return bool(connection.execute("SELECT 1 FROM parked WHERE stream = %s LIMIT 1", [stream]).fetchall())

    def parked(self) -> list[Parked]:
        with self._pool.connection() as connection:
            return parking.parked(connection)

    def status(self) -> list[Standing]:
        head, now = self._feed.head(), datetime.now(UTC)
        with self._pool.connection() as connection:
            rows = connection.execute(STATUS).fetchall()
        return [
            Standing(
                name=name,
                position=at,
                behind=head - at,
                age=(now - moved).total_seconds(),
                parked=parked,
                waiting=(now - following).total_seconds() if following else 0.0,
            )
            for name, at, moved, parked, following in rows
        ]


def _is_closed(one: ReadModel, connection: psycopg.Connection[Any]) -> bool:
    return isinstance(one, Sealed) and not one.opens(connection)
