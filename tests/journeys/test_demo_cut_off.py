"""A demo county that was cut off while it was being made is begun anew, never taken for a whole one."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import psycopg
import pytest

from infrastructure.postgres.embedded import DidNotStart
from tests.effort import in_turn
from tests.journeys.test_run import Machine, below, end, left
from tests.patience import PATIENCE, eventually

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc"),
    pytest.mark.usefixtures("processes"),
]


BEGUN = 2_000
"""Events after which it is cut off: so many that one who looks sees the next one begin below them."""


def recorded(machine: Machine) -> int:
    """0 while there is no ledger to ask."""
    try:
        return machine.events()
    except (psycopg.Error, DidNotStart, OSError):
        return 0


@pytest.mark.parametrize("by", in_turn([signal.SIGINT, signal.SIGKILL], of=2))
def test_a_demo_that_was_cut_off_is_begun_anew(tmp_path: Path, by: signal.Signals):
    machine = Machine(tmp_path, 0)
    try:
        first = machine.run()
        eventually(lambda: recorded(machine) > BEGUN)
        parts = below(first.pid)
        first.send_signal(by)
        first.wait(PATIENCE)
        if by is signal.SIGINT:
            eventually(lambda: not left(parts, machine.state))
        assert (machine.state / "demo.unfinished").exists()

        second = machine.run()
        eventually(lambda: 0 < recorded(machine) < BEGUN)
        end(second)
        assert "demo logins" not in machine.said()
    finally:
        for one in machine.started:
            end(one)
        machine.postgres.stop_whoever_started()
        machine.postgres.place.remove()
