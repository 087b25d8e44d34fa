"""A county's feed with whole lives of cases in it, interleaved, and projectors that read it up to a point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from application.streams import CASES
from domain.shared.decider import Entry, Stamp
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.feed import Read
from infrastructure.ledger.schema import prepare
from infrastructure.postgres.pool import Readers
from infrastructure.privacy.table_keys import TableKeys
from infrastructure.projection.projector import Projector
from infrastructure.read_models.case import CaseTables
from infrastructure.read_models.jurisdiction import AreaTables
from infrastructure.read_models.jurisdiction_bodies import BodyTables
from infrastructure.read_models.office import OfficeTables
from tests.api.conftest import County, open_county
from tests.case.test_lifecycle import tell
from tests.oracle.life import Life
from tests.oracle.stories import STORIES
from tests.templates import copied, is_empty

NO_READ_MODELS = (
    *(
        "ledger",
        "feed_head",
        "stored_events",
        "serials",
        "idempotency",
        "schema_step",
        "held_key",
        "mark_boundary",
        "lease",
    ),
    *("worker_beat",),
    *("lasting_projection", "parked"),
)


@dataclass
class UpTo:
    """The ledger's feed as it was when it ended at `end`."""

    ledger: PostgresLedger
    end: int

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        return self.ledger.feed(after, min(limit, self.end - after)) if after < self.end else []

    def feed_as_readable(self, after: int, limit: int) -> Sequence[Read]:
        return self.ledger.feed_as_readable(after, min(limit, self.end - after)) if after < self.end else []

    def part_of(self, stream: UUID, first: int, last: int) -> Sequence[Read]:
        return self.ledger.part_of(stream, first, min(last, self.end))

    def head(self) -> int:
        return self.end


@contextmanager
def told_county(url: str, state: Path) -> Iterator[County]:
    copied("told", tell_county, url, state)
    if is_empty(url):
        tell_county(url, state)
    with open_county(url, state) as county:
        yield county


def tell_county(url: str, state: Path) -> None:
    with open_county(url, state) as county:
        for turn in zip_longest(*[lived(story) for story in (*STORIES.values(), *STORIES.values())]):
            for case, entry in filter(None, turn):
                record(county, case, entry)


def lived(story: Sequence[Any]) -> list[tuple[UUID, Entry[Any]]]:
    life, case = Life(Counter()), uuid4()
    for step in story:
        assert tell(life, step) is None
    return [(case, entry) for entry in life.history.entries]


def record(county: County, case: UUID, entry: Entry[Any]) -> None:
    stamp: Stamp = entry.stamp

    def work(unit: Any) -> UUID:
        unit.append(CASES, case, entry.version - 1, [entry.event], stamp.occurred_at, stamp.on_behalf_of)
        return case

    county.parts.ledger.carry_out(county.asked(), work)


def read_models(ledger: PostgresLedger) -> list[Any]:
    """With memories of their own, as in a process of its own."""
    cases = CaseTables(ledger.histories, TableKeys(ledger.coder.cipher.vault))
    return [AreaTables(), BodyTables(), OfficeTables(), cases]


@dataclass
class Tables:
    """Read models on a database of their own."""

    ledger: PostgresLedger
    url: str
    pool: Readers

    def projector(self, feed: Any = None, models: Sequence[Any] | None = None) -> Projector:
        made = read_models(self.ledger) if models is None else models
        return Projector(feed or self.ledger, self.pool, made, self.url)

    def contents(self) -> dict[str, list[str]]:
        """Every row of every table of the read models, as text."""
        with self.pool.connection() as connection:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s) ORDER BY 1"
            names = [name for (name,) in connection.execute(query, [list(NO_READ_MODELS)]).fetchall()]
            return {name: [text for (text,) in connection.execute(_all(name)).fetchall()] for name in names}

    def positions(self) -> dict[str, int]:
        with self.pool.connection() as connection:
            return dict(connection.execute("SELECT name, position FROM projection").fetchall())

    def throw_the_board_away(self) -> None:
        with self.pool.connection() as connection:
            connection.execute("DELETE FROM lasting_projection WHERE name = 'case'")
            connection.execute("TRUNCATE case_board, case_clock, case_desk")


def _all(table: str) -> bytes:
    return f'SELECT t::text FROM "{table}" t ORDER BY 1'.encode()


@contextmanager
def opened_tables(ledger: PostgresLedger, make_database: Callable[[], str], count: int) -> Iterator[list[Tables]]:
    with ExitStack() as stack:
        made = []
        for _ in range(count):
            url = make_database()
            pool = stack.enter_context(Readers(url, restricted=prepare(url)))
            made.append(Tables(ledger, url, pool))
        yield made
