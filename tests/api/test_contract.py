"""The contract: what is set on a router or on the app holds for commands, and what is declared is what is answered."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from openapi_spec_validator import validate
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

from api.commanding import CommandIndex, CommandRoute, Endpoint
from api.main import create_app
from api.problems import STATUS
from api.routes import case as case_routes
from api.settings import Settings
from api.system import System
from domain.case.record.papers import WriteNote
from domain.shared.errors import Forbidden
from tests.api.conftest import BOTH, County, Desk
from tests.api.contract import BrokenContract, Contract, ContractClient

NOTE = {"note": "约好周五见面"}


class NotToday(Forbidden):
    """Set on a router by a test."""


def app_of(county: County) -> FastAPI:
    return create_app(county.parts.system, Settings(state=county.state))


def with_routers(county: County, **set_on_it: Any) -> FastAPI:
    """The same application, its routes of cases included once more with something set."""
    app = app_of(county)
    app.router.routes.clear()
    app.include_router(case_routes.router, prefix="/api", **set_on_it)
    app.router.routes.insert(0, CommandIndex(app.routes))
    return app


def noted(desk: Desk, app: FastAPI, case: Any, **headers: str) -> Any:
    marks = {"If-Match": "*", "Authorization": f"Bearer {desk.county.tokens[desk.login]}", **headers}
    return ContractClient(app).post(f"/api/cases/{case.id}/write-note", json=NOTE, headers=marks)


def test_a_dependency_set_on_the_router_runs_for_a_command_and_can_refuse(county, mediator):
    asked: list[str] = []

    def refuse(request: Request, x_day: str = Header("")) -> None:
        asked.append(request.url.path)
        if x_day == "sunday":
            raise NotToday

    case, app = mediator.register(), with_routers(county, dependencies=[Depends(refuse)])
    before = county.events()

    refused = noted(mediator, app, case, **{"X-Day": "sunday"})

    mediator.refused(refused, 403, "not-today")
    assert county.events() == before
    assert noted(mediator, app, case, **{"X-Day": "monday"}).status_code == 200
    assert asked == [f"/api/cases/{case.id}/write-note"] * 2


def test_what_a_dependency_of_a_router_cannot_read_is_a_problem_field_by_field(county, mediator):
    def numbered(x_number: int = Header()) -> None:
        pass

    case, app = mediator.register(), with_routers(county, dependencies=[Depends(numbered)])

    told = mediator.refused(noted(mediator, app, case, **{"X-Number": "none"}), 422, "unfit-request")

    assert told["errors"][0]["pointer"] == "/x-number"


def test_a_dependency_of_a_router_adds_headers_and_ends_after_the_command(county, mediator):
    ended: list[int] = []

    def around(response: Response) -> Any:
        response.headers["X-Desk"] = "7"
        yield
        ended.append(county.events())

    case, app = mediator.register(), with_routers(county, dependencies=[Depends(around)])
    before = county.events()

    answer = noted(mediator, app, case)

    assert (answer.status_code, answer.headers["X-Desk"]) == (200, "7")
    assert answer.headers["ETag"]
    assert ended == [before + 1]


def test_a_dependency_can_be_replaced_for_commands_as_for_reads(county, mediator):
    def refuse() -> None:
        raise NotToday

    case, app = mediator.register(), with_routers(county, dependencies=[Depends(refuse)])
    app.dependency_overrides[refuse] = lambda: None

    assert noted(mediator, app, case).status_code == 200


class Stamping:
    """A middleware as anybody would write it."""

    def __init__(self, app: ASGIApp, seen: list[tuple[str, Any]]) -> None:
        self._app, self._seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        if scope["type"] == "http":
            self._seen.append((scope["path"], scope.get("route")))


def test_a_middleware_added_to_the_app_sees_commands(county, mediator):
    seen: list[tuple[str, Any]] = []
    case, app = mediator.register(), app_of(county)
    app.add_middleware(cast(Any, Stamping), seen=seen)

    assert noted(mediator, app, case).status_code == 200

    ((path, route),) = seen
    assert path == f"/api/cases/{case.id}/write-note"
    assert route.name == "change:write-note"


def test_an_exception_handler_of_the_app_answers_for_commands(county, mediator):
    case, app = mediator.register(), app_of(county)
    app.add_exception_handler(Forbidden, lambda request, error: Response(status_code=403, content="{}"))
    token = county.as_("auditor").county.tokens["auditor"]
    headers = {"If-Match": "*", "Authorization": f"Bearer {token}"}

    with pytest.raises(BrokenContract, match="403: answered nothing"):
        ContractClient(app).post(f"/api/cases/{case.id}/write-note", json=NOTE, headers=headers)


class Short(BaseModel):
    version: int


def test_the_declared_response_model_is_what_is_answered(county, mediator):
    case, router = mediator.register(), APIRouter()
    endpoint = Endpoint(WriteNote, case_routes._change, ("id",), ())
    router.add_api_route(
        "/api/cases/{id}/write-note",
        endpoint,
        methods=["POST"],
        response_model=Short,
        route_class_override=CommandRoute,
    )
    app = app_of(county)
    app.router.routes.clear()
    app.include_router(router)

    headers = {"If-Match": "*", "Authorization": f"Bearer {county.tokens['li.ming']}"}
    answer = TestClient(app).post(f"/api/cases/{case.id}/write-note", json=NOTE, headers=headers)

    assert answer.json() == {"version": case.version + 1}


def test_a_receipt_has_just_the_declared_fields_and_marks(county, mediator):
    answer = mediator.post(
        "/api/cases/register-case", place=str(county.area("990101101201")), facts="登记", parties=BOTH
    )

    told = answer.json()
    assert list(told) == ["id", "version", "position", "numbers"]
    assert UUID(told["id"])
    assert answer.headers["ETag"] == f'"{told["version"]}"'
    assert answer.headers["X-Position"] == str(told["position"])
    assert answer.headers["Location"] == f"/api/cases/{told['id']}"


def commands(app: FastAPI) -> list[Any]:
    return [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, CommandRoute)]


def test_every_command_is_found_at_once_and_no_two_are_found_as_one():
    app = bare()
    index = cast(CommandIndex, app.router.routes[0])

    for one in commands(app):
        path = one.path.replace("{id}", str(UUID(int=1))).replace("{case}", str(UUID(int=2)))
        _, child = index.matches({"type": "http", "method": "POST", "path": path})
        assert child["route"] is one.original_route
        assert set(child["path_params"]) == set(one.original_route.param_convertors)


def test_what_fastapi_is_told_of_a_command_is_what_is_read():
    for one in commands(bare()):
        route = one.original_route
        assert route.body_field.field_info.annotation is route.endpoint.command
        assert {param.name for param in route.dependant.path_params} == set(route.param_convertors)
        assert {param.alias for param in route.dependant.header_params} <= {"if-match", "idempotency-key"}
        assert not route.dependant.query_params


def bare() -> FastAPI:
    return create_app(cast(System, SimpleNamespace()), Settings(state=Path("unused")))


def test_the_contract_is_a_valid_openapi_document():
    validate(json.loads(json.dumps(bare().openapi())))


def test_the_contract_is_the_same_each_time():
    assert json.dumps(bare().openapi()) == json.dumps(bare().openapi())


def test_every_command_declares_every_refusal_that_there_is_as_a_problem():
    document = bare().openapi()
    expected = {"401", "413", "428", *(str(status) for status in STATUS.values())}

    for one in commands(bare()):
        responses = document["paths"][one.path]["post"]["responses"]
        assert expected <= set(responses)
        for status in expected:
            assert list(responses[status]["content"]) == ["application/problem+json"]


def test_every_read_tells_what_it_answers():
    for path, operations in bare().openapi()["paths"].items():
        for operation in operations.values():
            for content in next(iter(operation["responses"].values())).get("content", {}).values():
                assert content["schema"].get("$ref") or content["schema"]["type"] == "string" or "/live" in path


def test_an_undeclared_status_and_an_undeclared_field_are_told_by_name(county):
    contract = Contract.of(county.http.app)
    odd = SimpleNamespace(status_code=418, text="", content=b"", headers={})
    more = {"officer": str(UUID(int=1)), "role": None, "body": None, "area": None, "scope": "all"}
    kind = {"content-type": "application/json"}
    wide = SimpleNamespace(status_code=200, text="", content=b"{}", headers=kind, json=lambda: more)

    with pytest.raises(BrokenContract, match="GET /api/me 418: only 200"):
        contract.check("GET", "/api/me", odd)
    with pytest.raises(BrokenContract, match="'scope' was unexpected"):
        contract.check("GET", "/api/me", wide)
