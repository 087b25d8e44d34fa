"""Whoever says a guard or a term of the law wrongly hears of it from a rule that has its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.effort import Effort, in_turn
from tests.oracle.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("domain", "tests/case", "tests/oracle", "tests/__init__.py", "tests/effort.py", "pyproject.toml")
FAILED, PASSED = pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.OK


@pytest.fixture
def copy(processes: None, tmp_path: Path) -> Path:
    """The domain and its tests, to be spoiled; the checkout stays as it is."""
    return copied(tmp_path, PARTS)


def copied(into: Path, parts: Iterable[str]) -> Path:
    for part in parts:
        (into / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, into / part)
        else:
            shutil.copy2(ROOT / part, into / part)
    return into


def outcome(copy: Path, rules: Iterable[str]) -> tuple[int, str]:
    """How the rules come out against the copy."""
    return ran(copy, *(f"tests/case/test_{name}.py" for name in rules))


def ran(copy: Path, *files: str) -> tuple[int, str]:
    """Files and options as pytest takes them. What fails is not explained: that it does is all that is asked."""
    kept = ("PYTEST", "PYTHONPYCACHEPREFIX")
    settled = {name: value for name, value in os.environ.items() if not name.startswith(kept)}
    plain = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "tests.effort", "--assert=plain"]
    plain += ["-o", "addopts=--import-mode=importlib"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *files],
        cwd=copy,
        env={**settled, "PYTHONPATH": str(copy), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "EFFORT": Effort.SOAK}
        | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def spoil(copy: Path, mutant: Mutant) -> None:
    path = copy / mutant.module
    source = path.read_text("utf-8")
    count = source.count(mutant.said)
    assert count == 1, f"{mutant.module} says {mutant.said!r} {count} times, not once: bring the table of mutants up"
    path.write_text(source.replace(mutant.said, mutant.instead), "utf-8")


def test_what_is_not_spoilt_passes(copy):
    result, told = outcome(copy, sorted({name for mutant in MUTANTS for name in mutant.noticed_by.split()}))

    assert result == PASSED, told


@pytest.mark.parametrize("mutant", in_turn(MUTANTS, of=12), ids=lambda mutant: mutant.name)
def test_a_guard_said_wrongly_is_noticed(copy, mutant):
    spoil(copy, mutant)

    result, told = outcome(copy, mutant.noticed_by.split())

    assert result == FAILED, f"{mutant.name} lives, or does not load:\n{told[-2000:]}"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_a_mutant_spoils_stands_once_in_the_code_and_its_rules_exist(mutant):
    """All of them, at each change: the runs above take one part of the rows only, and any code may move."""
    assert (ROOT / mutant.module).read_text("utf-8").count(mutant.said) == 1
    assert [one for one in mutant.noticed_by.split() if not (ROOT / f"tests/case/test_{one}.py").is_file()] == []


def test_each_mutant_is_another():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
