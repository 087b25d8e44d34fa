"""Whole counties of cases that were lived at random: corrected, merged, split, reopened, broken, entered late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from domain.case.case import DisputeCase
from domain.shared.decider import Entry
from tests.case.histories import SPACE
from tests.case.test_lifecycle import CaseLifecycle
from tests.figures.recount import Line, shown_on
from tests.oracle.stories import BEGINNINGS, STORIES

STEPS = 8


def lived(count: int) -> list[tuple[Entry[Any], ...]]:
    """So many histories, each the entries of one case."""
    found: list[tuple[Entry[Any], ...]] = []

    class Kept(CaseLifecycle):
        @initialize(story=st.sampled_from([*STORIES.values(), *BEGINNINGS]), turn=st.integers(0, 10_000))
        def begin(self, story: Any, turn: int) -> None:
            super().begin(story, turn)

        def teardown(self) -> None:
            if self.life.history.state.registered_at:
                found.append(self.life.history.entries)

    drawn = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    run_state_machine_as_test(lambda: Kept(Counter()), settings=drawn)
    return found


@dataclass(frozen=True)
class County:
    """Cases of one feed, whose entries stand in it one between the other."""

    feed: tuple[Entry[Any], ...]

    @property
    def streams(self) -> Sequence[UUID]:
        return sorted({one.stream for one in self.feed})

    def lines(self, stream: UUID, position: int) -> list[Line]:
        """What was known of it after the entry at that position."""
        return [line_of(one) for one in self.feed if one.stream == stream and one.position <= position]

    def days(self) -> list[Any]:
        return sorted({shown_on(line_of(one)) for one in self.feed})

    def pages(self, random: Random) -> Iterator[tuple[Entry[Any], ...]]:
        at = 0
        while at < len(self.feed):
            size = random.randint(1, 400)
            yield self.feed[at : at + size]
            at += size


def line_of(one: Entry[Any]) -> Line:
    return Line(one.version, one.position, one.event.name, one.occurred_at, one.recorded_at, one.event)


def mingled(histories: Sequence[Sequence[Entry[Any]]], random: Random) -> County:
    """Each history has an id of its own, and its entries the positions of one feed."""
    left = {uuid5(SPACE, f"case {number}"): list(entries) for number, entries in enumerate(histories)}
    feed: list[Entry[Any]] = []
    while left:
        stream = random.choice(sorted(left))
        entry = left[stream].pop(0)
        feed.append(replace(entry, stream=stream, position=len(feed) + 1))
        if not left[stream]:
            del left[stream]
    return County(tuple(feed))


def blank(stream: UUID) -> DisputeCase:
    return DisputeCase.blank(stream)
