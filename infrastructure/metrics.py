"""Figures for those who run it: how recording goes, and how far the read models are behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
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


@dataclass(frozen=True)
class Asked:
    """Who is asked, at the moment of asking."""

    status: Callable[[], Sequence[Standing]]
    parked: Callable[[], Sequence[Parked]]
    head: Callable[[], int]
    overdue: Callable[[datetime], int]
    beats: Callable[[], Mapping[str, float]]
    failures: Callable[[], Mapping[str, int]]
    """How often each part of the worker could not do what it looked for."""
    sealed: Callable[[], tuple[int, float]]
    """How many events are sealed, and for how many seconds the first that is not has waited."""
    erasures: Callable[[], int]
    """How many are recorded as erased, and still have text in a table."""
    room: Callable[[], int]
    version: str


class Standings(Collector):
    """What the database says at the moment of asking."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def collect(self) -> Iterator[Metric]:
        now = datetime.now(UTC)
        yield from self._lists(now)
        yield from self._worker()
        yield from self._records()
        yield GaugeMetricFamily("tiaojie_deadlines_overdue", "Clocks that ran out and wait", self._asked.overdue(now))
        yield InfoMetricFamily("tiaojie_build", "Which program this is", {"version": self._asked.version})

    def _lists(self, now: datetime) -> Iterator[Metric]:
        gap = GaugeMetricFamily("tiaojie_projection_gap_events", "Events still to be read", labels=["projection"])
        wait = GaugeMetricFamily("tiaojie_projection_gap_seconds", "Since the next was recorded", labels=["projection"])
        held = GaugeMetricFamily("tiaojie_parked", "Streams behind an event that failed", labels=["projection"])
        for one in self._asked.status():
            gap.add_metric([one.name], one.behind)
            wait.add_metric([one.name], one.waiting)
            held.add_metric([one.name], one.parked)
        yield from (gap, wait, held)
        oldest = max(((now - one.since).total_seconds() for one in self._asked.parked()), default=0.0)
        yield GaugeMetricFamily("tiaojie_oldest_parked_seconds", "Age of the oldest parked stream", oldest)

    def _worker(self) -> Iterator[Metric]:
        beat = GaugeMetricFamily("tiaojie_worker_beat_seconds", "Since a part of the worker looked", labels=["part"])
        failed = CounterMetricFamily("tiaojie_worker_failures", "Looks that came to nothing", labels=["part"])
        failures = self._asked.failures()
        for part, age in self._asked.beats().items():
            beat.add_metric([part], age)
            failed.add_metric([part], failures.get(part, 0))
        yield from (beat, failed)

    def _records(self) -> Iterator[Metric]:
        head, (sealed, waiting) = self._asked.head(), self._asked.sealed()
        yield GaugeMetricFamily("tiaojie_feed_head", "The last position of the feed", head)
        yield GaugeMetricFamily("tiaojie_sealed_position", "The last position that is signed for", sealed)
        yield GaugeMetricFamily("tiaojie_seal_wait_seconds", "Since the first that is not was recorded", waiting)
        erasures, room = self._asked.erasures(), self._asked.room()
        yield GaugeMetricFamily("tiaojie_vault_free_bytes", "Room for new keys of persons", room)
        yield GaugeMetricFamily("tiaojie_erasures_waiting", "Erased, and not yet out of every table", erasures)


def exposed(standings: Standings) -> bytes:
    """In Prometheus' text form."""
    now = CollectorRegistry()
    now.register(standings)
    return generate_latest(_recorded()) + generate_latest(now)


def _recorded() -> CollectorRegistry:
    """The figures of this process, or of all that serve together where there are several."""
    if (folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR")) is None:
        return RECORDING
    _forget_the_dead(Path(folder))
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _forget_the_dead(folder: Path) -> None:
    """What a process had open, or lent, ended with it. What it counted stays counted."""
    for one in {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*_*.db")}:
        try:
            os.kill(one, 0)
        except ProcessLookupError:
            mark_process_dead(one)  # type: ignore[no-untyped-call]
