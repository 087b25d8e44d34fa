"""A ledger that commit f4ecbd6 recorded opens for good: the same states, lists, figures and pages as it read itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from infrastructure.ledger.event_names import EVENTS
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from tests.recorded.comparing import differences
from tests.recorded.kept import FOLDER, Expected, load, names
from tests.recorded.present import opened_now
from tests.recorded.reading import read

EXPECTED = Expected.of(FOLDER)
NAMES_THEN = 138
"""Of its time: every one of them."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded")


@pytest.fixture(scope="module")
def url(make_database: Callable[[], str], place: Path) -> str:
    made = make_database()
    load(FOLDER, made, place)
    return made


def test_it_reads_as_it_did_then(url: str, place: Path) -> None:
    """One test for all sections: whatever is read, the ledger is opened for it first."""
    with opened_now(url, place, EXPECTED.fields) as opened:
        now = read(opened)

    then = EXPECTED.hashes.items()
    meant = EXPECTED.otherwise
    found = [
        one
        for name, hashes in then
        for one in differences(name, hashes, EXPECTED.told[name], now[name], meant.get(name))
    ]
    assert now.keys() == EXPECTED.hashes.keys()
    assert opened.met >= EXPECTED.fields, f"answers lost fields: {sorted(EXPECTED.fields - opened.met)}"
    assert not found, "\n".join(found)


def test_it_has_an_event_of_every_name_of_its_time_and_each_is_still_known() -> None:
    found = names(FOLDER)

    assert len(found) == NAMES_THEN
    assert found.keys() <= EVENTS.keys()


def test_what_it_signed_is_still_proven_once_it_was_opened(url: str, place: Path) -> None:
    with opened_now(url, place):
        told = ProofDesk(url, LogFiles.of(place)).verify([], lambda done: None)

    assert not told.faults, told.faults
    assert (told.events, told.unsealed) == (names(FOLDER).total(), 0)
