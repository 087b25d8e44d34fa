"""An address asks only by names that its route knows: a misspelt one is refused, on every path, and never passed over.

`?as_off=` would else have answered the present to whoever asked for the past.
"""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError


async def known_query(request: Request) -> None:
    """For the whole application. Raises RequestValidationError."""
    refuse_unknown(request, request.scope["route"])


def refuse_unknown(request: Request, route: Any) -> None:
    if not request.scope["query_string"]:
        return
    names = request.query_params.keys()
    if (unknown := sorted(names - _known(route))) and not _takes_more(route):
        raise RequestValidationError([_unknown(name) for name in unknown])
    if twice := sorted(name for name in names if len(request.query_params.getlist(name)) > 1):
        raise RequestValidationError([_unknown(name) for name in twice])


def _takes_more(route: Any) -> bool:
    """Where somebody else's program sends people back with what it likes: the route says so by its model."""
    asked = [one.field_info.annotation for one in route.dependant.query_params]
    return any(getattr(one, "model_config", {}).get("extra") == "allow" for one in asked)


def _unknown(name: str) -> dict[str, Any]:
    return {"type": "extra_forbidden", "loc": ("query", name[:60]), "msg": "extra_forbidden", "ctx": {}}


def _known(route: Any) -> frozenset[str]:
    """Of the route, and of whatever it depends on; the fields of a model that is read from the address, too."""
    asked, waiting = Dependant(), [route.dependant]
    while waiting:
        one = waiting.pop()
        asked.query_params += one.query_params
        waiting += one.dependencies
    return frozenset(one.alias for one in get_flat_params(asked))
