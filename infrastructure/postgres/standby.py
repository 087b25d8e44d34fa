"""Reading from a standby: where it has come as far as its readers have; otherwise, and where it is away, the leader."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Any

import psycopg

from application.logs import get_logger
from application.ports import ReadModelsFilling, StoreAway
from infrastructure.postgres.lending import MOST
from infrastructure.postgres.pool import Readers
from infrastructure.postgres.timeouts import Bounded

log = get_logger("tiaojie.ledger")

AGAIN_AFTER = 1.0
"""Seconds until a standby that was away is asked again."""
WAIT = 0.5
"""Seconds: there is another one who answers."""
REACHED = "SELECT coalesce(min(position), 0) FROM projection"


class OfAStandby(Bounded):
    """What a session has seen once, it sees for good. Another one may be at another server, where the URL names several
    and one of them died or became the leader: that one may be behind."""

    reached = 0


class FromStandby(Readers):
    """A pool of the standby, whose readers go to the leader where that knows more.

    Whoever was told of a position (`shown`) sees it in whatever is read afterwards, by any reader of this process: so
    nobody's list goes back in time when the next page comes from another server."""

    def __init__(self, url: str, leader: Readers, *, restricted: bool, size: int = MOST) -> None:
        super().__init__(url, restricted=restricted, size=size, wait=WAIT, kind=OfAStandby)
        self._leader, self._one_at_a_time = leader, Lock()
        self._needed = 0
        self._not_before = 0.0

    def shown(self, position: int) -> None:
        """Somebody was told that everything up to there is in what they read."""
        with self._one_at_a_time:
            self._needed = max(self._needed, position)

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Raises what the leader's does."""
        with ExitStack() as held:
            yield self._of_the_standby(held) or held.enter_context(self._leader.connection(timeout))

    def _of_the_standby(self, held: ExitStack) -> psycopg.Connection[Any] | None:
        """None where it is behind, or does not answer."""
        if time.monotonic() < self._not_before:
            return None
        try:
            with ExitStack() as taken:
                connection = taken.enter_context(super().connection())
                if not self._has_come_far_enough(connection):
                    return None
                held.push(taken.pop_all())
                return connection
        except (StoreAway, ReadModelsFilling, psycopg.Error) as fault:
            log.warning("the standby does not answer: the leader does", fault=type(fault).__name__)
            self._not_before = time.monotonic() + AGAIN_AFTER
            return None

    def _has_come_far_enough(self, connection: psycopg.Connection[Any]) -> bool:
        """It is asked only where somebody needs more than it is known to have."""
        assert isinstance(connection, OfAStandby)
        needed = self._needed
        if not connection.reached >= needed > 0:
            ((connection.reached,),) = connection.execute(REACHED).fetchall()
        return connection.reached >= needed
