"""A command over HTTP: who asks, under which marks, and what. Decided in turns on the server's loop, without a thread.

FastAPI solves a route's parameters one by one, and spends more on it than the rest of a command takes. The routes of
commands are declared to it like others, so that the contract shows them; their requests are read here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from re import Pattern
from typing import Annotated, Any, NoReturn, get_type_hints
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import NoBodyToActFor, SystemDep, ask, version_seen, viewer
from api.labels import Language
from api.labels.language import of_request
from api.problems import VersionNeeded
from api.system import System
from application.ports import Asked, Receipt
from application.rights import Viewer

LONGEST_KEY = 200
Refuse = Callable[[Request, Any], Response]


@dataclass(frozen=True)
class Asking:
    """Who asks, and what they had seen."""

    request: Request
    system: System
    viewer: Viewer
    asked: Asked
    seen: str | None

    @property
    def language(self) -> Language:
        return of_request(self.request)

    @property
    def expected(self) -> int:
        """The version that they saw. Raises VersionNeeded."""
        if (version := self.expected_or_any) is None:
            raise VersionNeeded
        return version

    @property
    def expected_or_any(self) -> int | None:
        """None where they said `*`: whatever it is now. Raises VersionNeeded where they said nothing."""
        return version_seen(self.seen)


def asking_of(request: Request, system: System, body: bytes) -> Asking:
    """Raises LoginNeeded, NoBodyToActFor."""
    by, headers = viewer(request, system), request.headers
    if by.body is None:
        raise NoBodyToActFor
    key = headers.get("idempotency-key")
    if key and len(key) > LONGEST_KEY:
        _refuse("string_too_long", ("header", "idempotency-key"), {"max_length": LONGEST_KEY})
    return Asking(request, system, by, ask(system, by, request.url.path, body, key), headers.get("if-match"))


async def asking(
    request: Request,
    system: SystemDep,
    if_match: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[str | None, Header(max_length=LONGEST_KEY)] = None,
) -> Asking:
    """As FastAPI would ask for it; the headers stand here for the contract."""
    return asking_of(request, system, await request.body())


AskingDep = Annotated[Asking, Depends(asking)]


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CommandRoute(APIRoute):
    """Of a function with `asking`, `command`, and ids that stand in the path; it may wait, but needs no thread."""

    def get_route_handler(self) -> Handler:
        command: type[BaseModel] = get_type_hints(self.endpoint)["command"]
        act: Callable[..., Response] = self.endpoint

        def carried_out(request: Request, system: System, body: bytes) -> Response:
            who = asking_of(request, system, body)
            ids = {name: _id(name, told) for name, told in request.path_params.items()}
            return act(asking=who, command=_read(command, request, body), **ids)

        async def handle(request: Request) -> Response:
            system: System = request.app.state.system
            body = await request.body()
            return await system.in_turn(lambda: carried_out(request, system, body))

        return handle


def add_command(router: APIRouter, path: str, act: Callable[..., Response], status: int, name: str) -> None:
    add = partial(router.add_api_route, methods=["POST"], response_model=Receipt, route_class_override=CommandRoute)
    add(path, act, status_code=status, name=name)


class CommandPaths:
    """Finds the route of a command by its name, the last part of the path: there are a hundred, and to try one after
    the other takes longer than most decisions. Whatever it does not know goes the usual way."""

    def __init__(
        self, app: ASGIApp, prefix: str, routers: Sequence[APIRouter], refuse: Mapping[type[Exception], Refuse]
    ) -> None:
        """`refuse`: how each kind of error is answered, the narrower first."""
        self._app, self._refuse = app, refuse
        self._known: dict[tuple[int, str], tuple[Pattern[str], Handler]] = {}
        for route in (one for router in routers for one in router.routes if isinstance(one, CommandRoute)):
            path = f"{prefix}{route.path}"
            self._known[path.count("/"), path.rpartition("/")[2]] = compile_path(path)[0], route.get_route_handler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or (found := self._route(scope)) is None:
            await self._app(scope, receive, send)
            return
        handle, scope["path_params"] = found
        request = Request(scope, receive)
        try:
            answer = await handle(request)
        except tuple(self._refuse) as error:
            answer = next(told for kind, told in self._refuse.items() if isinstance(error, kind))(request, error)
        await answer(scope, receive, send)

    def _route(self, scope: Scope) -> tuple[Handler, dict[str, str]] | None:
        path: str = scope["path"]
        pattern, handle = self._known.get((path.count("/"), path.rpartition("/")[2]), (None, None))
        if pattern and handle and (match := pattern.match(path)):
            return handle, match.groupdict()
        return None


def _read(command: type[BaseModel], request: Request, body: bytes) -> Any:
    """Raises RequestValidationError. A form that a browser sends by itself is no command: it is not JSON."""
    if not body:
        _refuse("missing", ("body",))
    if not request.headers.get("content-type", "").partition(";")[0].strip().lower().endswith(("/json", "+json")):
        _refuse("model_attributes_type", ("body",))
    try:
        return command.model_validate(from_json(body))
    except ValidationError as unfit:
        errors = unfit.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in errors]) from None
    except ValueError:
        _refuse("json_invalid", ("body",), {"error": ""})


def _id(name: str, told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        _refuse("uuid_parsing", ("path", name), {"error": ""})


def _refuse(kind: str, where: tuple[str, ...], context: dict[str, Any] | None = None) -> NoReturn:
    raise RequestValidationError([{"type": kind, "loc": where, "msg": kind, "ctx": context or {}}])
