"""The web application."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import contract, problems
from api.commanding import CommandIndex
from api.known_query import known_query
from api.limits import BodyLimit
from api.routes import (
    case,
    case_amendments,
    escalation,
    figures,
    health,
    jurisdiction,
    jurisdiction_changes,
    metrics,
    office,
    proof,
    referral,
    replay,
    rules,
)
from api.settings import Settings
from api.system import System
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
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def create_app(system: System, settings: Settings) -> FastAPI:
    app = FastAPI(
        title="调解 tiaojie",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=TELEMETRY,
        dependencies=[Depends(known_query)],
    )
    app.state.system = system
    app.state.settings = settings
    problems.install(app)
    handover = (referral.router, escalation.router)
    proofs = (proof.router, proof.of_a_case)
    registers = (office.router, jurisdiction.router, jurisdiction_changes.router, rules.router)
    for one in (*registers, case.router, case_amendments.router, replay.router, *handover, figures.router, *proofs):
        app.include_router(one, prefix="/api", responses=contract.PROBLEMS)
    app.include_router(health.router, responses={one: contract.PROBLEMS[one] for one in (422, 500)})
    app.include_router(metrics.router)
    pages.install(app)
    app.router.routes.insert(0, CommandIndex(app.routes))
    contract.install(app, PUBLIC)
    app.add_middleware(BodyLimit, refuse=pages.refusal)
    app.add_middleware(problems.LastResort)
    app.add_middleware(Guarded)
    return app


class Guarded:
    """Every answer carries the headers that keep a browser from what it was not asked to do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in RAW_HEADERS if one[0] not in given)]
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
