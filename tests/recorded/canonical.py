"""One form for every value: by the names of its fields, whatever class holds them, so that it hashes alike for good."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

REQUIRED = object()
"""In place of a default."""


LEARNT = frozenset({("Officer", "called"), ("DisputeCase", "registered_for"), ("DisputeCase", "course")})
"""What a state has been told since, of events that said it always: the class, and the field."""


def canonical(value: Any) -> Any:
    """As JSON. A field that holds nothing, or its default, is left out, and no class is named: so neither a new field
    nor another way to make the class changes what is told. Raises TypeError for what has no such form."""
    match value:
        case Enum():
            return canonical(value.value)
        case Mapping():
            return {as_key(key): canonical(one) for key, one in value.items()}
        case Set():
            return sorted((canonical(one) for one in value), key=text)
        case None | bool() | int() | float():
            return value
    told = _of_text(value)
    return _of_object(value) if told is None else told


def _of_text(value: Any) -> Any:
    """None where it has fields, or is a row of things."""
    match value:
        case str() | UUID() | Decimal():
            return str(value)
        case datetime() if value.tzinfo:
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return f"{value.total_seconds()} s"
        case bytes():
            return value.hex()
    return None


def text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(told: Any) -> str:
    """Of what is canonical already: half of its SHA-256."""
    return sha256(text(told).encode()).hexdigest()[:32]


def as_key(key: Any) -> str:
    told = canonical(key)
    return told if isinstance(told, str) else text(told)


def without_nothing(told: Any) -> Any:
    """JSON that somebody else made, such as an answer: fields that say nothing are left out, as a later one would."""
    if isinstance(told, Mapping):
        return {key: without_nothing(one) for key, one in told.items() if not (nothing(one) or one is False)}
    return [without_nothing(one) for one in told] if isinstance(told, list) else told


def nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str | bytes | Mapping | Set | tuple | list) and not value)


def _of_object(value: Any) -> Any:
    fields = list(_fields(value))
    if fields and _says_itself(type(value)):
        return str(value)
    if fields:
        held = ((name, getattr(value, name), default) for name, default in fields)
        told = ((name, one) for name, one, default in held if not (nothing(one) or one == default))
        return {name: canonical(one) for name, one in told if (type(value).__name__, name) not in LEARNT}
    if isinstance(value, Iterable):
        return [canonical(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    """The names of the fields and their defaults, of a pydantic model, a dataclass or a named tuple."""
    cls = type(value)
    if known := getattr(cls, "model_fields", None):
        for name, field in known.items():
            yield name, REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield one.name, _default(one)
    else:
        yield from ((name, cls._field_defaults.get(name, REQUIRED)) for name in getattr(cls, "_fields", ()))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return REQUIRED if field.default is dataclasses.MISSING else field.default


def _says_itself(cls: type[Any]) -> bool:
    """Whether the class has words of its own: a clock's name that gets a type of its own stays the same text."""
    maker = next(one for one in cls.__mro__ if "__str__" in vars(one))
    return maker is not object and not maker.__module__.startswith("pydantic")
