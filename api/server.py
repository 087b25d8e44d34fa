"""The web server, as one process."""

from __future__ import annotations

import uvicorn

from api.main import create_app
from api.settings import Settings
from api.supervisor import end_with_parent
from api.wiring import database, wired


def serve(settings: Settings) -> None:
    """Until it is told to stop."""
    end_with_parent()
    with database(settings) as url, wired(settings, url) as parts:
        uvicorn.run(
            create_app(parts.system, settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
