"""An erasure whose process is killed between two of its steps is finished by the next one, and nothing is left."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial

import pytest

from api.wiring import Wired
from application.ports import Asked
from domain.case.record.privacy import ErasePerson
from domain.shared.values import ERASED, CaseId
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from tests.cli.test_imports import runner
from tests.effort import in_turn
from tests.faults.steps import Step, Task, die_at
from tests.privacy.conftest import BASIS, SECRETS, Place, kept, own_place, wrapped_keys

pytestmark = pytest.mark.usefixtures("processes")

LEDGER, LIST = "infrastructure.ledger.event_store:PostgresLedger", "infrastructure.privacy.erased_keys:ErasedKeys"
REBUILDING = "infrastructure.projection.rebuilding:Rebuilding"
OF_AN_ERASURE = {
    "has recorded the event": Step(LEDGER, "carry_out", after=True),
    "has listed the ids": Step(LIST, "add", after=True),
    "has destroyed the keys": Step("infrastructure.privacy.vault:Vault", "destroy", after=True),
    "has forgotten the histories": Step("infrastructure.privacy.erasing:Forgetting", "empty_log"),
    "is about to change the tables over": Step(REBUILDING, "_swap"),
    "has made the tables anew": Step(LIST, "sweep"),
}


@pytest.fixture(scope="module")
def home() -> Iterator[Place]:
    """Where every case before the one at hand was erased to its end."""
    with own_place() as made:
        yield made


def erase(case: CaseId, command: ErasePerson, asked: Asked, parts: Wired, _: object) -> None:
    parts.system.deciding.privacy.erase(case, command, asked)
    parts.erasing.carry_out()


def nothing_done() -> None:
    """The process works as it is."""


@pytest.mark.parametrize("step", in_turn(OF_AN_ERASURE, of=3))
def test_whoever_comes_after_a_killed_process_finishes_the_erasure(home, step):
    with home.opened() as county:
        case = kept(county)
        copies = case.copies()
        command = ErasePerson(person=case.person, basis=BASIS, replacements=copies)
        asked = case.asked(days=11 * 366)
    secret = wrapped_keys(home.state, case.person, *(one.narrative for one in copies))
    assert len(secret) == 1 + len(copies)

    task = Task(partial(erase, case.id, command, asked), home.state, home.url, asked.now, OF_AN_ERASURE[step], 1)
    assert die_at([task], nothing_done) == [-signal.SIGKILL]
    finished(home)

    assert home.holds(*SECRETS) == {}
    kept_files = [file.read_bytes() for file in home.state.iterdir() if file.is_file()]
    assert [key for key in secret if any(key in file for file in kept_files)] == []
    assert ProofDesk(home.url, LogFiles.of(home.state)).verify([], lambda done: None).outcome == 0
    with home.opened() as county:
        assert county.parts.erasing.carry_out() == 0
        told = county.as_("auditor").get(f"/api/cases/{case.id}").text
        assert ERASED in told
        assert "[当事人]" in told


def finished(place: Place) -> None:
    """`tiaojie person finish`; a rebuild of a dead process is waited for, as the worker does."""
    done = runner(place.url, place.state)("person", "finish")
    assert done[0] == 0, done
