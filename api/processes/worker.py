"""The worker: keeps the read models up with the feed, and acts on what is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Protocol

import psycopg

from api.processes.parts import end_with, parent_told, when_told_to_end
from api.settings import Settings
from api.system import System
from api.wiring import Wired, wired
from api.wiring_ledgers import database
from application.logs import get_logger
from domain.shared.errors import Unavailable

log = get_logger("tiaojie.worker")
LOOK = 10.0
"""Seconds between two looks at the clocks."""
ERASE = 1.0
"""Seconds between two looks for what was recorded as erased and is not yet gone."""
SEAL = 2.0
"""Seconds between two checkpoints, where anything was recorded."""
TIDY = 600.0
"""Seconds between two looks at sessions that ended long ago, and at wrong passwords of yesterday."""


class Signs(Protocol):
    def beat(self, part: str) -> None:
        """Told by each part whenever it looks, so that others see that it does."""

    def failed(self, part: str) -> None:
        """Told where a look came to nothing."""


class _Unheard:
    """Where nobody listens."""

    def beat(self, part: str) -> None: ...

    def failed(self, part: str) -> None: ...


UNHEARD = _Unheard()


def work(settings: Settings) -> None:
    """Until it is told to stop."""
    end_with(parent_told())
    stop = Event()
    when_told_to_end(stop.set)
    with database(settings, makes=True) as url, wired(settings, url) as parts:
        keepers = [
            Thread(target=keep_time, args=(parts.system, stop, parts.beats)),
            Thread(target=keep_sealing, args=(parts.sealing, stop, parts.beats)),
            Thread(target=keep_erasing, args=(parts, stop)),
            Thread(target=keep_tidy, args=((*parts.logins.tidying, parts.sweeping.look), stop)),
        ]
        for keeper in keepers:
            keeper.start()
        try:
            parts.projector.run(stop, partial(parts.beats.beat, "lists"))
        finally:  # whatever ends it: the process must end too, so that it is started again
            stop.set()
            for keeper in keepers:
                keeper.join()
            with suppress(Unavailable, psycopg.Error):
                parts.sealing.give_back()


def keep_sealing(seal: Callable[[], int], stop: Event, signs: Signs = UNHEARD) -> None:
    """What is recorded is sealed within seconds; where the database is away, at the next look."""
    while not stop.wait(SEAL):
        try:
            signs.beat("seals")
            seal()
        except (Unavailable, psycopg.Error) as error:
            signs.failed("seals")
            log.warning("nothing is sealed", fault=type(error).__name__)
        except RuntimeError:
            signs.failed("seals")
            log.exception("nothing more is sealed until somebody has looked: see `tiaojie verify`")
            return


def keep_erasing(parts: Wired, stop: Event) -> None:
    """What was recorded as erased and broke off is carried out; a rebuild that runs at this moment is waited for."""
    while not stop.wait(ERASE):
        try:
            parts.beats.beat("erasures")
            parts.erasing.carry_out()
        except (Unavailable, psycopg.Error, OSError) as error:
            parts.beats.failed("erasures")
            log.warning("nothing is erased", fault=type(error).__name__)
        except Exception as error:  # a rebuild runs or has failed: it is tried again
            parts.beats.failed("erasures")
            log.error("an erasure waits", fault=type(error).__name__)


def keep_tidy(tidying: Sequence[Callable[[], None]], stop: Event) -> None:
    """What could not be thrown away now is thrown away later."""
    while not stop.wait(TIDY):
        try:
            for throw_away in tidying:
                throw_away()
        except (Unavailable, psycopg.Error) as error:
            log.warning("nothing is thrown away", fault=type(error).__name__)


def keep_time(system: System, stop: Event, signs: Signs = UNHEARD) -> None:
    """What could not be acted on, because the database is away, is due at the next look."""
    while not stop.wait(LOOK):
        try:
            signs.beat("clocks")
            look(system)
        except (Unavailable, psycopg.Error) as error:
            signs.failed("clocks")
            log.warning("the clocks are not looked at", fault=type(error).__name__)
        except Exception as error:  # whatever one look fails at: the clocks of the law go on
            signs.failed("clocks")
            log.error("a look at the clocks failed", fault=type(error).__name__)


def look(system: System) -> None:
    now = system.now()
    system.deciding.timers.fix(now, system.registers.rule_book.calendar().published_until)
    system.deciding.timers.fire(now)
    system.deciding.sweeps.duties.look(now)
