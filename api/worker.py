"""The worker: keeps the read models up with the feed."""

from __future__ import annotations

import signal
from threading import Event

from api.settings import Settings
from api.supervisor import end_with_parent
from api.wiring import database, wired


def work(settings: Settings) -> None:
    """Until it is told to stop."""
    end_with_parent()
    stop = Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    with database(settings) as url, wired(settings, url) as parts:
        parts.projector.run(stop)
