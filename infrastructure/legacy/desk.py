"""One desk of an import: reads rows, asks what is there already, checks, and encodes; in this process or another."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from threading import Thread
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from application.legacy.reading import Content, Found, Origin, Reported, RowReader, settled
from application.legacy.record import Around
from application.legacy.words import Words
from application.ports import Asked
from domain.case.record.importing import CaseImported
from domain.shared.tables import Row
from domain.shared.values import CaseId
from infrastructure.held_keys import KeyPlace
from infrastructure.ledger.bulk_rows import BulkCoder, Encoded
from infrastructure.ledger.recorder import settle
from infrastructure.postgres.connecting import connect
from infrastructure.privacy.cipher import PersonalCipher

SELDOM = (100_000, 50, 50)
"""How often cycles are looked for."""


@dataclass(frozen=True)
class Brief:
    """All that a desk is told. It goes to another process through a pipe, and is written nowhere."""

    url: str
    keys: KeyPlace
    origin: Origin
    around: Around
    words: Words
    asked: Asked
    dry_run: bool
    restricted: bool
    """Whether there is a role of fewer rights to work under."""


@dataclass(frozen=True)
class Prepared:
    """What a desk makes of some rows: a report for each, in their order, and what is to be recorded."""

    rows: list[Found | Reported]
    encoded: Encoded
    ends_at: int


class ImportDesk:
    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._vault = brief.keys.vault()
        cipher = PersonalCipher(self._vault, brief.keys.master())
        self._reader = RowReader(
            brief.origin, brief.around, brief.words, lambda content: cipher.keyed_hash("import", content)
        )
        self._coder = BulkCoder(brief.origin.ledger, cipher, brief.asked)
        self._connection = connect(brief.url, autocommit=True)
        settle(self._connection, restricted=brief.restricted)

    def close(self) -> None:
        self._connection.close()
        self._vault.close()

    def prepare(self, rows: Sequence[Row[Content]]) -> Prepared:
        read = [self._reader.read(row) for row in rows]
        there = self.there([id for one in read if isinstance(one, Found) for id in one.ids])
        known = [settled(one, there) or one if isinstance(one, Found) else one for one in read]
        new = [one.taken for one in known if isinstance(one, Found)]
        first = {one.id: one for one in reversed(new)}  # of a case that comes twice, the one that comes first
        encoded = Encoded() if self._brief.dry_run else self._coder.encode(list(first.values()))
        return Prepared([_light(one) for one in known], encoded, rows[-1].ends_at)

    def there(self, ids: Sequence[CaseId]) -> Mapping[CaseId, str]:
        return already_there(self._connection, ids)


def already_there(connection: psycopg.Connection[Any], ids: Sequence[CaseId]) -> dict[CaseId, str]:
    """Those of these cases that are recorded, with the hash of what their row said."""
    query = (
        "SELECT originator_id, topic, state FROM stored_events WHERE originator_id = ANY(%s) AND originator_version = 1"
    )
    found = connection.cursor(row_factory=tuple_row).execute(query, [list(ids)], prepare=True).fetchall()
    return {CaseId(id): _content(topic, state) for id, topic, state in found}


def _content(topic: str, state: bytes) -> str:
    return str(json.loads(state)["event"]["content"]) if topic == CaseImported.name else ""


def _light(one: Found | Reported) -> Found | Reported:
    """Without the events: they are encoded."""
    return replace(one, taken=one.taken.without_lines()) if isinstance(one, Found) else one


_desks: list[ImportDesk] = []
"""The one desk that this process was started for."""


def open_desk(briefs: SimpleQueue[Brief]) -> None:
    """In a process of its own: an interrupt is for the one that leads, and without it nothing is left to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=[parent_process()], daemon=True).start()
    gc.freeze()
    gc.set_threshold(*SELDOM)  # what a page makes refers to itself nowhere, and there is much of it
    _desks.append(ImportDesk(briefs.get()))


def _end_with(leader: BaseProcess | None) -> None:
    if leader:
        wait([leader.sentinel])
        os._exit(1)


def prepare(rows: Sequence[Row[Content]]) -> Prepared:
    (desk,) = _desks
    return desk.prepare(rows)
