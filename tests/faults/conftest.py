"""Seeds, which are printed: `FAULTS_SEED=…` draws the same again, as far as the machine lets it."""

from __future__ import annotations

import os
import sys
import time
from random import Random

import pytest

from tests.ledger.conftest import _sample_events, make_ledger, vault_folder

__all__ = ["_sample_events", "make_ledger", "vault_folder"]


@pytest.fixture
def chance() -> Random:
    seed = int(os.environ.get("FAULTS_SEED") or time.time())
    sys.stdout.write(f"FAULTS_SEED={seed}\n")
    return Random(seed)
