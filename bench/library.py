"""The eventsourcing library's other ways: its DCB recorder at the same work, and how fast each recorder reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from time import perf_counter
from typing import Any
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem, DCBRecorder
from eventsourcing.dcb.postgres_tt import PostgresTTDCBFactory
from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict

from api.settings import Settings
from api.wiring_ledgers import keys_of
from bench.peers import STREAMS, Matters, each, own_stream

PAGE = 500
TYPE = "AmountStated"


def in_parts(url: str, **told: str) -> dict[str, str]:
    """The settings of the library."""
    return {f"POSTGRES_{key.upper()}": str(value) for key, value in conninfo_to_dict(url).items()} | told


def dcb(url: str, clients: int, seconds: float, size: int) -> float:
    """Commands a second: read what is tagged with the matter, append one event unless there is another by then."""
    data = os.urandom(size)
    with closing(PostgresTTDCBFactory(in_parts(url, POSTGRES_POOL_SIZE=str(clients)))) as factory:
        recorder = factory.dcb_recorder()
        matters = [f"matter:{uuid4()}" for _ in range(STREAMS)]
        for one in matters:
            recorder.append([DCBEvent("Opened", data, [one])])

        def once(number: int, turn: int) -> None:
            tag = matters[own_stream(number, turn, clients)]
            query = DCBQuery([DCBQueryItem(tags=[tag])])
            read = recorder.read(query)
            found = list(read)
            recorder.append([DCBEvent(TYPE, data, [tag])], DCBAppendCondition(query, found[-1].position))

        return each(clients, seconds, once)


def read_dcb(url: str) -> float:
    """Events a second, as rows, by pages."""
    with closing(PostgresTTDCBFactory(in_parts(url))) as factory:
        recorder: DCBRecorder = factory.dcb_recorder()
        return _paged(lambda after: [one.position for one in recorder.read(after=after, limit=PAGE)])


def read_library(url: str) -> float:
    """The same of the library's application recorder, over the events that the command's peer has recorded."""
    with closing(PostgresFactory(Environment(Matters.name, in_parts(url)))) as factory:
        return _notified(factory.application_recorder())


def read_ours(url: str, settings: Settings) -> dict[str, float]:
    """By our own selects with every mark looked at, without a key, and opened by the mapper to our events."""
    told = {"DATABASE_URL": url, "PERSISTENCE_MODULE": "infrastructure.ledger"}
    found = {}
    with closing(Application[Any](env=told)) as app:
        found["unmarked"] = _notified(app.recorder)
    with closing(Application[Any](env=told | {"TIAOJIE_STATE": str(keys_of(settings).state)})) as app:
        found["marked"] = _notified(app.recorder)
        found["opened"] = _paged(lambda after: [_opened(app, one) for one in _page(app.recorder, after)])
    return found


def _opened(app: Application[Any], one: Any) -> int:
    event: Any = app.mapper.to_domain_event(one)
    return int(event.entry.position)


def _notified(recorder: ApplicationRecorder) -> float:
    return _paged(lambda after: [one.id for one in _page(recorder, after)])


def _page(recorder: ApplicationRecorder, after: int) -> Sequence[Any]:
    return recorder.select_notifications(after, PAGE, inclusive_of_start=False)


def _paged(read: Callable[[int], Sequence[int]]) -> float:
    """Once to get warm, and once to be measured."""
    _all(read)
    begun = perf_counter()
    return _all(read) / (perf_counter() - begun)


def _all(read: Callable[[int], Sequence[int]]) -> int:
    after = count = 0
    while page := read(after):
        after, count = page[-1], count + len(page)
    return count
