"""The import of legacy cases: a whole file, its rows by the bulk append alone, and as text into a like table."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg

from api.labels import labels
from api.wiring import Wired, wired
from application.legacy.places import places_of
from application.legacy.running import Run
from application.legacy.words import Words
from application.ports import Asked
from bench.county import Server
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.calendar import local_day
from domain.shared.values import BodyId, Level, OfficerId
from infrastructure.ledger.bulk import BulkAppend, BulkRow, Page

LIKE = "CREATE TABLE IF NOT EXISTS copied_events (LIKE stored_events INCLUDING ALL)"
COLUMNS = "originator_id, originator_version, topic, state, notification_id, event_id, recorded_at"
PAGE = 2_000
"""Rows of one transaction, as the import has them."""
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
FACTS = "双方因宅基地边界相邻排水发生争执，申请人称对方新砌围墙占用其通道，要求恢复原状。"
CATEGORIES = ("neighbours", "marriage-family", "labour", "damages", "contract", "forest-land")
SOURCES = ("party", "grid-sweep", "police-110", "village-report")


def write(file: Path, areas: list[str], cases: int, seed: int = 7) -> int:
    """So many cases of four to eight events each. Answers with the bytes."""
    draw = random.Random(seed)
    with file.open("w", encoding="utf-8") as to:
        for number in range(cases):
            to.write(json.dumps(case(number, areas, draw), ensure_ascii=False, separators=(",", ":")) + "\n")
    return file.stat().st_size


def case(number: int, areas: list[str], draw: random.Random) -> dict[str, Any]:
    return {
        "number": f"{2015 + number % 10}-{number:07d}",
        "area": areas[number % len(areas)],
        "category": draw.choice(CATEGORIES),
        "source": draw.choice(SOURCES),
        "facts": FACTS,
        "parties": [_party(side, draw) for side in ("applicant", "respondent")],
        "steps": list(_steps(date(2015 + number % 10, 1, 1) + timedelta(days=draw.randrange(300)), draw)),
    }


def _party(side: str, draw: random.Random) -> dict[str, str]:
    name = "".join(draw.choices(NAMES, k=3))
    return {"side": side, "name": name, "phone": f"100{draw.randrange(10**8):08d}"}


def _steps(day: date, draw: random.Random) -> Iterator[dict[str, str]]:
    """Registered only, closed without a mediation, or accepted, or failed: with where it comes from and the parties
    four to eight events."""
    yield {"step": "registered", "at": str(day)}
    ways = draw.randrange(4)
    if ways == 1:
        yield {"step": "closed", "at": str(day + timedelta(days=9)), "result": "self-settled"}
    if ways > 1:
        yield {"step": "accepted", "at": str(day + timedelta(days=1))}
    if ways > 2:
        yield {"step": "failed", "at": str(day + timedelta(days=20))}
        yield {"step": "closed", "at": str(day + timedelta(days=21)), "result": "failed"}


def measure(server: Server, ground: str, file: Path, number: int) -> dict[str, float]:
    """Events a second: the whole import, from the file to the last commit; the same rows again by the bulk append
    alone; and as text into a like table, in pages of as many rows."""
    taken, again = f"{ground}_{number}", f"{ground}_{number}_again"
    server.create(taken, like=ground)
    server.create(again, like=ground)
    imported = _imported(server, taken, file)
    rows = _rows(server.database(taken))
    appended = _appended(server, again, rows)
    return {"legacy": imported, "legacy.append": appended, "legacy.copy": copied(server.database(again), rows)}


def _imported(server: Server, name: str, file: Path) -> float:
    with wired(server.settings(name), server.database(name)) as parts:
        parts.projector.catch_up()
        run = running(parts, file)
        since = perf_counter()
        tally = parts.legacy.run(run, lambda one: None, lambda done, of: None)
        return tally.events / (perf_counter() - since)


def villages(server: Server, name: str) -> list[str]:
    with wired(server.settings(name), server.database(name)) as parts:
        parts.projector.catch_up()
        places = places_of(
            parts.system.registers.register, parts.system.reading.directory, local_day(datetime.now(UTC))
        )
        return [code for code, place in places.areas.items() if place.level is Level.VILLAGE]


def running(parts: Wired, file: Path) -> Run:
    now, request, nobody = datetime.now(UTC), uuid4(), UUID(int=0)
    return Run(
        file=file,
        system="bench",
        dry_run=False,
        desks=2,
        words=Words([labels("zh"), labels("en")]),
        places=places_of(parts.system.registers.register, parts.system.reading.directory, local_day(now)),
        calendar=parts.system.registers.rule_book.calendar(),
        asked=Asked(OfficerId(nobody), BodyId(nobody), ActingAs(NoOfficer.OPERATOR), request, request, now),
    )


def _rows(url: str) -> list[tuple[Any, ...]]:
    """Of the imported cases, as they are stored."""
    first = "(SELECT min(notification_id) FROM stored_events WHERE topic = 'case.imported')"
    query = f"SELECT {COLUMNS} FROM stored_events WHERE notification_id >= {first} ORDER BY notification_id"
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def _appended(server: Server, name: str, rows: list[tuple[Any, ...]]) -> float:
    pages = [_page(rows[start : start + PAGE]) for start in range(0, len(rows), PAGE)]
    with wired(server.settings(name), server.database(name)) as parts, closing(_bulk(parts)) as bulk:
        since = perf_counter()
        for page in pages:
            bulk.append(page)
        return len(rows) / (perf_counter() - since)


def _bulk(parts: Wired) -> BulkAppend:
    return BulkAppend(parts.ledger.datastore.connect, parts.ledger.recorder)


def _page(rows: list[tuple[Any, ...]]) -> Page:
    expected: dict[UUID, int] = {}
    for stream, version, *_ in rows:
        expected.setdefault(stream, version - 1)
    return Page(
        expected,
        [BulkRow.of(row[0].bytes, row[1], row[5].bytes, row[2].encode(), bytes(row[3])) for row in rows],
    )


def copied(url: str, rows: list[tuple[Any, ...]]) -> float:
    with psycopg.connect(url) as connection:
        connection.execute(LIKE)
        connection.commit()
        since = perf_counter()
        for start in range(0, len(rows), PAGE):
            with connection.cursor().copy(f"COPY copied_events ({COLUMNS}) FROM STDIN") as copy:
                for row in rows[start : start + PAGE]:
                    copy.write_row(row)
            connection.commit()
        return len(rows) / (perf_counter() - since)
