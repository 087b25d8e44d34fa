"""Commands through the application: load, decide, append, durable."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from itertools import cycle
from threading import Barrier
from time import perf_counter
from uuid import uuid4

import psycopg
import uvloop

from bench.county import NOTE, Desk
from bench.together import run_together
from domain.case.commands import CaseCommand
from domain.case.record.papers import WriteNote
from domain.shared.values import CaseId

NOTED = WriteNote(note=NOTE)


def changes(desk: Desk, cases: Sequence[CaseId], command: CaseCommand, clients: int, seconds: float) -> float:
    """Commands a second, each on a case whose version is known; no two clients on the same case."""
    versions = {id: desk.version(id) for id in cases}
    cases_of = desk.parts.system.deciding.cases

    def work(number: int, ready: Barrier) -> int:
        mine, done = cycle(cases[number::clients]), 0
        ready.wait()
        until = perf_counter() + seconds
        while perf_counter() < until:
            id = next(mine)
            receipt = cases_of.change(id, command, desk.viewer, desk.asked(), versions[id])
            versions[id] = receipt.version
            done += 1
        return done

    return run_together(clients, work)


def in_turns(desk: Desk, cases: Sequence[CaseId], command: CaseCommand, clients: int, seconds: float) -> float:
    """The same by so many at once on one event loop, as the web server asks for them."""
    versions = {id: desk.version(id) for id in cases}
    system = desk.parts.system

    async def client(mine: Sequence[CaseId], until: float) -> int:
        done = 0
        for id in cycle(mine):
            if perf_counter() > until:
                break
            change = partial(system.deciding.cases.change, id, command, desk.viewer, desk.asked(), versions[id])
            versions[id] = (await system.deciding.in_turn(change)).version
            done += 1
        return done

    async def everybody() -> float:
        begun = perf_counter()
        each = [client(cases[number::clients], begun + seconds) for number in range(clients)]
        return sum(await asyncio.gather(*each)) / (perf_counter() - begun)

    return uvloop.run(everybody())


def openings(desk: Desk, clients: int, seconds: float) -> float:
    """New cases a second: a registration with two parties."""

    def work(number: int, ready: Barrier) -> int:
        done = 0
        ready.wait()
        until = perf_counter() + seconds
        while perf_counter() < until:
            desk.parts.system.deciding.cases.open(CaseId(uuid4()), desk.registration(), desk.viewer, desk.asked())
            done += 1
        return done

    return run_together(clients, work)


def stored_size(url: str, id: CaseId) -> int:
    """Bytes of the latest event of this case, as they are stored."""
    query = "SELECT length(state) FROM stored_events WHERE originator_id = %s ORDER BY originator_version DESC LIMIT 1"
    with psycopg.connect(url) as connection:
        return int(connection.execute(query, [id]).fetchall()[0][0])
