"""Processes that kill themselves at a step: before or after a call, or when PostgreSQL is told something."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from api.settings import Settings
from api.wiring import Wired, wired
from tests.patience import PATIENCE

Work = Callable[[Wired, datetime], Any]


@dataclass(frozen=True)
class Step:
    """`of`: the module, or module and class, of what is called. `once`: only after PostgreSQL was told this."""

    of: str
    call: str
    after: bool = False
    told: str = ""
    once: str = ""


@dataclass(frozen=True)
class Task:
    """What a process does, and where it dies: the how many-th time that it comes to this step."""

    work: Work
    state: Path
    url: str
    moment: datetime
    step: Step
    time: int


class Fatal:
    def __init__(self, step: Step, time: int) -> None:
        self.step, self.left, self.ready = step, time, not step.once

    def install(self) -> None:
        module, _, owner = self.step.of.partition(":")
        place: Any = import_module(module)
        place = getattr(place, owner) if owner else place
        real = getattr(place, self.step.call)

        def called(*given: Any, **named: Any) -> Any:
            comes = self._comes(given)
            if comes and not self.step.after:
                self._die()
            answer = real(*given, **named)
            if comes and self.step.after:
                self._die()
            return answer

        setattr(place, self.step.call, called)
        if self.step.once:
            self._listen()

    def _listen(self) -> None:
        cursor: Any = import_module("psycopg").Cursor
        execute = cursor.execute

        def executed(given: Any, query: Any, *more: Any, **named: Any) -> Any:
            self.ready = self.ready or self.step.once in str(query)
            return execute(given, query, *more, **named)

        cursor.execute = executed

    def _comes(self, given: Sequence[Any]) -> bool:
        return self.ready and self.step.told in " ".join(map(str, given[1:]))

    def _die(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.ready = not self.step.once


def _carry_out(task: Task, patches: Callable[[], None]) -> None:
    patches()
    with opened(task) as parts:
        Fatal(task.step, task.time).install()
        task.work(parts, task.moment)


def opened(task: Task) -> AbstractContextManager[Wired]:
    return wired(Settings(state=task.state), task.url, lambda: task.moment)


def die_at(tasks: Sequence[Task], patches: Callable[[], None]) -> list[int | None]:
    """All at once, each in a process of its own: how they ended."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.steps"])
    processes = [context.Process(target=_carry_out, args=(task, patches)) for task in tasks]
    for one in processes:
        one.start()
    for one in processes:
        one.join(PATIENCE)
        if one.is_alive():
            one.kill()
    return [one.exitcode for one in processes]
