"""Figures for those who run it: how recording goes, and how far the read models are behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from infrastructure.projection.parking import Parked
from infrastructure.projection.projector import Standing

RECORDING = CollectorRegistry()
"""These are counted in this process."""
APPEND_SECONDS = Histogram(
    "tiaojie_append_duration_seconds",
    "Of one transaction of recorded commands",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
    registry=RECORDING,
)
BATCH_SIZE = Histogram(
    "tiaojie_batch_size",
    "Commands that were recorded in one transaction",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=RECORDING,
)
CONFLICTS = Counter("tiaojie_conflicts", "Commands that were overtaken by another decision", registry=RECORDING)
UNKNOWN = Counter("tiaojie_unknown_outcomes", "Commits whose answer was lost", registry=RECORDING)


class Standings(Collector):
    """What the database says at the moment of asking."""

    def __init__(
        self,
        status: Callable[[], Sequence[Standing]],
        parked: Callable[[], Sequence[Parked]],
        head: Callable[[], int],
        overdue: Callable[[datetime], int],
        worker: Callable[[], Mapping[str, float]],
    ) -> None:
        self._status, self._parked, self._head, self._overdue = status, parked, head, overdue
        self._worker = worker

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = datetime.now(UTC)
        gap = GaugeMetricFamily("tiaojie_projection_gap_events", "Events still to be read", labels=["projection"])
        wait = GaugeMetricFamily("tiaojie_projection_gap_seconds", "Since the next was recorded", labels=["projection"])
        held = GaugeMetricFamily("tiaojie_parked", "Streams behind an event that failed", labels=["projection"])
        for one in self._status():
            gap.add_metric([one.name], one.behind)
            wait.add_metric([one.name], one.waiting)
            held.add_metric([one.name], one.parked)
        oldest = max(((now - one.since).total_seconds() for one in self._parked()), default=0.0)
        beat = GaugeMetricFamily("tiaojie_worker_beat_seconds", "Since a part of the worker looked", labels=["part"])
        for part, age in self._worker().items():
            beat.add_metric([part], age)
        yield from (gap, wait, held, beat)
        yield GaugeMetricFamily("tiaojie_oldest_parked_seconds", "Age of the oldest parked stream", oldest)
        yield GaugeMetricFamily("tiaojie_feed_head", "The last position of the feed", self._head())
        yield GaugeMetricFamily("tiaojie_deadlines_overdue", "Clocks that ran out and wait", self._overdue(now))


def exposed(standings: Standings) -> bytes:
    """In Prometheus' text form."""
    now = CollectorRegistry()
    now.register(standings)
    return generate_latest(_recorded()) + generate_latest(now)


def _recorded() -> CollectorRegistry:
    """The figures of this process, or of all that serve together where there are several."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return RECORDING
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
