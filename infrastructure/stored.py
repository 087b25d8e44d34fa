"""The stored bytes of an event: made before the feed's lock is taken, read back as an entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from application.ids import uuid7
from application.ports import Asked
from domain.shared.decider import Entry, Event, Stamp
from domain.shared.values import RECORDED, BodyId, OfficerId, PersonId
from infrastructure.event_names import EVENTS, upcast
from infrastructure.personal import PersonalCipher, Place, owners
from infrastructure.recorder import Row

SEALED = b'"~":'
"""Stands in the bytes of every event that has an encrypted field."""


@dataclass(frozen=True)
class Draft:
    """An event that is about to be recorded at a version of a stream."""

    stream: UUID
    version: int
    event: Event[Any]
    asked: Asked
    stamp: Stamp
    id: UUID

    def entry(self, position: int, recorded_at: datetime) -> Entry[Any]:
        return Entry(self.id, self.stream, self.version, position, recorded_at, self.event, self.stamp)


def draft(
    stream: UUID, version: int, event: Event[Any], at: datetime, on_behalf_of: PersonId | None, asked: Asked
) -> Draft:
    stamp = Stamp(asked.by, asked.body, at, on_behalf_of, asked.request, asked.correlation, asked.causation)
    return Draft(stream, version, event, asked, stamp, uuid7(asked.now))


class Coder:
    """Events to stored bytes and back, personal fields encrypted."""

    def __init__(self, ledger: UUID, cipher: PersonalCipher) -> None:
        self._ledger = ledger
        self.cipher = cipher

    def make_keys(self, drafts: list[Draft]) -> None:
        """In one durable step for all of them, before anything is encrypted."""
        self.cipher.vault.ensure(owner for one in drafts for owner in owners(one.event))

    def row(self, one: Draft) -> Row:
        content = one.event.model_dump(mode="json")
        self.cipher.seal(one.event, content, Place(self._ledger, one.stream, one.version, one.id))
        stamp = one.stamp
        header = {
            "id": one.id,
            "schema": one.event.schema_version,
            "by": stamp.by,
            "body": stamp.body,
            "for": stamp.on_behalf_of,
            "at": stamp.occurred_at.isoformat(),
            "request": stamp.request,
            "correlation": stamp.correlation,
            "causation": stamp.causation,
        }
        return Row(one.stream, one.version, one.event.name, to_json({**header, "event": content}), one.id)

    def entries(self, rows: Iterable[Mapping[str, Any]]) -> list[Entry[Any]]:
        """Of rows of stored_events. The keys that they need are learnt in one look."""
        read = [(row, from_json(row["state"])) for row in rows]
        sealed = [found["event"] for row, found in read if SEALED in row["state"]]
        self.cipher.learn(sealed)
        return [self._entry(row, found) for row, found in read]

    def entry(self, row: Mapping[str, Any]) -> Entry[Any]:
        return self._entry(row, from_json(row["state"]))

    def _entry(self, row: Mapping[str, Any], read: Any) -> Entry[Any]:
        name, id, content = row["topic"], UUID(read["id"]), read["event"]
        stream, version = row["originator_id"], row["originator_version"]
        if SEALED in row["state"]:
            self.cipher.open(content, Place(self._ledger, stream, version, id))
        content = upcast(name, read["schema"], content)
        event = EVENTS[name].model_validate(content, context=RECORDED)
        return Entry(id, stream, version, row["notification_id"], row["recorded_at"], event, _stamp(read))


_known = lru_cache(maxsize=20_000)(UUID)
"""Officers and bodies come again and again, and the commands that recorded several events."""


def _stamp(read: Mapping[str, Any]) -> Stamp:
    return Stamp(
        OfficerId(_known(read["by"])),
        BodyId(_known(read["body"])),
        datetime.fromisoformat(read["at"]),
        PersonId(UUID(read["for"])) if read["for"] else None,
        _known(read["request"]),
        _known(read["correlation"]),
        UUID(read["causation"]) if read["causation"] else None,
    )
