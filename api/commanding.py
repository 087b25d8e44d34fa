"""A command over HTTP: who asks, under which marks, and what. Decided in turns on the server's loop, without a thread.

Enter here where commands are declared, found, read or answered. FastAPI tries a hundred routes in a row and solves a
route's parameters one by one, and spends more on it than the rest of a command takes. So a `CommandRoute` finds, reads
and answers by itself; what is set on its router, or on the app, holds for it as for any other route: dependencies,
response model, responses, middleware, exception handlers.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import Parameter, Signature
from re import Pattern
from typing import Annotated, Any, NoReturn, cast
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import solve_dependencies
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, _effective_route_context_var, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from api.contract import COMMAND_PROBLEMS, RECEIPT_HEADERS, Recorded
from api.deps import ask, system_of, version_seen, viewer_of
from api.known_body import is_json, refuse_twice_told, single_keys
from api.known_query import known_query, refuse_unknown
from api.labels import Language
from api.labels.language import of_request
from api.problems import VersionNeeded
from api.sessions import by_token, session_of
from api.system import Administering, Deciding, System
from application.ports import Asked, Receipt
from application.rights import Viewer

LONGEST_KEY = 200


@dataclass(frozen=True)
class Asking:
    """Who asks, and what they had seen."""

    request: Request
    deciding: Deciding
    administering: Administering
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
    by, headers = viewer_of(request, system), request.headers
    key = headers.get("idempotency-key")
    asked = by_token(ask(system.deciding, system.now(), by, request.scope["path"], body, key), session_of(request))
    if key and len(key) > LONGEST_KEY:
        _refuse("string_too_long", ("header", "idempotency-key"), {"max_length": LONGEST_KEY})
    return Asking(request, system.deciding, system.administering, by, asked, headers.get("if-match"))


@dataclass(frozen=True)
class Done:
    """What was recorded, and the address of what it made."""

    receipt: Receipt
    location: str | None = None


Act = Callable[..., Done | Response]
"""Of `asking`, `command`, and the ids that stand in the path. Raises DomainError, or answers a refusal by itself."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
ASKED_BY_ITSELF = (known_query, single_keys)
"""What the whole application asks of each request, and a command asks without FastAPI's solving."""
SEEN = Parameter("if_match", Parameter.KEYWORD_ONLY, annotation=Annotated[str, Header()])
"""The version that was seen. FastAPI is told that it must be there; without it the answer is 428."""
KEY = Parameter(
    "idempotency_key",
    Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[str | None, Header(max_length=LONGEST_KEY)],
)


class Endpoint:
    """A command as FastAPI is told of it: the signature is made from the command's type, and is all that FastAPI reads.

    This is the one trick: what the signature says, `CommandRoute` reads by itself. `tests/api/test_contract.py` holds
    the two together.
    """

    def __init__(self, command: type[BaseModel], act: Act, ids: Sequence[str], headers: Sequence[Parameter]) -> None:
        self.command, self.act = command, act
        self.__doc__ = command.__doc__
        self.__signature__ = Signature(
            [
                *(Parameter(id, Parameter.KEYWORD_ONLY, annotation=UUID) for id in ids),
                Parameter("command", Parameter.KEYWORD_ONLY, annotation=command),
                *headers,
            ]
        )

    def __call__(self, asking: Asking, command: Any, **ids: UUID) -> Done | Response:
        return self.act(asking=asking, command=command, **ids)


class CommandRoute(APIRoute):
    """Of an `Endpoint`; it may wait, but needs no thread."""

    def get_route_handler(self) -> Handler:
        return self.handler_of(_effective_route_context_var.get() or self)  # as FastAPI's own does it

    def handler_of(self, included: Any) -> Handler:
        """`included`: the route as its router was included, with what was set there."""
        route = cast(APIRoute, included)
        endpoint, answered = cast(Endpoint, self.endpoint), _answering(route)

        def carried_out(request: Request, system: System, body: bytes) -> Response:
            asking = asking_of(request, system, body)
            ids = {name: _id(name, told) for name, told in request.path_params.items()}
            done = endpoint(asking=asking, command=_read(endpoint.command, request, body), **ids)
            if isinstance(done, Response):
                return done
            system.seen.saw(asking.viewer.officer, done.receipt)
            return answered(done)

        async def handle(request: Request) -> Response:
            refuse_unknown(request, self)
            body, system = await request.body(), system_of(request)
            return await system.deciding.in_turn(lambda: carried_out(request, system, body))

        first = [one for one in route.dependant.dependencies if one.call not in ASKED_BY_ITSELF]
        return _after(route, first, handle) if first else handle


