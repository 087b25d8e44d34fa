"""`make quick` starts nothing: a test that starts a process without saying so fails, however it starts it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests import effort

WAYS: dict[str, Callable[[], Any]] = {
    "subprocess": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "posix_spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], os.environ),
    "fork": os.fork,
    "spawnv": lambda: os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", ""]),
    "system": lambda: os.system("true"),
    "popen": lambda: os.popen("true"),
    "multiprocessing by a fork": lambda: multiprocessing.get_context("fork").Process(target=int).start(),
    "multiprocessing by a spawn": lambda: multiprocessing.get_context("spawn").Process(target=int).start(),
    "multiprocessing by a server of forks": lambda: multiprocessing.get_context("forkserver").Process().start(),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_test_that_starts_a_process_says_so(way):
    with pytest.raises(AssertionError, match="let it ask for the fixture `processes`"):
        WAYS[way]()


def test_a_server_of_forks_that_runs_already_lets_nobody_in_either(processes, request):
    asked = multiprocessing.get_context("forkserver").Process()
    asked.start()
    asked.join()
    effort.AT_WORK[0] = next(one for one in request.session.items if not effort.starts_something(one))

    with pytest.raises(AssertionError, match="let it ask for the fixture `processes`"):
        multiprocessing.get_context("forkserver").Process().start()


def test_a_module_that_is_begun_first_is_there():
    assert [one for one in effort.LONGEST if not (effort.ROOT / one).is_file()] == []


def test_the_longest_come_first_then_what_starts_something_and_each_module_keeps_its_order():
    names = [*("tests/a.py::2", "tests/a.py::1", "tests/b.py::1", f"{effort.LONGEST[1]}::1", f"{effort.LONGEST[0]}::1")]
    items = [SimpleNamespace(nodeid=one) for one in names]

    items.sort(key=effort.longest_first({"tests/b.py", *effort.LONGEST}))

    assert [one.nodeid for one in items] == [names[4], names[3], names[2], names[0], names[1]]
