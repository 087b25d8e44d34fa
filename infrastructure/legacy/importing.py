"""Imports a file of legacy cases: desks read and encode its rows, one line records them page by page, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from itertools import islice
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg

from application.legacy.reading import Content, Found, Origin, Reported, settled
from application.legacy.record import Around
from application.legacy.rows import lines
from application.legacy.running import Run, Tally
from application.legacy.sheets import Columns, columns_of
from application.ports import VersionMismatch
from domain.shared.tables import Row, Sheet
from domain.shared.text_files import TextFile, text_file
from domain.shared.values import CaseId
from infrastructure.held_keys import KeyPlace
from infrastructure.ledger.bulk import BulkAppend, BulkRow, Page, SeriesOf
from infrastructure.ledger.recorder import LedgerRecorder
from infrastructure.legacy.desk import Brief, ImportDesk, Prepared, already_there, open_desk, prepare
from infrastructure.workbooks import unfolded

ROWS = 250
"""The cases of one page: some two thousand events, so that nobody else waits long for the feed."""
AHEAD = 3
"""Pages that each desk may be ahead of the one that records."""
SMALL = 256 * 1024
"""Bytes of a file for which no other process is started."""


@dataclass(frozen=True)
class Stores:
    """Where an import reads and records."""

    url: str
    keys: KeyPlace
    recorder: LedgerRecorder
    connect: Callable[[], psycopg.Connection[Any]]
    restricted: bool


class LegacyImport:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def run(self, run: Run, report: Callable[[Reported], None], progress: Callable[[int, int], None]) -> Tally:
        """Raises FileRefused, UnknownColumns; StoreAway, and then what was recorded before it stays: run it again."""
        size = run.size
        with run.file.open("rb") as file, closing(self._bulk()) as bulk:
            digest = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            text = text_file(unfolded(file))
            rows, sheet = _rows(text, run.file.suffix)
            brief = self._brief(run, Origin(_ledger(bulk), run.system, digest, sheet))
            recording = _Recording(Tally(text.encoding), bulk, run.dry_run)
            with _prepared(brief, _pages(rows), run.desks if size > SMALL else 0) as pages:
                for page in pages:
                    for one in recording.record(page):
                        report(one)
                    progress(page.ends_at, size)
            progress(size, size)
            return recording.tally

    def _bulk(self) -> BulkAppend:
        return BulkAppend(self._stores.connect, self._stores.recorder)

    def _brief(self, run: Run, origin: Origin) -> Brief:
        stores = self._stores
        return Brief(
            url=stores.url,
            keys=stores.keys,
            origin=origin,
            around=Around(run.places, run.calendar, run.asked.now),
            words=run.words,
            asked=run.asked,
            dry_run=run.dry_run,
            restricted=stores.restricted,
        )


def _ledger(bulk: BulkAppend) -> UUID:
    with bulk.held() as connection:
        (id,) = connection.execute("SELECT id FROM ledger").fetchall()[0].values()
    return UUID(str(id))


LINES_OF_JSON = (".ndjson", ".jsonl", ".json")


def _rows(text: TextFile, suffix: str) -> tuple[Iterable[Row[Content]], Columns | None]:
    """Raises UnknownColumns."""
    named = suffix.lower() in LINES_OF_JSON
    if named or (suffix.lower() != ".csv" and text.begins.lstrip().startswith((b"{", b"["))):
        return lines(text), None
    sheet = Sheet(text)
    return sheet, columns_of(sheet.titles)


def _pages(rows: Iterable[Row[Content]]) -> Iterator[list[Row[Content]]]:
    following = iter(rows)
    while page := list(islice(following, ROWS)):
        yield page


@contextmanager
def _prepared(brief: Brief, pages: Iterator[list[Row[Content]]], desks: int) -> Iterator[Iterator[Prepared]]:
    """The pages as the desks prepare them, in the order of the file."""
    if not desks:
        with closing(ImportDesk(brief)) as desk:
            yield map(desk.prepare, pages)
        return
    context = get_context("spawn")
    briefs: SimpleQueue[Brief] = context.SimpleQueue()
    with ProcessPoolExecutor(desks, context, open_desk, (briefs,)) as pool:
        # once they run: what a process is started with, the next one would wait for
        Thread(target=_tell, args=[briefs, brief, desks], daemon=True).start()
        yield _ahead(pool, pages, desks * AHEAD)


def _tell(briefs: SimpleQueue[Brief], brief: Brief, desks: int) -> None:
    for _ in range(desks):
        briefs.put(brief)


def _ahead(pool: ProcessPoolExecutor, pages: Iterator[list[Row[Content]]], most: int) -> Iterator[Prepared]:
    """In their order, and not further ahead than there is room for. Raises BrokenProcessPool where a desk has died."""
    waiting: deque[Future[Prepared]] = deque()
    for page in pages:
        waiting.append(pool.submit(prepare, page))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class _Recording:
    """Records what the desks prepared: each case once, whoever else imports it at this moment."""

    def __init__(self, tally: Tally, bulk: BulkAppend, dry_run: bool) -> None:
        self.tally, self._bulk, self._dry_run = tally, bulk, dry_run
        self._seen: dict[CaseId, str] = {}

    def record(self, page: Prepared) -> list[Reported]:
        """The report of its rows."""
        reported, new = self._sorted_out(page.rows, self._seen)
        while new and not self._dry_run:
            try:
                self._append(page, new)
                break
            except VersionMismatch:  # another import was faster with some of them
                with self._bulk.held() as connection:
                    there = already_there(connection, [id for one in new for id in one.ids])
                if not there:
                    raise
                self._seen |= there
                reported, new = self._sorted_out(page.rows, self._seen)
        self._seen |= {one.taken.id: one.content for one in new}
        for one in reported:
            self.tally.counts[one.outcome] += 1
        return reported

    def _sorted_out(
        self, rows: Sequence[Found | Reported], known: dict[CaseId, str]
    ) -> tuple[list[Reported], list[Found]]:
        """What is said of each row, and those that are new; the same case twice in a page is new once."""
        known, reported, new = dict(known), list[Reported](), list[Found]()
        for one in rows:
            if isinstance(one, Reported):
                reported.append(one)
            elif again := settled(one, known):
                reported.append(again)
            else:
                known[one.taken.id] = one.content
                reported.append(one.reported)
                new.append(one)
        return reported, new

    def _append(self, page: Prepared, new: Sequence[Found]) -> None:
        encoded, ids = page.encoded, [one.taken.id for one in new]
        rows: list[BulkRow] = [row for id in ids for row in encoded.cases[id]]
        expected = {stream: 0 for id in ids for stream in encoded.streams[id]}
        series: Sequence[SeriesOf] = encoded.series
        appended = self._bulk.append(Page(expected, rows, series))
        self.tally.events += len(rows)
        self.tally.position = appended.last
