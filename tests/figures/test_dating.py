"""Two clocks: whatever was recorded late, corrected or struck, a row of any day and any entry is that of a reading of
then."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from application.figures.dated.case_rows import CaseTelling
from application.figures.dated.dating import Dating, Span
from domain.shared.calendar import end_of, local_day
from domain.shared.decider import History, standing
from tests.effort import times
from tests.figures.lives import blank, lived


@pytest.fixture(scope="module")
def histories() -> list[Any]:
    return lived(times(test=15, soak=200, quick=6))


def known_after(entries: Any) -> tuple[list[tuple[int, int | None, Span]], Dating[Any]]:
    """Every span with the positions at which it began and ended to be known."""
    dating = Dating(blank(entries[0].stream), CaseTelling)
    open_now: dict[Span, int] = {}
    known: list[tuple[int, int | None, Span]] = []
    for entry in entries:
        if change := dating.record(entry):
            known += [(open_now.pop(one), change.position, one) for one in change.ended]
            assert not change.begun & open_now.keys(), "what is known already does not begin anew"
            open_now |= dict.fromkeys(change.begun, change.position)
    return [*known, *((since, None, one) for one, since in open_now.items())], dating


def read(history: History[Any], day: Any) -> Any:
    """The rows by a reading of all that had happened by then."""
    telling, state = CaseTelling(), history.blank
    for entry in standing(history.entries):
        if local_day(entry.event.shown_from(entry.occurred_at)) <= day and entry.event.has_place_in(state):
            state = entry.event.evolve(state, entry.occurred_at)
            telling.add(entry, state)
    assert state == history.effective_at(end_of(day))
    return telling.rows(state)


def test_of_every_entry_and_every_day_the_spans_tell_what_a_reading_of_then_tells(histories):
    random = Random(16)
    compared = 0
    for entries in histories:
        known, _ = known_after(entries)
        days = sorted({local_day(one.event.shown_from(one.occurred_at)) for one in entries})
        for at in random.sample(range(1, len(entries) + 1), min(len(entries), 8)):
            history = History.of(entries[0].stream, blank(entries[0].stream), entries[:at])
            position = entries[at - 1].position
            for day in random.sample(days, min(len(days), 5)):
                spans = [
                    one
                    for since, until, one in known
                    if since <= position and (until is None or position < until)
                    if one.since <= day and (one.until is None or day < one.until)
                ]
                assert len({one.key for one in spans}) == len(spans), "of a thing there is one row a day"
                assert {one.key: one.row for one in spans} == dict(read(history, day))
                compared += 1
    assert compared > 100
