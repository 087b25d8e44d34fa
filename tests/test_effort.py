"""`make quick` starts nothing: a test that starts a process without saying so fails, however it starts it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
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
