"""Encodes imported cases for the bulk append: the same stored bytes as any append makes, many at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from application.legacy.taking import TakenOver
from application.ports import Asked
from domain.case.intake import CaseRegistered, case_code
from domain.shared.decider import Event
from domain.shared.values import Value
from infrastructure.bulk import BulkRow, SeriesOf, begun
from infrastructure.personal import PersonalCipher, personal_fields

NUMBER = b'"code":""'
"""Where the number of a case is put when it is given. What an imported mediation was numbered stays with its system."""


@dataclass
class Encoded:
    """The rows of a page's cases, and the series that number them."""

    cases: dict[UUID, list[BulkRow]] = field(default_factory=dict)
    streams: dict[UUID, list[UUID]] = field(default_factory=dict)
    """Of each case: the streams that it begins."""
    series: list[SeriesOf] = field(default_factory=list)


class Ids:
    """Fresh ids of version 4, from one draw of randomness."""

    def __init__(self, count: int) -> None:
        self._random = bytearray(os.urandom(16 * count))
        self._random[6::16] = bytes(one & 0x0F | 0x40 for one in self._random[6::16])
        self._random[8::16] = bytes(one & 0x3F | 0x80 for one in self._random[8::16])
        self._at = 0

    def next(self) -> tuple[bytes, str]:
        raw = bytes(self._random[self._at : self._at + 16])
        self._at += 16
        text = raw.hex()
        return raw, f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class BulkCoder:
    def __init__(self, ledger: UUID, cipher: PersonalCipher, asked: Asked) -> None:
        self._ledger, self._cipher = ledger, cipher
        told = {"by": str(asked.by), "body": str(asked.body), "for": None}
        marks = {"request": str(asked.request), "correlation": str(asked.correlation)}
        causation = str(asked.causation) if asked.causation else None
        self._who = b"," + to_json(told)[1:-1] + b',"at":"'
        self._marks = b'",' + to_json({**marks, "causation": causation})[1:-1] + b',"event":'

    def encode(self, cases: Sequence[TakenOver]) -> Encoded:
        """Keys first, in one durable step for all of them; then every event."""
        self._cipher.vault.make_new({owner for one in cases for _, event, _ in one.lines for owner in told_of(event)})
        ids, found = Ids(sum(len(one.lines) for one in cases)), Encoded()
        known: dict[UUID, int] = {}
        for one in cases:
            versions: dict[UUID, int] = {}
            found.cases[one.id] = rows = []
            for stream, event, at in one.lines:
                versions[stream] = versions.get(stream, 0) + 1
                row = self._row(stream, versions[stream], event, at, ids)
                rows.append(_numbered(row, event, found, known) if type(event) is CaseRegistered else row)
            found.streams[one.id] = list(versions)
        return found

    def _row(self, stream: UUID, version: int, event: Event[Any], at: datetime, ids: Ids) -> BulkRow:
        raw, id = ids.next()
        sealed: Value = event
        if personal_fields(type(event)):
            sealed = self._sealed(event, f"{self._ledger}|{stream}|{version}|{id}|")
        content = sealed.__pydantic_serializer__.to_json(sealed, warnings=False)
        state = b"".join(
            (
                b'{"id":"',
                id.encode(),
                b'","schema":%d' % event.schema_version,
                self._who,
                at.isoformat().encode(),
                self._marks,
                content,
                b"}",
            )
        )
        return BulkRow(begun(stream.bytes, version, raw, event.name.encode()), state)

    def _sealed(self, value: Value, place: str, path: str = "") -> Value:
        """The value with its personal fields encrypted: bound to the same place as `PersonalCipher.seal` binds them."""
        personal, owner, deeper = personal_fields(type(value)) or ((), "", ())
        changed: dict[str, Any] = {}
        for name in deeper:
            inner = getattr(value, name)
            if isinstance(inner, tuple):
                each = enumerate(inner)
                changed[name] = tuple(self._sealed(one, place, f"{path}/{name}/{at}") for at, one in each)
            elif inner is not None:
                changed[name] = self._sealed(inner, place, f"{path}/{name}")
        for name, kind in personal:
            if text := getattr(value, name):
                id = getattr(value, owner)
                bound = f"{place}{path}/{name}|{id}".encode()
                changed[name] = self._cipher.sealed_for(id, text, kind, bound)
        return value.but(**changed) if changed else value


def told_of(value: Value) -> Iterator[UUID]:
    """Whose key is needed: of every owner of a text that is told. What is left blank is not encrypted."""
    personal, owner, deeper = personal_fields(type(value)) or ((), "", ())
    if any(getattr(value, name) for name, _ in personal):
        yield getattr(value, owner)
    for name in deeper:
        inner = getattr(value, name)
        for one in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(one, Value):
                yield from told_of(one)


def _numbered(row: BulkRow, event: CaseRegistered, found: Encoded, known: dict[UUID, int]) -> BulkRow:
    before, _, after = row.state.rpartition(NUMBER)
    assert before, "a registered case has a place for its number"
    series = event.series()
    if series.body not in known:
        known[series.body] = len(found.series)
        found.series.append(SeriesOf(series.body, series.kind, partial(case_code, event.body_code)))
    return BulkRow(row.begins, before + NUMBER[:-1], known[series.body], NUMBER[-1:] + after)
