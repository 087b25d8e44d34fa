"""The peers of a command: one row of like size, inserted durably, by pgbench and by psycopg in threads."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from threading import Barrier
from time import perf_counter
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.together import run_together

TABLE = """
CREATE TABLE plain (
    id bigserial PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL, topic text NOT NULL,
    state bytea NOT NULL, recorded_at timestamptz NOT NULL DEFAULT now())
"""
INSERT = "INSERT INTO plain (stream, version, topic, state) VALUES (%s, %s, %s, %s)"
TOPIC = "case.amount_stated"
CORES = os.cpu_count() or 1


def prepare(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(TABLE)


def find_pgbench(programs: Path) -> Path | None:
    """Beside the server's own programs, or on the path."""
    folders = [programs, *map(Path, os.environ.get("PATH", "").split(os.pathsep))]
    return next((found for folder in folders if (found := folder / "pgbench").is_file()), None)


def version(program: Path) -> str:
    return subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout.strip()


def pgbench(program: Path, url: str, clients: int, seconds: float, size: int, folder: Path) -> float:
    """Commits a second, by prepared statements and without the time to connect."""
    script = folder / "plain.sql"
    script.write_text(
        "INSERT INTO plain (stream, version, topic, state) VALUES"
        f" (gen_random_uuid(), 1, '{TOPIC}', '\\x{os.urandom(size).hex()}');\n"
    )
    info = conninfo_to_dict(url)
    told = {f"PG{name.upper()}": str(info[name]) for name in ("host", "port", "user", "password")}
    jobs, duration = min(clients, CORES), max(1, round(seconds))
    options = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(jobs), "-T", str(duration), "-f", str(script)]
    command = [str(program), *options, str(info["dbname"])]
    environment = {**os.environ, **told, "PGDATABASE": str(info["dbname"])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return float(found[1])


def threads(url: str, clients: int, seconds: float, size: int) -> float:
    """Commits a second of the same statement from Python: what the language and its driver leave."""

    def work(number: int, ready: Barrier) -> int:
        state, done = os.urandom(size), 0
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(INSERT, [uuid4(), 0, TOPIC, state], prepare=True)
            ready.wait()
            until = perf_counter() + seconds
            while perf_counter() < until:
                connection.execute(INSERT, [uuid4(), 1, TOPIC, state], prepare=True)
                done += 1
        return done

    return run_together(clients, work)
