"""The web application."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from api import problems
from api.limits import BodyLimit
from api.routes import case, figures, health, jurisdiction, office
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


def create_app(system: System, settings: Settings) -> FastAPI:
    app = FastAPI(title="调解 tiaojie", version="0.1.0", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.system = system
    app.state.settings = settings
    problems.install(app)
    for one in (office.router, case.router, figures.router, jurisdiction.router):
        app.include_router(one, prefix="/api")
    app.include_router(health.router)
    pages.install(app)
    app.middleware("http")(_guard)
    app.add_middleware(BodyLimit, refuse=pages.refusal)
    return app


async def _guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
