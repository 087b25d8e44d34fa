"""`python -m bench --growth`: page and list in a ledger of ten thousand cases, and in one a hundred times larger."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import psycopg

from api.wiring import wired
from bench import legacy, web
from bench.county import Server, server, settle

GROUND = "growth"
LOGINS = {"cunli": "a village's mediator", "zongzhi": "a township's coordinator", "lingdao": "a leader"}
PAGES = 1_000
"""Cases whose page is asked for: most are not in the server's memory."""
VILLAGES = 100
LARGE = ("stored_events", "case_board", "case_desk", "case_clock")
COUNTED_AFTER = 2.0
"""Seconds until PostgreSQL's counts are up to date."""


@dataclass(frozen=True)
class Grown:
    """p95 in milliseconds by what was asked for, and events a second of making it."""

    cases: int
    events: int
    p95: dict[str, float]
    imported: float
    rebuilt: float
    scans: int
    """How often a large table was read from end to end while all this was asked for."""


def run(folder: Path, sizes: tuple[int, int], rounds: int, tell: Callable[[str], None]) -> Iterator[Grown]:
    with server(folder) as made:
        made.create(GROUND)
        settle(made.settings(GROUND), disputes=False)
        areas = legacy.villages(made, GROUND)
        mine = _village_of(made, "cunli")
        villages = [mine, *[one for one in areas if one != mine][: VILLAGES - 1]]
        before = 0
        for size in sizes:
            tell(f"{size:,} cases")
            _write(folder / "growth.ndjson", villages, before, size)
            imported, rebuilt, events = _grow(made, folder / "growth.ndjson")
            before = size
            scans = _read_whole(made)
            p95 = _measured(made, rounds)
            sleep(COUNTED_AFTER)
            more = sum(_read_whole(made).values()) - sum(scans.values())
            yield Grown(size, events, p95, imported, rebuilt, more)


def _write(file: Path, villages: list[str], first: int, until: int) -> None:
    """Four events each: where it comes from, its registration, and two parties."""
    draw = random.Random(first)
    with file.open("w", encoding="utf-8") as to:
        for number in range(first, until):
            case = legacy.case(number, villages, draw)
            day = date(2015, 1, 1) + timedelta(days=number % 3650)
            case |= {"number": f"{number:08d}", "steps": [{"step": "registered", "at": str(day)}]}
            to.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")


def _grow(made: Server, file: Path) -> tuple[float, float, int]:
    with wired(made.settings(GROUND), made.database(GROUND)) as parts:
        begun = perf_counter()
        tally = parts.legacy.run(legacy.running(parts, file), lambda one: None, lambda done, of: None)
        imported = tally.events / (perf_counter() - begun)
        begun = perf_counter()
        parts.projector.rebuild()
        events = parts.projector.catch_up()
        rebuilt = events / (perf_counter() - begun)
    with psycopg.connect(made.database(GROUND), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    return imported, rebuilt, events


def _village_of(made: Server, login: str) -> str:
    query = (
        "SELECT v.code FROM officer o JOIN appointment a ON a.officer_id = o.id JOIN area_version v"
        " ON v.area_id = a.area_id WHERE o.login = %s"
    )
    with psycopg.connect(made.database(GROUND)) as connection:
        return str(connection.execute(query, [login]).fetchall()[0][0])


def _measured(made: Server, rounds: int) -> dict[str, float]:
    """Medians of the rounds."""
    with web.running(made, GROUND, "api.cli.main", "serve") as site:
        samples: dict[str, list[float]] = {}
        for number in range(rounds):
            for name, asked in _asked(made, site, number).items():
                samples.setdefault(name, []).append(asked())
    return {name: median(found) for name, found in samples.items()}


def _asked(made: Server, site: web.Site, number: int) -> dict[str, Callable[[], float]]:
    signed = {login: web.signed_in(site, login) for login in LOGINS}
    with psycopg.connect(made.database(GROUND)) as connection:
        query = "SELECT id FROM case_board WHERE id > %s ORDER BY id LIMIT %s"
        first = f"{(number * 40 + 7) % 256:02x}000000-0000-4000-8000-000000000000"
        cases = [str(id) for (id,) in connection.execute(query, [first, PAGES]).fetchall()]
    pages = [[(f"/api/cases/{id}", 0) for id in cases]]
    lists = {f"list, {LOGINS[login]}": _p95(one, [[("/api/cases?limit=50", 0)]]) for login, one in signed.items()}
    return {"case page": _p95(signed["lingdao"], pages), **lists}


def _p95(site: web.Site, targets: list[list[tuple[str, int]]]) -> Callable[[], float]:
    return lambda: site.ask("GET", targets, None, 2.0).p95


def _read_whole(made: Server) -> dict[str, int]:
    """How often each large table was read from end to end, as PostgreSQL counts it."""
    query = "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s)"
    with psycopg.connect(made.database(GROUND)) as connection:
        return dict(connection.execute(query, [list(LARGE)]).fetchall())
