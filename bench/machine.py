"""The machine that the figures come from."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psycopg

TOLD = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers")


def described(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        database = {name: str(connection.execute(f"SHOW {name}").fetchall()[0][0]) for name in TOLD}
    version = database.pop("server_version")
    settings = ", ".join(f"{name} {value}" for name, value in database.items())
    return hardware() | {"PostgreSQL": f"{version}, the embedded one, over loopback TCP: {settings}"}


def hardware() -> dict[str, str]:
    return {
        "Date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "Processor": f"{_first('/proc/cpuinfo', 'model name') or platform.processor()}, {os.cpu_count()} cores",
        "Memory": _memory(),
        "System": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Load before": ", ".join(f"{one:.2f}" for one in os.getloadavg()) + " (1, 5, 15 minutes)",
    }


def _first(file: str, name: str) -> str:
    path = Path(file)
    lines = path.read_text().splitlines() if path.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _memory() -> str:
    kilobytes = _first("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 1024**2:.0f} GiB" if kilobytes else "unknown"
