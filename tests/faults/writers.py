"""Writers of every kind on one ledger: threads, turns on a loop, bulk pages. Each notes what it was told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from application.ports import Asked, InFlight, Receipt, StoreAway, VersionMismatch
from infrastructure.concurrency.turns import in_turn
from infrastructure.ledger.bulk import Appended, BulkAppend, Page
from infrastructure.ledger.event_store import PostgresLedger
from tests.ledger.samples import NOON, TALLIES, Coded, Noted, asked
from tests.ledger.test_bulk import rows

SHARED = [UUID(int=number) for number in range(1, 9)]


@dataclass
class Attempt:
    """One piece of work, which writes `what`, once for each of its events. `outcome`: None where it is unknown."""

    what: str
    streams: list[UUID]
    numbered: bool
    asked: Asked
    ledger: PostgresLedger
    gate: UUID | None = None
    """A stream that it only reads. What it saw there is told behind `what`, where it was remembered."""
    outcome: Receipt | Appended | VersionMismatch | None = None
    answers: list[Receipt] = field(default_factory=list)

    def carry_out(self, over: PostgresLedger | None = None) -> Receipt:
        runs = count()

        def work(unit: Any) -> UUID:
            what = self.what
            if self.gate:
                seen, remembered = unit.history(TALLIES, self.gate).version, next(runs) == 0
                what += f" {self.gate} {seen}" if seen and remembered else ""
            for id in self.streams:
                events = [Noted(what=what), *([Coded()] if self.numbered else [])]
                unit.append(TALLIES, id, unit.history(TALLIES, id).version, events, NOON)
            return self.streams[0]

        return (over or self.ledger).carry_out(self.asked, work, from_memory=True)

    def attempted(self, over: PostgresLedger | None = None) -> None:
        try:
            self.outcome = receipt = self.carry_out(over)
            self.answers.append(receipt)
        except StoreAway:
            self.outcome = None
        except VersionMismatch as overtaken:
            self.outcome = overtaken

    def sent_again_and_again(self, over: Sequence[PostgresLedger]) -> None:
        """At once over all of these, and once more when all are answered: by the last it is known."""
        with ThreadPoolExecutor(len(over)) as threads:
            list(threads.map(self._sent, over))
        self.attempted(over[0])
        if self.answers:
            self.outcome = self.answers[0]

    def _sent(self, over: PostgresLedger) -> None:
        with suppress(StoreAway, VersionMismatch, InFlight):
            self.answers.append(self.carry_out(over))


@dataclass
class Writers:
    ledgers: list[PostgresLedger]
    chance: Random
    stop: Event = field(default_factory=Event)
    made: list[Attempt] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    def _next(self, chance: Random) -> Attempt:
        streams = chance.sample(SHARED, 2) if chance.random() < 0.3 else [uuid4()]
        key = uuid4().hex
        one = Attempt(key, streams, chance.random() < 0.3, asked(key, key.encode()), chance.choice(self.ledgers))
        if chance.random() < 0.4:
            one.gate = chance.choice([id for id in SHARED if id not in streams])
        self.made.append(one)
        return one

    def again_and_again(self, seed: float) -> None:
        chance = Random(seed)
        try:
            while not self.stop.is_set():
                self._next(chance).sent_again_and_again([*self.ledgers, chance.choice(self.ledgers)])
                time.sleep(chance.random() * 0.01)
        except BaseException as fault:
            self.faults.append(fault)

    def by_thread(self, seed: float) -> None:
        chance = Random(seed)
        try:
            while not self.stop.is_set():
                self._next(chance).attempted()
                time.sleep(chance.random() * 0.01)
        except BaseException as fault:
            self.faults.append(fault)

    def by_turns(self, seed: float) -> None:
        async def one_after_the_other(chance: Random) -> None:
            while not self.stop.is_set():
                await in_turn(self._next(chance).attempted)
                await asyncio.sleep(chance.random() * 0.01)

        async def all_of_them() -> None:
            await asyncio.gather(*(one_after_the_other(Random(seed + number)) for number in range(8)))

        try:
            asyncio.run(all_of_them())
        except BaseException as fault:
            self.faults.append(fault)

    def in_bulk(self, seed: float) -> None:
        chance, ledger = Random(seed), self.ledgers[0]
        bulk = BulkAppend(ledger.datastore.connect, ledger.recorder)
        try:
            while not self.stop.is_set():
                key, streams = uuid4().hex, [uuid4() for _ in range(chance.randint(1, 60))]
                one = Attempt(key, streams, False, asked(key), ledger)
                self.made.append(one)
                page = Page(dict.fromkeys(streams, 0), [row for stream in streams for row in rows(stream, [key])])
                try:
                    one.outcome = bulk.append(page)
                except StoreAway:
                    one.outcome = None
                time.sleep(chance.random() * 0.03)
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            bulk.close()
