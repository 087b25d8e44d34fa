"""What the tests need of the system is told at once, in one line to type."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NEEDS = Path(__file__).resolve().parents[1] / ".ci" / "needs"
LACKS_A_LIBRARY = "echo 'node: error while loading shared libraries: libatomic.so.1' >&2; exit 127"

pytestmark = pytest.mark.usefixtures("processes")


def asked(machine: Path, driver: str, *programs: str) -> tuple[int, str]:
    """On a machine with these programs and no others, and a driver that does this."""
    (machine / "bin").mkdir()
    for name in ("sh", "id"):
        (machine / "bin" / name).symlink_to(str(shutil.which(name)))
    written = {machine / "bin" / name: "exit 0" for name in programs}
    written |= {machine / ".venv/lib/python3.11/site-packages/playwright/driver/node": driver}
    for file, does in written.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        file.chmod(0o755)
    environment = {"PATH": str(machine / "bin")}
    done = subprocess.run(["/bin/sh", NEEDS], env=environment, cwd=machine, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_everything_that_is_missing_is_named_in_one_line(tmp_path):
    code, told = asked(tmp_path, LACKS_A_LIBRARY)

    assert (code, told.count("\n")) == (1, 1)
    assert told.endswith("sudo apt-get install -y libatomic1 chromium\n")


def test_where_nothing_is_missing_nothing_is_said(tmp_path):
    assert asked(tmp_path, "exit 0", "chromium") == (0, "")


def test_a_driver_that_fails_for_another_reason_is_heard(tmp_path):
    code, told = asked(tmp_path, "echo 'not for this processor' >&2; exit 1", "chromium")

    assert (code, told) == (1, "not for this processor\n")
