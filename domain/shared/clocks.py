"""Names of clocks: which limit of a thing runs. A name is a value with typed parts; it is stored as one text."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema


class ClockKind(StrEnum):
    """What a clock is about. It is shown by the code of its limit, else by the label `deadline` of its kind."""


def as_text(read: Callable[[str], Any]) -> tuple[Any, ...]:
    """Marks of a field that is told and stored as text: `read` is the one place that takes the text apart.
    It raises ValueError where the text names no clock."""
    return (
        BeforeValidator(lambda told: read(told) if isinstance(told, str) else told),
        PlainSerializer(str, return_type=str),
        WithJsonSchema({"type": "string", "maxLength": 200}),
    )