def _after(route: APIRoute, dependencies: list[Dependant], handle: Handler) -> Handler:
    """First what was set on the router, the application or the route: it may refuse, and add headers.

    What the whole application asks of an address, a command has asked by itself: it need not be solved."""
    first = Dependant(path=route.path_format, dependencies=dependencies)

    async def after(request: Request) -> Response:
        solved = await solve_dependencies(
            request=request,
            dependant=first,
            dependency_overrides_provider=route.dependency_overrides_provider,
            async_exit_stack=request.scope["fastapi_inner_astack"],
            embed_body_fields=False,
        )
        if solved.errors:
            raise RequestValidationError(solved.errors)
        answer = await handle(request)
        answer.headers.raw.extend(solved.response.headers.raw)
        answer.background = solved.background_tasks
        return answer

    return after


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def _answering(route: APIRoute) -> Callable[[Done], Response]:
    """The receipt as the route's response model, with its marks."""
    told, status = _adapter(route.response_model), route.status_code or 200

    def answered(done: Done) -> Response:
        receipt = done.receipt
        marks = {"ETag": f'"{receipt.version}"', "X-Position": str(receipt.position)}
        if receipt.replayed:
            marks["Idempotency-Replayed"] = "true"
        if done.location:
            marks["Location"] = done.location
        content = told.dump_json(told.validate_python(receipt, from_attributes=True))
        return Response(content, status, marks, "application/json")

    return answered


def add_command(
    router: APIRouter,
    path: str,
    command: type[BaseModel],
    act: Act,
    status: int,
    name: str,
    ids: Sequence[str] = (),
    headers: Sequence[Parameter] = (SEEN, KEY),
    response_model: Any = Recorded,
    problems: dict[int | str, dict[str, Any]] | None = None,
) -> None:
    """`problems`: where this command's differ from those of all."""
    router.add_api_route(
        path,
        Endpoint(command, act, ids, headers),
        methods=["POST"],
        status_code=status,
        name=name,
        response_model=response_model,
        responses={status: {"headers": RECEIPT_HEADERS}, **COMMAND_PROBLEMS, **(problems or {})},
        route_class_override=CommandRoute,
    )


class CommandIndex(BaseRoute):
    """Stands before all other routes, and finds that of a command by its name, the last part of the path: to try one
    after the other takes longer than most decisions. Whatever it does not know goes the usual way."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._known: dict[tuple[int, str], tuple[Pattern[str], Scope]] = {}
        for one in iter_route_contexts(routes):
            if isinstance(route := one.original_route, CommandRoute) and one.path:
                app = one.app if one.dependant.dependencies else _bare(route.handler_of(one))
                self._known[_key(one.path)] = (
                    one.path_regex,
                    {"endpoint": one.endpoint, "route": route, "carry_out": app},
                )

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and scope["method"] == "POST" and (found := self._known.get(_key(scope["path"]))):
            pattern, told = found
            if match := pattern.match(scope["path"]):
                return Match.FULL, {**told, "path_params": match.groupdict()}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["carry_out"](scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        raise NoMatchFound(name, path_params)


def _bare(handle: Handler) -> ASGIApp:
    """Without the stacks that FastAPI keeps for dependencies to end in, where there are none."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await handle(Request(scope, receive, send))
        await answer(scope, receive, send)

    return app


def _key(path: str) -> tuple[int, str]:
    return path.count("/"), path.rpartition("/")[2]


def _read(command: type[BaseModel], request: Request, body: bytes) -> Any:
    """Raises RequestValidationError. A form that a browser sends by itself is no command: it is not JSON."""
    if not body:
        _refuse("missing", ("body",))
    if not is_json(request):
        _refuse("model_attributes_type", ("body",))
    refuse_twice_told(body)
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
