"""`python -m tests.faults.failover`: the drill. `FAULTS_SEED=…` repeats its drawing.

Exit code 1: something was lost or doubled, or took too long. Where Patroni or etcd is not there it says so, and that
is all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.conftest import pytest_configure as without_foreign_settings
from tests.faults.failover.drill import drilled
from tests.faults.failover.node import PACKAGES


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def missing() -> list[str]:
    there = {"Linux": sys.platform == "linux", "etcd": shutil.which("etcd"), "Patroni": PACKAGES.is_dir()}
    return [name for name, found in there.items() if not found]


def main() -> int:
    if lacks := missing():
        tell(f"The failover drill is left out: no {' and no '.join(lacks)} here")
        return 0
    without_foreign_settings()
    seed, began = os.environ.get("FAULTS_SEED") or str(time.time_ns()), time.monotonic()
    tell(f"FAULTS_SEED={seed}")
    with tempfile.TemporaryDirectory(prefix="failover-") as place:
        faults = drilled(Path(place), Random(seed), tell)
    tell(f"{len(faults)} faults, in {time.monotonic() - began:.0f} s")
    for one in faults:
        tell(f"  {one}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
