"""Counts what is asked, by the route and never by the address: of addresses with ids in them there is no end."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.system import System

COUNTED = "tiaojie.counted"
"""A request that was sent on from within is counted already."""
NO_ROUTE = "none"
"""What was refused before a route was found, or has none."""
NOT_ANSWERED = "none"
"""Whoever asked has hung up before."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Measured:
    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], system: System) -> None:
        self._app, self._traffic = app, system.standing.traffic
        self._templates = templates(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or COUNTED in scope:
            await self._app(scope, receive, send)
            return
        scope[COUNTED], began, status = True, monotonic(), NOT_ANSWERED

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = f"{message['status'] // 100}xx"
            await send(message)

        self._traffic.began()
        try:
            await self._app(scope, receive, watched)
        finally:
            route = self._templates.get(id(scope.get("endpoint")), NO_ROUTE)
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._traffic.ended(route, method, status, monotonic() - began)


def templates(routes: Sequence[BaseRoute]) -> dict[int, str]:
    """The path of each endpoint, as it is written in the contract."""
    found: dict[int, str] = {}
    for one in iter_route_contexts(routes):
        endpoint = one.original_route.app if isinstance(one.original_route, Mount) else one.endpoint
        if endpoint and one.path:
            found[id(endpoint)] = one.path
    return found
