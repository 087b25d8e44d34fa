"""Figures of what is asked over HTTP, and of the connections that are lent for it."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from prometheus_client import Counter, Gauge, Histogram
from psycopg_pool import ConnectionPool

from infrastructure.metrics import RECORDING

EVERY = 1.0
"""Seconds between two looks at the pools. Of several processes each looks at its own, when it has answered."""
REQUESTS = Counter(
    "tiaojie_http_requests", "By route, method and class of status", ["route", "method", "status"], registry=RECORDING
)
SECONDS = Histogram(
    "tiaojie_http_request_duration_seconds",
    "From the head of a request to the end of its answer",
    ["route"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=RECORDING,
)
IN_FLIGHT = Gauge(
    "tiaojie_http_requests_in_flight", "Not answered yet", registry=RECORDING, multiprocess_mode="livesum"
)
LENT = Gauge(
    "tiaojie_pool_connections",
    "Connections to the database, by pool and by what they do",
    ["pool", "state"],
    registry=RECORDING,
    multiprocess_mode="livesum",
)
MOST = Gauge(
    "tiaojie_pool_most", "Connections that a pool may have", ["pool"], registry=RECORDING, multiprocess_mode="livesum"
)
WAITING = Gauge(
    "tiaojie_pool_waiting", "Who waits for a connection", ["pool"], registry=RECORDING, multiprocess_mode="livesum"
)


class HttpTraffic:
    """`api.system.Traffic`."""

    def __init__(self, pools: Mapping[str, ConnectionPool[Any]]) -> None:
        self._pools, self._next = pools, 0.0

    def began(self) -> None:
        IN_FLIGHT.inc()

    def ended(self, route: str, method: str, status: str, seconds: float) -> None:
        IN_FLIGHT.dec()
        REQUESTS.labels(route, method, status).inc()
        SECONDS.labels(route).observe(seconds)
        if monotonic() >= self._next:
            self.look()

    def look(self) -> None:
        self._next = monotonic() + EVERY
        for name, pool in self._pools.items():
            seen = pool.get_stats()
            idle = seen.get("pool_available", 0)
            LENT.labels(name, "idle").set(idle)
            LENT.labels(name, "busy").set(seen.get("pool_size", 0) - idle)
            MOST.labels(name).set(seen.get("pool_max", 0))
            WAITING.labels(name).set(seen.get("requests_waiting", 0))
