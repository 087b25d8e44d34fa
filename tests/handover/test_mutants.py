"""Whoever says a rule of referrals or escalations wrongly hears of it from the machine that lives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case.test_mutants import FAILED, PARTS, copied, ran, spoil
from tests.effort import in_turn
from tests.handover.mutants import MUTANTS

pytestmark = pytest.mark.usefixtures("processes")

NEEDED = (*PARTS, "tests/referral", "tests/escalation", "tests/handover/__init__.py", "tests/handover/hasty.py")

DRAWINGS = 4
"""The machine draws anew each time; one drawing in some hundreds misses a rule that matters in few situations."""


@pytest.mark.parametrize("mutant", in_turn(MUTANTS, of=12), ids=lambda mutant: mutant.name)
def test_a_rule_said_wrongly_is_noticed(tmp_path: Path, mutant):
    copy = copied(tmp_path, NEEDED)
    spoil(copy, mutant)

    for _ in range(DRAWINGS):
        result, told = ran(copy, "--noconftest", "-p", "tests.handover.hasty", mutant.noticed_by)
        if result == FAILED:
            break

    assert result == FAILED, f"{mutant.name} lives, or does not load:\n{told[-2000:]}"
