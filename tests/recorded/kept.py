"""A ledger as it is kept in files: the rows of its own tables, their schema, and the state folder with the keys."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from tests.recorded.canonical import text
from tests.recorded.reading import hashes

TABLES = {
    "ledger": "id",
    "stored_events": "notification_id",
    "feed_head": "position",
    "serials": "body, kind, year",
    "idempotency": "officer, key",
    "epoch": "number",
    "proof_tile": "level, number",
    "proof_head": "size",
    "proof_checkpoint": "epoch, size",
    "password": "officer_id",
}
"""What no other table can be made from, and the order of its rows."""
SCHEMA, ROWS, STATE = "schema.sql", "rows.ndjson.gz", "state"
HASHES, TOLD, FIELDS, OTHERWISE = "hashes.json", "told.json.gz", "fields.json", "otherwise.json"
FOLDER = Path(__file__).parent / "ledger"
"""The one that is kept beside the tests."""
PAGE = 2_000


@dataclass(frozen=True)
class Expected:
    """What the version that recorded it read from it: by section, the hash of each thing, and what it says."""

    hashes: dict[str, dict[str, str]]
    told: dict[str, dict[str, Any]]
    fields: frozenset[str]
    """The names of the fields that its answers had."""
    otherwise: dict[str, dict[str, str]]
    """By section, the hash of each thing that a later decision means to be read otherwise."""

    @classmethod
    def of(cls, folder: Path) -> Expected:
        hashes, fields = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (HASHES, FIELDS))
        meant = folder / OTHERWISE
        otherwise = json.loads(meant.read_text(encoding="utf-8")) if meant.exists() else {}
        return cls(hashes, json.loads(unpacked(folder / TOLD)), frozenset(fields), otherwise)


def keep(url: str, state: Path, schema: str, folder: Path) -> None:
    """`schema`: as the version that recorded it makes these tables."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCHEMA).write_text(schema, encoding="utf-8")
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'UTC'")
        lines = (json.dumps(line, ensure_ascii=False) for line in _lines(connection))
        packed("".join(f"{line}\n" for line in lines), folder / ROWS)
    _keep_state(state, folder / STATE)


def load(folder: Path, url: str, state: Path) -> None:
    """Into an empty database and an empty folder: as the version that recorded it left them, without its boards."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute((folder / SCHEMA).read_bytes())
        for table in TABLES:
            if table != "stored_events":
                cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))  # what a schema begins with
        for table, rows in _pages(folder):
            cursor.execute(_insert(table, rows[0]), [json.dumps(rows)])
    copytree(folder / STATE, state, dirs_exist_ok=True)


def names(folder: Path) -> Counter[str]:
    """How many events there are of each name."""
    lines = map(json.loads, unpacked(folder / ROWS).splitlines())
    return Counter(row["topic"] for table, row in lines if table == "stored_events")


def packed(content: str, file: Path) -> None:
    """The same content gives the same bytes."""
    with file.open("wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as zipped:
        zipped.write(content.encode())


def unpacked(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode()


def _lines(connection: psycopg.Connection[Any]) -> Iterator[list[Any]]:
    """[table, row]; the state of an event as its text, byte for byte, and other bytes as PostgreSQL writes them."""
    for table, order in TABLES.items():
        row = "to_jsonb(t)"
        if table == "stored_events":
            row += " || jsonb_build_object('state', convert_from(state, 'UTF8'))"
        with connection.cursor(row_factory=dict_row) as cursor:
            for found in cursor.execute(f"SELECT {row} AS row FROM {table} t ORDER BY {order}".encode()):
                yield [table, found["row"]]


def _pages(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    page: list[dict[str, Any]] = []
    last = ""
    for line in unpacked(folder / ROWS).splitlines():
        table, row = json.loads(line)
        if page and (table != last or len(page) == PAGE):
            yield last, page
            page = []
        if table == "stored_events":
            row["state"] = f"\\x{row['state'].encode().hex()}"
        last = table
        page.append(row)
    if page:
        yield last, page


def _insert(table: str, row: dict[str, Any]) -> sql.Composed:
    """Only the columns that were there: a later one takes its default."""
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    rows = sql.SQL("jsonb_populate_recordset(NULL::{}, %s::jsonb)").format(sql.Identifier(table))
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(sql.Identifier(table), columns, columns, rows)


def _keep_state(state: Path, folder: Path) -> None:
    """Databases whole, without their logs; the embedded server is no part of it."""
    folder.mkdir(exist_ok=True)
    for file in sorted(state.iterdir()):
        if file.suffix == ".db":
            (folder / file.name).unlink(missing_ok=True)
            with closing(sqlite3.connect(file)) as found:
                found.execute("VACUUM INTO ?", [str(folder / file.name)])
        elif file.suffix in (".key", ".jsonl"):
            copyfile(file, folder / file.name)


def keep_told(told: dict[str, dict[str, Any]], fields: set[str], folder: Path) -> None:
    """The hash of each thing; and, but for the pages, what it says. `fields`: the names that answers had."""
    (folder / FIELDS).write_text(json.dumps(sorted(fields), indent=0) + "\n", encoding="utf-8")
    (folder / HASHES).write_text(json.dumps(hashes(told), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    packed(text(told), folder / TOLD)
