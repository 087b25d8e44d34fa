"""What is recorded, as lines of JSON for other programs: read by a subscription of the eventsourcing library."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import psycopg

from infrastructure.ledger import Factory
from infrastructure.ledger.feed import HoleInTheFeed
from infrastructure.ledger.library.recorders import PlacedNotification
from infrastructure.ledger.recorder import AWAY


class Line(NamedTuple):
    position: int
    text: bytes
    """With the stored bytes as they are: personal fields are ciphertext, and a receipt is checked against these."""


def follow(url: str, master: bytes, after: int, *, to_the_end: bool) -> Iterator[Line]:
    """`to_the_end`: of what is recorded now. Otherwise it waits for more, without an end.

    Raises NotOurs, HoleInTheFeed, OtherKeys, psycopg.UndefinedTable, psycopg.OperationalError."""
    env = {"DATABASE_URL": url, "TIAOJIE_MASTER_KEY": b64encode(master).decode(), "CREATE_TABLE": "no"}
    try:
        with closing(Factory(env)) as factory:
            yield from _followed(factory, after, to_the_end)
    except AWAY as away:
        raise psycopg.OperationalError(str(away)) from None


def _followed(factory: Factory, after: int, to_the_end: bool) -> Iterator[Line]:
    recorder = factory.application_recorder()
    end = recorder.max_notification_id() or 0
    if to_the_end and after >= end:
        return
    with recorder.subscribe(gt=after) as subscription:
        for expected, one in enumerate(subscription, after + 1):
            if one.id != expected:
                raise HoleInTheFeed(f"expected {expected}, found {one.id}")
            assert isinstance(one, PlacedNotification)
            yield Line(one.id, _line(one))
            if to_the_end and one.id >= end:
                return


def _line(one: PlacedNotification) -> bytes:
    place = f'"position":{one.id},"stream":"{one.originator_id}","version":{one.originator_version}'
    told = f'"name":"{one.topic}","recorded_at":"{one.recorded_at.isoformat()}"'
    return b"".join((b"{", place.encode(), b",", told.encode(), b',"state":', one.state, b"}\n"))
