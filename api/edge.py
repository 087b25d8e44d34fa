"""The edge: what HTTP asks of every answer, whatever route gives it.

HEAD and OPTIONS on each path, all methods in Allow, the prefix of a proxy, versions that a proxy has marked, and
redirects that stay here. A route that is added has all of it, and needs to know nothing of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from re import Pattern
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import LEADS_OUT, redirected
from api.conditional import unpacked
from api.negotiation import refuses
from api.problems import NotAcceptable

Refuse = Callable[[Request, Exception], Response]
PASSED = "tiaojie.edge"
"""A request that was sent on from within (after a login) has passed the edge already."""
FOUND = ("route", "endpoint", "path_params")
"""What whoever stands before the edge may want to know of a request that was answered."""
TAGS = (b"if-match", b"if-none-match")
LINKED = re.compile(r"<(?=/)")


class PrefixTaken(SystemExit):
    """The prefix is the beginning of paths of ours: nobody could tell whether a proxy has taken it off."""


class Methods:
    """Which methods a path has, over all routes that it fits. A path that is written out is its own:
    `/api/cases/search` is not the case `search`."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._known: list[tuple[Pattern[str], frozenset[str], str]] = [
            (one.path_regex, frozenset(one.methods or ("GET",)), str(one.path))
            for one in iter_route_contexts(routes)
            if one.path and (one.methods or isinstance(one.original_route, Mount))
        ]
        self._written_out: dict[str, set[str]] = {}
        for _, methods, path in self._known:
            if "{" not in path:
                self._written_out.setdefault(path, set()).update(methods)

    def of(self, path: str) -> list[str]:
        found = self._written_out.get(path) or {
            method for pattern, methods, _ in self._known if pattern.match(path) for method in methods
        }
        also = {"OPTIONS", "HEAD"} if "GET" in found else {"OPTIONS"}
        return sorted(found | also) if found else []

    def lacks(self, path: str, method: str) -> bool:
        """Where the path is written out; of all others a route says so by itself."""
        return path in self._written_out and method not in self._written_out[path]

    def check_free(self, root: str) -> None:
        """Raises PrefixTaken."""
        if root and any(path == root or path.startswith(f"{root}/") for _, _, path in self._known):
            raise PrefixTaken(f"TIAOJIE_ROOT_PATH={root} is the beginning of paths of the service: choose another one")


class Edge:
    def __init__(self, app: ASGIApp, methods: Methods, root: str, refuse: Refuse) -> None:
        self._app, self._methods, self._root, self._refuse = app, methods, root, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or PASSED in scope:
            await self._app(scope, receive, send)
            return
        asked = _inside(scope, self._root)
        if scope["method"] == "OPTIONS" and (allowed := self._methods.of(asked["path"])):
            await Response(status_code=204, headers={"Allow": ", ".join(allowed)})(scope, receive, send)
            return
        answer = _Answer(self, scope, asked, receive, send)
        if self._methods.lacks(asked["path"], asked["method"]):
            await self._refuse(Request(asked), HTTPException(405))(asked, receive, answer.pass_on)
            return
        try:
            await self._app(asked, receive, answer.pass_on)
        finally:
            scope.update({name: asked[name] for name in FOUND if name in asked})

    def mend(self, message: Message, asked: Scope) -> None:
        """The head of an answer, as it leaves. A redirect stays here, but for the address that its route named."""
        headers = MutableHeaders(raw=message["headers"])
        if message["status"] == 405:
            headers["Allow"] = ", ".join(self._methods.of(asked["path"]))
        if "location" in headers and headers["location"] != asked.get(LEADS_OUT):
            headers["Location"] = redirected(headers["location"], self._root)
        if "link" in headers:
            headers["Link"] = LINKED.sub(f"<{self._root}", headers["link"])
        message["headers"] = headers.raw

    def refused(self, asked: Scope) -> Response:
        return self._refuse(Request(asked), NotAcceptable())


class _Answer:
    """One answer on its way out: its body is left out where the head alone was asked for."""

    def __init__(self, edge: Edge, scope: Scope, asked: Scope, receive: Receive, send: Send) -> None:
        self._edge, self._scope, self._asked, self._receive, self._send = edge, scope, asked, receive, send
        self._head_only = scope["method"] == "HEAD"
        self._is_refused = False

    async def pass_on(self, message: Message) -> None:
        if self._is_refused:
            return
        if message["type"] == "http.response.start":
            if self._refuses(message):
                self._is_refused = True
                await self._edge.refused(self._asked)(self._scope, self._receive, self._send)
                return
            self._edge.mend(message, self._asked)
        elif message["type"] == "http.response.body" and self._head_only:
            if message.get("more_body"):
                return
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    def _refuses(self, message: Message) -> bool:
        """Only of what changes nothing: what was recorded is told, in whatever form there is."""
        if message["status"] != 200 or self._asked["method"] != "GET":
            return False
        accept = ",".join(Headers(scope=self._asked).getlist("accept"))
        kind = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0].strip()
        return bool(accept and kind) and refuses(accept, kind)


def _inside(scope: Scope, root: str) -> Scope:
    """The request as the routes know it: without a prefix, whether the proxy has taken it off or not."""
    inside: dict[str, Any] = {**scope, PASSED: True, "headers": list(_unmarked(scope["headers"]))}
    if scope["method"] == "HEAD":
        inside["method"] = "GET"
    if root:
        inside["path"] = _without(scope["path"], root)
        inside["raw_path"] = _without(scope.get("raw_path", b"").decode("latin-1"), root).encode("latin-1")
    return inside


def _without(path: str, root: str) -> str:
    if path == root:
        return "/"
    return path.removeprefix(root) if path.startswith(f"{root}/") else path


def _unmarked(headers: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        yield name, unpacked(value.decode("latin-1")).encode("latin-1") if name in TAGS else value
