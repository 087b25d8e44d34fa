"""The stored bytes of an event: made before the feed's lock is taken, read back as an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic_core import SchemaValidator, ValidationError, from_json, to_json
from pydantic_core import core_schema as core

from application.ids import uuid7
from application.ports import Asked
from domain.shared.acting import ActingAs
from domain.shared.decider import Entry, Event, Stamp
from domain.shared.values import RECORDED, PersonId
from infrastructure.ledger.event_names import EVENTS, upcast
from infrastructure.ledger.marks import Marks
from infrastructure.ledger.recorder import Row
from infrastructure.privacy.cipher import PersonalCipher, Place, owners

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
    marks = asked.request, asked.correlation, asked.causation, asked.acting
    stamp = Stamp(asked.by, asked.body, at, on_behalf_of, *marks)
    return Draft(stream, version, event, asked, stamp, uuid7(asked.now))


class Coder:
    """Events to stored bytes and back, personal fields encrypted."""

    def __init__(self, marks: Marks, cipher: PersonalCipher) -> None:
        self._ledger, self.marks = str(marks.ledger), marks
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
            "as": told_acting(stamp.acting),
            "for": stamp.on_behalf_of,
            "at": stamp.occurred_at.isoformat(),
            "request": stamp.request,
            "correlation": stamp.correlation,
            "causation": stamp.causation,
        }
        return Row.of(one.stream, one.version, one.event.name, to_json({**header, "event": content}), one.id)

    def entries(self, rows: Sequence[Mapping[str, Any]]) -> list[Entry[Any]]:
        """Reads rows of stored_events as entries. Raises NotOurs."""
        for row in rows:
            self.marks.check(row)
        return self.opened(rows)

    def opened(self, rows: Sequence[Mapping[str, Any]]) -> list[Entry[Any]]:
        """The same of rows whose marks were looked at."""
        sealed = {at: from_json(row["state"]) for at, row in enumerate(rows) if SEALED in row["state"]}
        self.cipher.open((read["event"], self._place(rows[at], read)) for at, read in sealed.items())
        return [entry_of(row, sealed.get(at)) for at, row in enumerate(rows)]

    def entry(self, row: Mapping[str, Any]) -> Entry[Any]:
        return self.entries([row])[0]

    def _place(self, row: Mapping[str, Any], read: Any) -> Place:
        return Place(self._ledger, row["originator_id"], row["originator_version"], read["id"])


def entry_of(row: Mapping[str, Any], opened: Any) -> Entry[Any]:
    """`opened`: what its bytes say, where something in them was sealed. Raises UnknownForm, ValidationError."""
    return _entry(row, _stored(row, opened))


def _stored(row: Mapping[str, Any], opened: Any) -> dict[str, Any]:
    """`opened`: its JSON, where something in it was sealed. Raises UnknownForm, ValidationError."""
    name: str = row["topic"]
    kind = EVENTS.get(name)
    if opened is None and kind:
        with suppress(ValidationError):
            found: dict[str, Any] = _reader(kind).validate_json(row["state"], context=RECORDED)
            if found["schema"] == kind.schema_version:
                return found
    read = opened or from_json(row["state"])
    read["event"] = upcast(name, read["schema"], read["event"])
    told: dict[str, Any] = _reader(EVENTS[name]).validate_python(read, context=RECORDED)
    return told


# Here the reading of a stored row is built of pydantic's own parts (`core_schema`, `__pydantic_core_schema__`), because
# one pass over the bytes takes two thirds of the time of two. These parts may change with any release of pydantic:
# tests/ledger/test_stored.py reads whatever was ever written, and whoever doubts this reads a row with `from_json` and
# `model_validate`, which give the same.
_WORDS = ("role", "officer", "body", "place")
_ACTING = core.nullable_schema(
    core.typed_dict_schema(
        {name: core.typed_dict_field(core.str_schema(), required=False) for name in _WORDS}
        | {"area": core.typed_dict_field(core.uuid_schema(), required=False)}
        | {"token": core.typed_dict_field(core.int_schema(), required=False)}
    )
)


def told_acting(acting: ActingAs | None) -> dict[str, Any]:
    """Of as what somebody acted, only what is known is written."""
    return {name: value for name in ActingAs.__slots__ if (value := getattr(acting, name, None))}


@cache
def _reader(kind: type[Event[Any]]) -> SchemaValidator:
    """It reads a row's state in one pass: pydantic reads the event as it always does, and this what stands around it.
    Python itself reads the time, because such times compare ten times as fast as pydantic's."""
    id, maybe = core.uuid_schema(), core.nullable_schema(core.uuid_schema())
    fields: dict[str, Any] = {
        "id": id,
        "schema": core.int_schema(),
        "by": id,
        "body": id,
        "for": maybe,
        "at": core.str_schema(),
    }
    fields |= {"request": id, "correlation": id, "causation": maybe, "event": kind.__pydantic_core_schema__}
    required = {name: core.typed_dict_field(one) for name, one in fields.items()}
    return SchemaValidator(core.typed_dict_schema(required | {"as": core.typed_dict_field(_ACTING, required=False)}))


def _entry(row: Mapping[str, Any], read: Mapping[str, Any]) -> Entry[Any]:
    at = datetime.fromisoformat(read["at"])
    whose = read["by"], read["body"], at, read["for"]
    acting = ActingAs(**told) if (told := read.get("as")) else None
    stamp = Stamp(*whose, read["request"], read["correlation"], read["causation"], acting)
    place = row["originator_version"], row["notification_id"]
    return Entry(read["id"], row["originator_id"], *place, row["recorded_at"], read["event"], stamp)
