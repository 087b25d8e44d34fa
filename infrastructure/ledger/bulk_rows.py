"""Encodes imported cases for the bulk append: the same stored bytes as any append makes, many at a time."""

from __future__ import annotations

import os
from binascii import b2a_base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import to_json

from application.legacy.take_over import TakenOver
from application.ports import Asked
from domain.case.opening.intake import CaseRegistered, case_code
from domain.shared.acting import ActingAs
from domain.shared.decider import Event
from domain.shared.shapes import placed, rebuilt
from domain.shared.values import Value
from infrastructure.ledger.bulk import BulkRow, SeriesOf
from infrastructure.ledger.stored import told_acting
from infrastructure.privacy.cipher import PersonalCipher, personal_fields
from infrastructure.privacy.vault import NONCE

NUMBER = b'"code":""'
"""Where the number of a case is put when it is given. What an imported mediation was numbered stays with its system."""


@dataclass
class Encoded:
    """The rows of a page's cases, and the series that number them."""

    cases: dict[UUID, list[BulkRow]] = field(default_factory=dict)
    streams: dict[UUID, list[UUID]] = field(default_factory=dict)
    """The streams that each case begins."""
    series: list[SeriesOf] = field(default_factory=list)


class Randomness:
    """Fresh ids of version 7, which lie side by side in the index, and nonces, from few draws."""

    def __init__(self, now: datetime, ids: int, nonces: int) -> None:
        self._ids = bytearray(os.urandom(16 * ids))
        for at, part in enumerate(int(now.timestamp() * 1000).to_bytes(6)):
            self._ids[at::16] = bytes([part]) * ids
        self._ids[6::16] = bytes(one & 0x0F | 0x70 for one in self._ids[6::16])
        self._ids[8::16] = bytes(one & 0x3F | 0x80 for one in self._ids[8::16])
        self._nonces = os.urandom(NONCE * nonces)
        self._id = self._nonce = 0

    def id(self) -> tuple[bytes, str]:
        raw = bytes(self._ids[self._id : self._id + 16])
        self._id += 16
        text = raw.hex()
        return raw, f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def nonce(self) -> bytes:
        """Never the same twice: each is cut off once."""
        found = self._nonces[self._nonce : self._nonce + NONCE]
        assert len(found) == NONCE, "a nonce for each field was drawn"
        self._nonce += NONCE
        return found


class BulkCoder:
    def __init__(self, ledger: UUID, cipher: PersonalCipher, asked: Asked) -> None:
        self._ledger, self._cipher, self._now = ledger, cipher, asked.now
        self._by, self._importer = {"by": str(asked.by), "body": str(asked.body)}, asked.acting
        marks = {"request": str(asked.request), "correlation": str(asked.correlation)}
        causation = str(asked.causation) if asked.causation else None
        self._marks = b'",' + to_json({**marks, "causation": causation})[1:-1] + b',"event":'

        self._who: dict[ActingAs, bytes] = {}

    def _told_by(self, acting: ActingAs) -> bytes:
        """Who recorded it, and as what it was done."""
        if acting not in self._who:
            told = {**self._by, "as": told_acting(acting), "for": None}
            self._who[acting] = b"," + to_json(told)[1:-1] + b',"at":"'
        return self._who[acting]

    def encode(self, cases: Sequence[TakenOver]) -> Encoded:
        """Keys first, in one durable step for all of them; then every event."""
        wanted = [owner for one in cases for _, event, _ in one.lines for owner in told_of(event)]
        keys = self._cipher.vault.make_new(wanted)
        count = sum(len(one.lines) for one in cases)
        sealing = _Sealing(self._cipher, keys, Randomness(self._now, count, len(wanted)))
        found, known = Encoded(), dict[UUID, int]()
        for one in cases:
            self._case(one, sealing, found, known)
        return found

    def _case(self, case: TakenOver, sealing: _Sealing, found: Encoded, known: dict[UUID, int]) -> None:
        versions: dict[UUID, int] = {}
        places: dict[UUID, str] = {}
        found.cases[case.id] = rows = []
        for place, (stream, event, at) in enumerate(case.lines):
            version = versions[stream] = versions.get(stream, 0) + 1
            if version == 1:
                places[stream] = f"{self._ledger}|{stream}|"
            who = self._told_by(case.acted.get(place, self._importer))
            row = self._row((stream, version, places[stream]), event, (who, at), sealing)
            rows.append(_numbered(row, event, found, known) if type(event) is CaseRegistered else row)
        found.streams[case.id] = list(versions)

    def _row(
        self, place: tuple[UUID, int, str], event: Event[Any], told: tuple[bytes, datetime], sealing: _Sealing
    ) -> BulkRow:
        (stream, version, begins), (who, at) = place, told
        raw, id = sealing.random.id()
        content: Value = event
        if personal_fields(type(event)):
            content = sealing.sealed(event, f"{begins}{version}|{id}|")
        state = b"".join(
            (
                b'{"id":"',
                id.encode(),
                b'","schema":%d' % event.schema_version,
                who,
                at.isoformat().encode(),
                self._marks,
                content.__pydantic_serializer__.to_json(content, warnings=False),
                b"}",
            )
        )
        return BulkRow.of(stream.bytes, version, raw, event.name.encode(), state)


