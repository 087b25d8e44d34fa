"""What is recorded, as lines of JSON for other programs: read by a subscription of the eventsourcing library."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import psycopg

from application.logs import get_logger
from infrastructure.ledger import Factory
from infrastructure.ledger.feed import HoleInTheFeed
from infrastructure.ledger.library.recorders import PlacedNotification
from infrastructure.ledger.recorder import AWAY

log = get_logger("tiaojie.follow")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds."""


class Line(NamedTuple):
    position: int
    text: bytes
    """With the stored bytes as they are: personal fields are ciphertext, and a receipt is checked against these."""


def follow(url: str, master: bytes, after: int, *, to_the_end: bool) -> Iterator[Line]:
    """`to_the_end`: of what is recorded now. Otherwise it waits for more, without an end. Where the database goes away
    meanwhile it is asked for again, and what follows begins where it was.

    Raises NotOurs, HoleInTheFeed, OtherKeys, psycopg.UndefinedTable, psycopg.OperationalError: where it was away from
    the beginning."""
    env = {"DATABASE_URL": url, "TIAOJIE_MASTER_KEY": b64encode(master).decode(), "CREATE_TABLE": "no"}
    follower, pause = _Follower(after, to_the_end), FIRST_PAUSE
    while True:
        began = follower.after
        try:
            with closing(Factory(env)) as factory:
                yield from follower.lines(factory)
            return
        except (*AWAY, psycopg.OperationalError) as away:
            if follower.end is None:
                raise psycopg.OperationalError(str(away)) from None
            pause = FIRST_PAUSE if follower.after > began else min(2 * pause, LONGEST_PAUSE)
            log.warning("the database is away, and is asked for again", after=follower.after, seconds=pause)
            time.sleep(pause)


class _Follower:
    """How far it came: `after`; and `end`, what was recorded when it began, or None: nobody answered yet."""

    def __init__(self, after: int, to_the_end: bool) -> None:
        self.after, self._to_the_end = after, to_the_end
        self.end: int | None = None

    def lines(self, factory: Factory) -> Iterator[Line]:
        recorder = factory.application_recorder()
        self._began(recorder.max_notification_id() or 0)
        if self._is_done:
            return
        with recorder.subscribe(gt=self.after) as subscription:
            for one in subscription:
                if one.id != self.after + 1:
                    raise HoleInTheFeed(f"expected {self.after + 1}, found {one.id}")
                assert isinstance(one, PlacedNotification)
                yield Line(one.id, _line(one))
                self.after = one.id
                if self._is_done:
                    return

    def _began(self, head: int) -> None:
        """What comes back may be a copy of before: what it does not hold was handed on already."""
        if self.end is not None and head < self.after:
            raise HoleInTheFeed(f"{self.after} was handed on already, and the database ends with {head}")
        self.end = head if self.end is None else self.end

    @property
    def _is_done(self) -> bool:
        return self._to_the_end and self.end is not None and self.after >= self.end


def _line(one: PlacedNotification) -> bytes:
    place = f'"position":{one.id},"stream":"{one.originator_id}","version":{one.originator_version}'
    told = f'"name":"{one.topic}","recorded_at":"{one.recorded_at.isoformat()}"'
    return b"".join((b"{", place.encode(), b",", told.encode(), b',"state":', one.state, b"}\n"))
