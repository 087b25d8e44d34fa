"""A JSON body says each thing once: a key that stands twice is refused, for one of the two would be passed over.

Parsers differ in which of the two counts. What a proxy or a client has read would be another thing than what we record.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError

LONGEST_NAMED = 60


class _Object(list[tuple[str, Any]]):
    """As it was sent: each key as often as it stands there."""


async def single_keys(request: Request) -> None:
    """For the whole application. Raises RequestValidationError."""
    if is_json(request):
        refuse_twice_told(await request.body())


def is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind.endswith(("/json", "+json"))


def refuse_twice_told(body: bytes) -> None:
    """What is no JSON at all is refused by whoever reads it. Raises RequestValidationError."""
    try:
        json.loads(body, object_pairs_hook=_once)
    except _Twice:
        found = _places(json.loads(body, object_pairs_hook=_Object), ())
        raise RequestValidationError([_refusal(place) for place in found]) from None
    except (ValueError, RecursionError):
        return


class _Twice(Exception):
    """Where it stands is looked for afterwards: nearly every body is read without."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise _Twice
    return told


def _places(value: Any, above: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    match value:
        case _Object():
            seen = Counter(key for key, _ in value)
            yield from ((*above, key[:LONGEST_NAMED]) for key, times in seen.items() if times > 1)
            for key, one in value:
                yield from _places(one, (*above, key[:LONGEST_NAMED]))
        case list():
            for number, one in enumerate(value):
                yield from _places(one, (*above, number))


def _refusal(place: tuple[str | int, ...]) -> dict[str, Any]:
    return {"type": "key_twice", "loc": ("body", *place), "msg": "key_twice", "ctx": {}}
