"""The web server: one process, or several that listen on the same port."""

from __future__ import annotations

import os
import resource
from contextlib import ExitStack, suppress
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.command_words import refusal
from api.main import create_app
from api.processes.listening import address, listener
from api.processes.parts import PARENT, end_with, parent_told, when_told_to_end
from api.processes.punctual import Punctual
from api.settings import Settings
from api.wiring import wired
from api.wiring_ledgers import database, prepared

STARTUP_FAILURE = 3
"""What uvicorn ends with where the application did not start."""
ON_THIS_MACHINE = "127.0.0.1,::1,::ffff:127.0.0.1"
"""Whose word on where a request came from is believed: a proxy beside us, by whichever family it comes."""
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
            _serve(create_app(parts.system, settings), settings)


def _leave() -> None:
    """uvicorn ends by itself when it is told to, and then passes the signal on: to end with it at once would leave the
    embedded database behind."""
    raise SystemExit(0)


def _several(settings: Settings, url: str) -> None:
    """uvicorn starts them, another where one has died, and ends them. What they are told stands in the environment."""
    prepared(settings, url)
    with TemporaryDirectory(prefix="tiaojie-counted-") as counted:
        os.environ |= {"DATABASE_URL": url, COUNTED: counted, PARENT: str(os.getpid())}
        _serve("api.processes.server:one_of_several", settings, factory=True, workers=settings.processes)


def _serve(app: FastAPI | str, settings: Settings, **more: Any) -> None:
    """On a socket of ours: uvicorn's own listens to `::` with one process otherwise than with several."""
    config = uvicorn.Config(app, **_options(settings), **more)
    try:
        listening = listener(settings.host, settings.port)
    except OSError as fault:
        where = address(settings.host, settings.port)
        raise SystemExit(refusal("nothing_listens", where=where, fault=fault.strerror)) from None
    with listening, suppress(KeyboardInterrupt):
        if config.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
            return
        server = uvicorn.Server(config)
        server.run(sockets=[listening])
        if not server.started:
            raise SystemExit(STARTUP_FAILURE)


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
        "forwarded_allow_ips": os.environ.get("FORWARDED_ALLOW_IPS", ON_THIS_MACHINE),
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 5,
        "timeout_worker_healthcheck": 30,
    }
