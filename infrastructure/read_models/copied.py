"""Rows that are copied by the thousand: their values as PostgreSQL reads them in a COPY."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

_TO_ESCAPE = re.compile(r'(["\\])')


def copied(value: Any) -> Any:
    """psycopg writes an array element by element, each asked for its type: the words of a case took longer than the
    case."""
    if isinstance(value, dict):
        return Jsonb(value)
    return array(value) if isinstance(value, list) else value


def array(values: Sequence[str] | Sequence[UUID] | Sequence[bytes]) -> str:
    """An array of one dimension, without nulls."""
    if not values:
        return "{}"
    if isinstance(values[0], bytes):
        return "{" + ",".join(f'"\\\\x{one.hex()}"' for one in values if isinstance(one, bytes)) + "}"
    if isinstance(values[0], UUID):
        return "{" + ",".join(map(str, values)) + "}"
    texts = [str(one) for one in values]
    if '"' in (told := "".join(texts)) or "\\" in told:
        texts = [_TO_ESCAPE.sub(r"\\\1", one) for one in texts]
    return '{"' + '","'.join(texts) + '"}'
