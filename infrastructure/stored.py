"""The stored bytes of an event: made before the feed's lock is taken, read back as an entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from application.ports import Asked
from domain.shared.decider import Entry, Event, Stamp
from domain.shared.values import RECORDED, BodyId, OfficerId, PersonId
from infrastructure.event_names import EVENTS, upcast
from infrastructure.personal import PersonalCipher, Place, owners
from infrastructure.recorder import Row


@dataclass(frozen=True)
class Draft:
    """An event that is about to be recorded at a version of a stream."""

    stream: UUID
    version: int
    event: Event[Any]
    occurred_at: datetime
    on_behalf_of: PersonId | None
    asked: Asked
    id: UUID

    @property
    def stamp(self) -> Stamp:
        asked = self.asked
        return Stamp(
            asked.by,
            asked.body,
            self.occurred_at,
            self.on_behalf_of,
            asked.request,
            asked.correlation,
            asked.causation,
        )

    def entry(self, position: int, recorded_at: datetime) -> Entry[Any]:
        return Entry(self.id, self.stream, self.version, position, recorded_at, self.event, self.stamp)


def draft(
    stream: UUID, version: int, event: Event[Any], at: datetime, on_behalf_of: PersonId | None, asked: Asked
) -> Draft:
    return Draft(stream, version, event, at, on_behalf_of, asked, uuid4())


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
        asked = one.asked
        header = {
            "id": str(one.id),
            "schema": one.event.schema_version,
            "by": str(asked.by),
            "body": str(asked.body),
            "for": str(one.on_behalf_of) if one.on_behalf_of else None,
            "at": one.occurred_at.isoformat(),
            "request": str(asked.request),
            "correlation": str(asked.correlation),
            "causation": str(asked.causation) if asked.causation else None,
        }
        state = json.dumps({**header, "event": content}, ensure_ascii=False, separators=(",", ":")).encode()
        return Row(one.stream, one.version, one.event.name, state, one.id)

    def entry(self, row: Mapping[str, Any]) -> Entry[Any]:
        """Of a row of stored_events."""
        read = json.loads(bytes(row["state"]))
        id = UUID(read["id"])
        place = Place(self._ledger, row["originator_id"], row["originator_version"], id)
        content = upcast(row["topic"], read["schema"], self.cipher.open(read["event"], place))
        event = EVENTS[row["topic"]].model_validate(content, context=RECORDED)
        position, recorded_at = row["notification_id"], row["recorded_at"]
        return Entry(id, place.stream, place.version, position, recorded_at, event, _stamp(read))


def _stamp(read: Mapping[str, Any]) -> Stamp:
    return Stamp(
        OfficerId(UUID(read["by"])),
        BodyId(UUID(read["body"])),
        datetime.fromisoformat(read["at"]),
        PersonId(UUID(read["for"])) if read["for"] else None,
        UUID(read["request"]),
        UUID(read["correlation"]),
        UUID(read["causation"]) if read["causation"] else None,
    )
