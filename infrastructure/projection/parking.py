"""A failing event parks its stream, and only its stream: what follows there queues behind it, the county goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Cursor
from psycopg.rows import class_row

from application.logs import get_logger
from application.ports import StoreAway
from infrastructure.ledger.feed import Read, Unreadable
from infrastructure.postgres.write_connection import asks_too_much
from infrastructure.projection.read_model import ReadModel, concerns

log = get_logger("tiaojie.projector")

MOST = 20
"""Streams that one page may park: where more fail, it is not the events that are wrong, and the model stands still."""
PARK = """INSERT INTO parked (model, stream, position, event, fault) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (model, stream) DO UPDATE SET fault = EXCLUDED.fault, attempts = parked.attempts + 1"""


@dataclass(frozen=True)
class Parked:
    """`fault`: its kind only; its words may quote what somebody wrote."""

    model: str
    stream: UUID
    position: int
    event: str
    fault: str
    since: datetime
    attempts: int


class TooManyFail(Exception):
    """The read model itself is at fault, or its tables are."""


def apply(model: ReadModel, page: Sequence[Read], to: Cursor[Any]) -> None:
    """What concerns the model, but for what queues behind a parked event. In the transaction at hand.

    Raises TooManyFail, StoreAway."""
    waiting = {
        stream for (stream,) in to.execute("SELECT stream FROM parked WHERE model = %s", [model.name]).fetchall()
    }
    rest = [one for one in page if concerns(model, one) and one.stream not in waiting]
    parked = 0
    while rest and (failing := _first_failing(model, rest, to)):
        at, fault = failing
        if (parked := parked + 1) > MOST:
            raise TooManyFail(fault)
        park(model, rest[at], fault, to)
        rest = [one for one in rest[at + 1 :] if one.stream != rest[at].stream]


def park(model: ReadModel, one: Read, fault: str, to: Cursor[Any]) -> None:
    name = one.name if isinstance(one, Unreadable) else one.event.name
    to.execute(PARK, [model.name, one.stream, one.position, name, fault])
    log.error("stream parked", model=model.name, stream=str(one.stream), position=one.position, fault=fault)


def _first_failing(model: ReadModel, rest: Sequence[Read], to: Cursor[Any]) -> tuple[int, str] | None:
    """Applies what stands before it; where nothing fails, all. Its place and its fault, found by halving."""
    if not (fault := _fault(model, rest, to)):
        return None
    works, fails = 0, len(rest)
    while fails - works > 1:
        middle = (works + fails) // 2
        if found := _fault(model, rest[works:middle], to):
            fails, fault = middle, found
        else:
            works = middle
    return works, fault


def _fault(model: ReadModel, part: Sequence[Read], to: Cursor[Any]) -> str | None:
    """None: it is applied. Raises StoreAway."""
    try:
        with to.connection.transaction():
            if unreadable := next((one for one in part if isinstance(one, Unreadable)), None):
                return unreadable.fault
            model.apply([one for one in part if not isinstance(one, Unreadable)], to)
    except (StoreAway, psycopg.OperationalError, psycopg.InterfaceError) as away:
        if asks_too_much(away):
            return type(away).__name__
        raise
    except Exception as fault:
        return type(fault).__name__
    return None


def parked(connection: psycopg.Connection[Any]) -> list[Parked]:
    """All streams that are parked. The one that has waited longest comes first."""
    with connection.cursor(row_factory=class_row(Parked)) as cursor:
        return cursor.execute("SELECT * FROM parked ORDER BY since, position").fetchall()
