"""The web server: one process, or several that listen on the same port."""

from __future__ import annotations

import os
import resource
from contextlib import ExitStack, suppress
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI

from api.main import create_app
from api.processes.parts import PARENT, end_with, parent_told, when_told_to_end
from api.processes.punctual import Punctual
from api.settings import Settings
from api.wiring import wired
from api.wiring_ledgers import database, prepared

COUNTED = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes keep what they count, so that whichever is asked tells of all."""


def serve(settings: Settings) -> None:
    """Until it is told to stop."""
    end_with(parent_told())
    when_told_to_end(_leave)
    _open_as_many_as_may_be()
    with database(settings, makes=True) as url:
        if settings.processes > 1:
            _several(settings, url)
            return
        with wired(settings, url) as parts:
            uvicorn.run(create_app(parts.system, settings), **_options(settings))


def _leave() -> None:
    """uvicorn ends by itself when it is told to, and then passes the signal on: to end with it at once would leave the
    embedded database behind."""
    raise SystemExit(0)


def _several(settings: Settings, url: str) -> None:
    """uvicorn starts them, another where one has died, and ends them. What they are told stands in the environment."""
    prepared(settings, url)
    with TemporaryDirectory(prefix="tiaojie-counted-") as counted:
        os.environ |= {"DATABASE_URL": url, COUNTED: counted, PARENT: str(os.getpid())}
        uvicorn.run(
            "api.processes.server:one_of_several", factory=True, workers=settings.processes, **_options(settings)
        )


_until_the_end = ExitStack()
"""Of a process that is one of several: what it works with."""


def one_of_several() -> FastAPI:
    end_with(parent_told())
    settings = Settings()
    assert settings.database_url
    parts = _until_the_end.enter_context(wired(settings, settings.database_url.get_secret_value()))
    return create_app(parts.system, settings)


def _open_as_many_as_may_be() -> None:
    """A thousand connections that say nothing must not keep the next one out. A child has what its parent had."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "http": Punctual,
        "host": settings.host,
        "port": settings.port,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 5,
        "timeout_worker_healthcheck": 30,
    }
