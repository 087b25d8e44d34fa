"""The whole ledger again: decoded and folded, and as read models made anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from api.wiring import Wired
from domain.shared.decider import Entry, History
from infrastructure.ledger.library.recorded import stream_of

PAGE = 500
"""As the projector reads."""
QUERY = "SELECT * FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
COPIED = """CREATE TEMPORARY TABLE copied (
    stream uuid, version bigint, topic text, state bytea, position bigint PRIMARY KEY, event uuid,
    at timestamptz, mark bytea)"""


def replayed(parts: Wired) -> dict[str, float]:
    """Events a second: decoded, personal fields decrypted; and folded, all streams to their states."""
    begun = perf_counter()
    streams, count = _decoded(parts)
    decoded = perf_counter()
    for id, entries in streams.items():
        History.of(id, stream_of(entries[0].event.name).blank(id), entries)
    folded = perf_counter()
    return {"decode": count / (decoded - begun), "fold": count / (folded - decoded), "replay": count / (folded - begun)}


def _decoded(parts: Wired) -> tuple[dict[UUID, list[Entry[Any]]], int]:
    streams: dict[UUID, list[Entry[Any]]] = defaultdict(list)
    position = 0
    while page := parts.ledger.feed(position, PAGE):
        for entry in page:
            streams[entry.stream].append(entry)
        position = page[-1].position
    return streams, position


def rebuilt(parts: Wired) -> float:
    """Events a second, until every read model has read every event."""
    begun = perf_counter()
    parts.projector.rebuild()
    reached = parts.projector.catch_up()
    assert reached == parts.ledger.head()
    return reached / (perf_counter() - begun)


def read_plainly(url: str) -> float:
    """The replay's peer: the same rows in the same pages, and their JSON parsed."""
    begun, count = perf_counter(), 0
    for page in _pages(url):
        count += len([json.loads(bytes(row["state"])) for row in page])
    return count / (perf_counter() - begun)


def copied_plainly(url: str) -> float:
    """The rebuild's peer: the same rows, copied as they are into another table, page by page."""
    begun, count = perf_counter(), 0
    with psycopg.connect(url) as into:
        into.execute(COPIED)
        for page in _pages(url):
            with into.cursor().copy("COPY copied FROM STDIN") as copy:
                for row in page:
                    copy.write_row(tuple(row.values()))
            count += len(page)
            into.commit()
    return count / (perf_counter() - begun)


def _pages(url: str) -> Iterator[list[dict[str, Any]]]:
    position = 0
    with psycopg.connect(url, row_factory=dict_row) as connection:
        while page := connection.execute(QUERY, [position, PAGE]).fetchall():
            position = page[-1]["notification_id"]
            yield page
