"""How much the tests do: EFFORT=quick, `test` where it is not set, or `soak`. One setting, three verbs of make.

quick: what starts nothing. test: everything that a change needs. soak: all mutants, and everything many more times."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from multiprocessing import forkserver, util
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).resolve().parents[1]
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # The tests start Python a hundred times: what it has read once is kept where pytest keeps what it needs itself.
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(ROOT / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False


class Effort(StrEnum):
    QUICK = "quick"
    TEST = "test"
    SOAK = "soak"


EFFORT = Effort(os.environ.get("EFFORT", "test"))
EXAMPLES = {Effort.QUICK: 20, Effort.TEST: 50, Effort.SOAK: 300}
"""Of Hypothesis, where a test asks for no number of its own."""

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""Of `make quick`: a failure is told as it was found, at once; `make test` takes its minutes to find a shorter one."""

# `make test` draws the same examples for the same code: what passed here passes elsewhere. The other two search.
for effort, examples in EXAMPLES.items():
    settings.register_profile(
        effort,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=PHASES if effort is Effort.QUICK else [*Phase],
        derandomize=effort is Effort.TEST,
    )
settings.load_profile(EFFORT)


def times(test: int, soak: int, quick: int | None = None) -> int:
    """How often, or for how many seconds; quick: as in `test`, unless it is said."""
    if EFFORT is Effort.SOAK:
        return soak
    return quick if EFFORT is Effort.QUICK and quick is not None else test


@cache
def _turn() -> int:
    layers = (ROOT / name for name in ("domain", "application", "infrastructure", "api"))
    sources = sorted(path for layer in layers for path in layer.rglob("*.py"))
    return crc32(b"".join(path.read_bytes() for path in sources))


def in_turn(cases: Iterable[Any], of: int) -> list[Any]:
    """For `parametrize`: one of so many parts, another one whenever the product changes, and `make soak` runs them all.

    For cases of one kind that cost seconds each: what breaks all of them is seen at every change. The same code takes
    the same turn everywhere and on every day."""
    turn = _turn()
    return [
        pytest.param(one, marks=() if (number - turn) % of == 0 else pytest.mark.soak)
        for number, one in enumerate(cases)
    ]


def starts_something(item: pytest.Item) -> bool:
    """A PostgreSQL, a browser, any other process: the fixture `processes` is among those that it asks for."""
    return "processes" in getattr(item, "fixturenames", ())


def left_out(item: pytest.Item) -> bool:
    if item.get_closest_marker("soak"):
        return EFFORT is not Effort.SOAK
    return EFFORT is Effort.QUICK and starts_something(item)


LONGEST = tuple(
    f"tests/{one}.py"
    for one in (
        "journeys/test_run",
        "faults/test_full_disk",
        "faults/test_kills",
        "faults/test_two_hosts",
        "test_adding",
        "faults/test_floods",
        "faults/test_steps",
        "proof/test_restoring",
        "pages/test_every_page",
        "handover/test_only_the_slice",
        "case/test_mutants",
        "handover/test_mutants",
        "journeys/test_demo_cut_off",
        "journeys/test_real_mediations",
        "cli/test_import_cases",
        "pages/test_logins",
        "pages/test_accessible",
        "pages/test_counted_journeys",
        "pages/test_mediators_day",
        "handover/test_matrix",
        "handover/test_races",
        "faults/test_clocks_of_processes",
        "faults/test_writers",
    )
)
"""Modules that take longest, or wait longest: begun last, one of them would be waited for alone."""


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def longest_first(starting: set[str]) -> Callable[[pytest.Item], int]:
    """Then those that start something, and at the end the small ones, which fill what is left of the time. A module
    stays together, in its own order."""

    def rank(item: pytest.Item) -> int:
        name = _module(item)
        return LONGEST.index(name) if name in LONGEST else len(LONGEST) + (name not in starting)

    return rank


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if left := [item for item in items if left_out(item)]:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not left_out(item)]
    if EFFORT is not Effort.QUICK:
        items.sort(key=longest_first({_module(item) for item in items if starts_something(item)}))


AT_WORK: list[pytest.Item] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    AT_WORK.append(item)
    try:
        return (yield)
    finally:
        AT_WORK.clear()


STARTS = {"subprocess.Popen", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.system", "os.exec"}
"""What Python tells its auditors of whoever starts a process. `multiprocessing` forks, or spawns by `_posixsubprocess`,
which tells nobody: `_spawn` is told instead. A server of forks that an earlier test was allowed to start forks in a
process of its own: `_forked_elsewhere` is told who asks it."""


def _at_the_door(event: str, told: tuple[Any, ...]) -> None:
    """Whoever starts a process is known to do so: none slips into `make quick`."""
    if event in STARTS and AT_WORK and not starts_something(AT_WORK[0]):
        raise AssertionError(f"{AT_WORK[0].nodeid} starts a process: let it ask for the fixture `processes`")


sys.addaudithook(_at_the_door)


def _spawn(*told: Any, spawn: Any = util.spawnv_passfds) -> Any:
    _at_the_door("os.spawn", told)
    return spawn(*told)


def _forked_elsewhere(*told: Any, ask: Any = forkserver.connect_to_new_process) -> Any:
    _at_the_door("os.fork", told)
    return ask(*told)


util.spawnv_passfds = _spawn
forkserver.connect_to_new_process = _forked_elsewhere