class _Sealing:
    """Encrypts the personal fields of a page: bound to their places just as `PersonalCipher.seal` binds them."""

    def __init__(self, cipher: PersonalCipher, keys: Mapping[UUID, AESGCM], random: Randomness) -> None:
        self._cipher, self._keys, self.random = cipher, keys, random

    def sealed(self, value: Value, place: str, path: str = "") -> Value:
        """The value with a ciphertext in place of every text of a person."""
        personal, owner, deeper = personal_fields(type(value)) or ((), "", ())
        changed: dict[str, Any] = {}

        def seal(one: Any, path: str) -> Any:
            return self.sealed(one, place, path) if isinstance(one, Value) else one

        for name in deeper:
            if (inner := getattr(value, name)) is not None:
                changed[name] = rebuilt(inner, seal, f"{path}/{name}", sets=tuple)
        if personal and any(getattr(value, name) for name, _ in personal):
            changed |= self._secrets(value, personal, getattr(value, owner), f"{place}{path}/")
        return value.but(**changed) if changed else value

    def _secrets(self, value: Value, personal: tuple[tuple[str, str], ...], owner: UUID, place: str) -> dict[str, Any]:
        key, whose, found = self._keys[owner], str(owner), dict[str, Any]()
        for name, kind in personal:
            if text := getattr(value, name):
                nonce = self.random.nonce()
                secret = nonce + key.encrypt(nonce, text.encode(), f"{place}{name}|{whose}".encode())
                found[name] = {"~": b2a_base64(secret, newline=False).decode(), "k": whose}
                if kind == "narrative":
                    found[name]["s"] = self._cipher.similarity(text)
        return found


def told_of(value: Value) -> Iterator[UUID]:
    """Whose key is needed, once for each text that is told: what is left blank is not encrypted."""
    fields = personal_fields(type(value))
    if fields is None:
        return
    personal, owner, deeper = fields
    for name, _ in personal:
        if getattr(value, name):
            yield getattr(value, owner)
    for name in deeper:
        for one, _ in placed(getattr(value, name)):
            if isinstance(one, Value):
                yield from told_of(one)


def _numbered(row: BulkRow, event: CaseRegistered, found: Encoded, known: dict[UUID, int]) -> BulkRow:
    before, _, after = row.state.rpartition(NUMBER)
    assert before, "a registered case has a place for its number"
    if event.series_body not in known:
        series = event.series()
        known[event.series_body] = len(found.series)
        found.series.append(SeriesOf(series.body, series.kind, partial(case_code, event.body_code)))
    return BulkRow(row.begins, row.whose, before + NUMBER[:-1], known[event.series_body], NUMBER[-1:] + after)
