"""The service in one process, with a clock that is so many seconds ahead: python -m tests.faults.ahead 3600"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from api.processes import server, worker
from api.settings import Settings
from api.wiring import Wired, wired

LOOK = 0.1
"""Seconds between two looks at the clocks of the law, so that two processes meet."""


def serve(ahead: timedelta) -> None:
    """Requests are answered, and the clocks of the law are kept by the worker's own loop, beside it."""

    @contextmanager
    def wired_ahead(settings: Settings, url: str) -> Iterator[Wired]:
        stop = Event()
        with wired(settings, url, lambda: datetime.now(UTC) + ahead) as parts:
            keeper = Thread(target=worker.keep_time, args=(parts.system, stop))
            keeper.start()
            yield parts
            stop.set()
            keeper.join()

    server.wired = wired_ahead  # type: ignore[attr-defined]
    worker.LOOK = LOOK
    server.serve(Settings())


if __name__ == "__main__":
    serve(timedelta(seconds=float(sys.argv[1])))
