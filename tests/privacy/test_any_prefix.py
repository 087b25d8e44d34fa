"""Whoever was restricted or erased: any prefix of the feed gives the same tables as a fold of it with them erased.

There are no snapshots that an erasure would have to reach: histories are read from their first event on, and what saves
the reading is memory, which grows and is forgotten. So memory takes their place here: read with it and without it, a
history is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from application.streams import CASES
from domain.case.kinds import DeclineGround
from domain.case.opening.acceptance import DeclineCase
from domain.case.opening.parties import CorrectParty
from domain.case.record.papers import WriteNote
from domain.case.record.privacy import ErasePerson, RestrictPerson
from domain.shared.decider import Entry, History
from domain.shared.errors import DomainError
from domain.shared.texts import personal_fields
from domain.shared.values import ERASED, Value
from infrastructure.ledger.event_store import PostgresLedger
from tests.api.conftest import County, open_county
from tests.cli.test_imports import runner
from tests.cli.test_person import SHORT
from tests.effort import times
from tests.ledger.feeds import Tables, UpTo, opened_tables, read_models
from tests.ledger.test_projector import page_of
from tests.privacy.conftest import BASIS, NAME, Kept, kept
from tests.privacy.test_while_others_work import tell

OTHER = "吴小河"
STEPS = ("a note of both", "a note of nobody", "another phone", "closed", "restricted", "erased")


@dataclass
class Plain:
    """Every entry as it read when it was recorded, and whose keys were destroyed since."""

    ledger: PostgresLedger
    entries: list[Entry[Any]] = field(default_factory=list)
    gone: set[UUID] = field(default_factory=set)

    def look(self) -> None:
        self.entries += self.ledger.feed(len(self.entries), 10_000)

    def up_to(self, end: int) -> Folded:
        shown = [replace(one, event=self._erased(one.event)) for one in self.entries[:end]]
        return Folded(self.ledger, shown)

    def _erased(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._erased(one) for one in value)
        if not isinstance(value, Value):
            return value
        changes = {name: self._erased(getattr(value, name)) for name in type(value).model_fields}
        owner = getattr(value, "person", getattr(value, "id", None))
        hidden = personal_fields(type(value)) if owner in self.gone else ()
        return value.but(**changes | {name: ERASED for name in hidden if changes[name]})


@dataclass
class Folded:
    """A feed, and the histories in it, that know nothing of keys."""

    real: PostgresLedger
    entries: Sequence[Entry[Any]]

    @property
    def coder(self) -> Any:
        return self.real.coder

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        return self.entries[after : after + limit]

    feed_as_readable = feed

    def head(self) -> int:
        return len(self.entries)

    def histories(self, stream: Any, ids: Iterable[UUID], up_to: int) -> list[History[Any]]:
        told = {id: [one for one in self.entries[:up_to] if one.stream == id] for id in ids}
        return [History.of(id, stream.blank(id), mine) for id, mine in told.items() if mine]


@dataclass
class Scene:
    county: County
    plain: Plain
    pieces: Tables
    folded: Tables

    def does(self, case: Kept, step: str) -> None:
        parts, privacy = self.county.parts, self.county.parts.system.deciding.privacy
        match step:
            case "a note of both":
                tell(parts, case, WriteNote(note=f"{NAME}与{OTHER}谈过一次"))
            case "a note of nobody":
                tell(parts, case, WriteNote(note="谈过一次"))
            case "another phone":
                tell(parts, case, CorrectParty(party=case.person, phone="13900271829"))
            case "closed":
                tell(parts, case, DeclineCase(because=DeclineGround.NOT_CIVIL, reason="不属", remedies_told=True))
            case "restricted":
                privacy.restrict(case.id, RestrictPerson(person=case.person, basis=BASIS), case.asked())
            case "erased":
                self._erase(case)

    def _erase(self, case: Kept) -> None:
        command = ErasePerson(person=case.person, basis=BASIS, replacements=case.copies())
        self.county.parts.system.deciding.privacy.erase(case.id, command, case.asked(days=40))
        self.plain.look()
        self.plain.gone |= {case.person, *(one.narrative for one in command.replacements)}
        self.county.parts.erasing.carry_out()


@pytest.fixture(scope="module")
def scene(make_database, tmp_path_factory) -> Iterator[Scene]:
    url, state = make_database(), tmp_path_factory.mktemp("state")
    with open_county(url, state) as county:
        (pack := state / "pack.toml").write_text(SHORT, encoding="utf-8")
        assert runner(url, state)("rules", "load", str(pack))[0] == 0
        ledger = county.parts.ledger
        with opened_tables(ledger, make_database, 2) as (pieces, folded):
            yield Scene(county, Plain(ledger), pieces, folded)


def same(scene: Scene, end: int) -> None:
    """The tables in pieces, as a fold of the prefix without the erased has them."""
    folded = scene.plain.up_to(end)
    whole = scene.folded.projector(folded, read_models(folded))
    whole.prepare()
    whole.rebuild()
    assert scene.pieces.contents() == scene.folded.contents()


DONE = [(0, "a note of both"), (0, "closed"), (0, "restricted"), (0, "erased"), (1, "erased"), (0, "a note of nobody")]


@settings(max_examples=times(test=2, soak=40))
@example(steps=DONE, cuts=(0.1, 0.6), page=3)
@example(steps=[*DONE, (1, "closed"), (1, "erased")], cuts=(0.95, 1.0), page=500)
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STEPS)), min_size=4, max_size=14),
    cuts=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    page=st.sampled_from([1, 3, 20, 500]),
)
def test_any_prefix_after_any_rebuild_is_the_fold_of_it_with_the_erased_reading_as_erased(scene, steps, cuts, page):
    county, ledger, before = scene.county, scene.county.parts.ledger, scene.county.events()
    first = kept(county, closed=False)
    second = kept(county, closed=False)
    cases = [first, replace(first, person=first.other, other=first.person), second]
    for at, step in steps:
        with suppress(DomainError):  # what is asked too early is not recorded
            scene.does(cases[at], step)
    scene.plain.look()
    ends = sorted(before + round(cut * (ledger.head() - before)) for cut in cuts)

    feed = UpTo(ledger, ends[0])
    process = scene.pieces.projector(feed)
    process.prepare()
    with page_of(page):
        process.rebuild()
        same(scene, ends[0])
        feed.end = ends[1]
        process.catch_up()
        same(scene, ends[1])

    for case in (first, second):
        warm = ledger.history(CASES, case.id)
        ledger.forget()
        assert ledger.history(CASES, case.id) == warm
        told = scene.plain.up_to(ledger.head()).histories(CASES, [case.id], ledger.head())
        assert warm == told[0]
    assert steps[: len(DONE)] != DONE or {first.person, first.other} <= scene.plain.gone, "somebody was erased"
