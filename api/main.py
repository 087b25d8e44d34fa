"""The web application."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import contract, problems
from api.commanding import CommandIndex
from api.edge import Edge, Methods
from api.entrance import Entrance
from api.known_body import single_keys
from api.known_query import known_query
from api.limits import BodyLimit
from api.looking import Looking
from api.measured import Measured
from api.routes import (
    case,
    case_amendments,
    case_composites,
    case_files,
    escalation,
    figures,
    health,
    jurisdiction,
    jurisdiction_changes,
    jurisdiction_editions,
    looks,
    metrics,
    office,
    office_tokens,
    proof,
    publication,
    referral,
    replay,
    rules,
    signal,
    sweep,
    sweep_meetings,
)
from api.settings import Settings
from api.system import System
from api.version import VERSION
from api.web import pages

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OF_THE_LOG = ("key", "checkpoint", "inclusion", "consistency", "tile/{level}")
PUBLIC = ("/api/session", "/health", *(f"/api/log/{one}" for one in OF_THE_LOG))
"""Beginnings of paths that are answered without a session."""
TELEMETRY: TelemetryConfig = {"auto_configure": True, "logs": False, "operation_spans": False}
"""Where OTEL_EXPORTER_OTLP_ENDPOINT names a collector. No logs: they repeat what content was refused for."""
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
"""Behind TLS: for a year the browser comes by TLS, whatever a link says."""


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


RAW_HEADERS, BY_TLS = _raw(HEADERS), _raw(HEADERS | HSTS)


def create_app(system: System, settings: Settings) -> FastAPI:
    app = _without_paths()
    app.state.system = system
    app.state.settings = settings
    problems.install(app)
    pages.install(app)
    app.router.routes.extend(_paths())
    app.router.routes.insert(0, CommandIndex(app.routes))
    contract.install(app, PUBLIC, settings.root_path)
    app.add_middleware(Looking, routes=app.routes, system=system, refuse=pages.refusal)
    app.add_middleware(BodyLimit, refuse=pages.refusal)
    app.add_middleware(Entrance, system=system, origin=settings.origin, refuse=pages.refused_at_the_door)
    app.add_middleware(problems.LastResort)
    methods = Methods(app.routes)
    methods.check_free(settings.root_path)
    app.add_middleware(Edge, methods=methods, root=settings.root_path, refuse=pages.refusal)
    app.add_middleware(Measured, routes=app.routes, system=system)
    app.add_middleware(Guarded, settings=settings)
    return app


def _without_paths() -> FastAPI:
    return FastAPI(
        title="调解 tiaojie",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=TELEMETRY,
        dependencies=[Depends(known_query), Depends(single_keys)],
    )


@cache
def _paths() -> Sequence[BaseRoute]:
    """Once for a process, however many applications it makes: what each path takes and answers is worked out from its
    types, which takes half a second."""
    app = _without_paths()
    handover = (referral.router, escalation.router)
    proofs = (proof.router, proof.of_a_case)
    areas = (jurisdiction.router, jurisdiction_changes.router, jurisdiction_editions.router)
    registers = (office.router, office_tokens.router, *areas, rules.router)
    papers = (case_composites.router, case_files.router, case_amendments.router)
    cases = (looks.router, case.router, *papers, replay.router)
    sweeps = (sweep_meetings.router, sweep.router)
    counted = (figures.router, publication.router, signal.router)
    for one in (*registers, *cases, *handover, *sweeps, *counted, *proofs):
        app.include_router(one, prefix="/api", responses=contract.PROBLEMS)
    app.include_router(health.router, responses={one: contract.PROBLEMS[one] for one in (422, 500)})
    app.include_router(metrics.router)
    pages.include(app)
    return app.routes


class Guarded:
    """Every answer carries the headers that keep a browser from what it was not asked to do."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._by_tls = app, settings.secure_cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        by_tls = self._by_tls or scope.get("scheme") == "https"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(one for one in (BY_TLS if by_tls else RAW_HEADERS) if one[0] not in given),
                ]
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
