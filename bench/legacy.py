"""The import of legacy cases: a whole file, and its rows again as a text COPY into a like table."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

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
            to.write(json.dumps(_case(number, areas, draw), ensure_ascii=False, separators=(",", ":")) + "\n")
    return file.stat().st_size


def _case(number: int, areas: list[str], draw: random.Random) -> dict[str, Any]:
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
    """Registered only, closed without a mediation, or accepted and in a session: with the parties four to eight events,
    beside the one that tells where it comes from."""
    yield {"step": "registered", "at": str(day)}
    ways = draw.randrange(4)
    if ways == 1:
        yield {"step": "closed", "at": str(day + timedelta(days=9)), "result": "self-settled"}
    if ways > 1:
        yield {"step": "accepted", "at": str(day + timedelta(days=1))}
    if ways > 2:
        yield {"step": "failed", "at": str(day + timedelta(days=20))}
        yield {"step": "closed", "at": str(day + timedelta(days=21)), "result": "failed"}


def copied(url: str) -> float:
    """Rows a second: the events that were imported last, as text into a like table, page by page."""
    with psycopg.connect(url) as connection:
        connection.execute(LIKE)
        connection.execute("TRUNCATE copied_events")
        connection.commit()
        rows = connection.execute(f"SELECT {COLUMNS} FROM stored_events ORDER BY notification_id").fetchall()
        begun = perf_counter()
        for start in range(0, len(rows), PAGE):
            with connection.cursor().copy(f"COPY copied_events ({COLUMNS}) FROM STDIN") as copy:
                for row in rows[start : start + PAGE]:
                    copy.write_row(row)
            connection.commit()
        return len(rows) / (perf_counter() - begun)
