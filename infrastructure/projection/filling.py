"""Fills new tables of read models stream by stream, in several processes: each row is made once, of a whole history."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from threading import Thread
from time import sleep
from typing import Any, Protocol
from uuid import UUID

import psycopg

from infrastructure.ledger.feed import Read
from infrastructure.postgres.connecting import connect
from infrastructure.projection import parking
from infrastructure.projection.read_model import ReadModel, context_of

SHADOW = "shadow"
"""The schema in which tables are filled beside those that serve."""
PARTS = 64
"""Into which the streams are divided, by the first byte of their id."""

Progress = Callable[[str, int, int], None]
"""Told what is rebuilt, how many events were read, and of how many."""


class Streams(Protocol):
    def whole(self, contexts: Sequence[str], first: UUID, last: UUID, up_to: int) -> Iterator[Sequence[Read]]: ...

    def in_order(self, contexts: Sequence[str], up_to: int) -> Iterator[Sequence[Read]]: ...

    def count(self, up_to: int) -> int: ...


@dataclass(frozen=True)
class Bench:
    """What one process works with."""

    url: str
    streams: Streams
    read_models: Sequence[ReadModel]


Workshop = Callable[[], AbstractContextManager[Bench]]
"""Opens in another process what it takes to fill tables there; it is sent there by its name."""


class Incomplete(RuntimeError):
    """Events are missing among those that were there."""


@contextmanager
def into_shadow(url: str) -> Iterator[psycopg.Connection[Any]]:
    """What is written without a schema's name goes there, also by read models that know nothing of it."""
    with connect(url) as connection:
        connection.execute(f"SET search_path TO {SHADOW}, public")
        connection.commit()
        yield connection


def fill_by_streams(workshop: Workshop, read_models: Sequence[ReadModel], up_to: int, progress: Progress) -> None:
    """Raises Incomplete."""
    names = [one.name for one in read_models]
    told, done = ", ".join(names), 0
    processes = os.cpu_count() or 1
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_open, initargs=(workshop, os.getpid()))
    try:
        tasks = [pool.submit(_fill_in_order, names, up_to)]
        tasks += [pool.submit(_fill_part, names, part, up_to) for part in range(PARTS)]
        for task in as_completed(tasks):
            done += task.result()
            progress(told, done, up_to)
    finally:
        pool.shutdown(cancel_futures=True)


_until_the_end = ExitStack()
_opened: list[Bench] = []
_connected: list[psycopg.Connection[Any]] = []
"""What a helping process works with, until it ends."""


def _open(workshop: Workshop, parent: int) -> None:
    Thread(target=_end_with, args=[parent], daemon=True).start()
    _opened.append(bench := _until_the_end.enter_context(workshop()))
    _connected.append(_until_the_end.enter_context(into_shadow(bench.url)))


def _end_with(parent: int) -> None:
    """A helper that nobody waits for any more would go on to the end of its queue."""
    while os.getppid() == parent:
        sleep(0.5)
    os._exit(1)


def _fill_in_order(names: Sequence[str], up_to: int) -> int:
    """Those whose rows depend on more than one stream: areas and bodies, officers, rules."""
    (bench,) = _opened
    if (found := bench.streams.count(up_to)) != up_to:
        raise Incomplete(f"{found} of {up_to} events are there")
    models = [one for one in bench.read_models if one.name in names and not one.by_stream]
    return _filled(bench, models, bench.streams.in_order([name for one in models for name in one.contexts], up_to))


def _fill_part(names: Sequence[str], part: int, up_to: int) -> int:
    (bench,) = _opened
    models = [one for one in bench.read_models if one.name in names and one.by_stream]
    width = (1 << 128) // PARTS
    first, last = UUID(int=part * width), UUID(int=(part + 1) * width - 1)
    return _filled(
        bench, models, bench.streams.whole([name for one in models for name in one.contexts], first, last, up_to)
    )


def _filled(bench: Bench, models: Sequence[ReadModel], pages: Iterator[Sequence[Read]]) -> int:
    """Over the connection that this process keeps."""
    count, (connection,) = 0, _connected
    with connection.transaction(), connection.cursor() as cursor:
        for page in pages:
            by_context = defaultdict[str, list[Read]](list)
            for read in page:
                by_context[context_of(read)].append(read)
            for one in models:
                if concerned := by_context[one.contexts[0]] if len(one.contexts) == 1 else page:
                    parking.apply(one, concerned, cursor)
            count += len(page)
    return count
