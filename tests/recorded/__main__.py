"""`python -m tests.recorded record`: the kept ledger, anew by the commit that it is pinned to.
`python -m tests.recorded whole`: it records the whole demo, some 69,000 events, and today's product opens that."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from pathlib import Path
from shutil import copytree
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from tests.recorded.comparing import differences
from tests.recorded.kept import FOLDER, STATE, Expected, load, names
from tests.recorded.present import opened_now
from tests.recorded.reading import SECTIONS, Told, read

PINNED = "f4ecbd677e74fa6a7118345caf11a00ecac3857a"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RECORDER = HERE / "f4ecbd6.recorder"
BOARDS = ("registers", "lists", "figures", "drill-downs")
"""What is read from tables, which the older version has filled."""
MakeDatabase = Callable[[], str]


def record() -> int:
    """Its ids and keys are new ones each time, and so are its hashes."""
    with tree() as then, databases() as make:
        recorded(then, make(), FOLDER)
    return 0


def whole() -> int:
    with tempfile.TemporaryDirectory() as place, databases() as make:
        folder, old = Path(place) / "ledger", make()
        with tree() as then:
            recorded(then, old, folder, "--whole")
        found = names(folder)
        tell(f"{found.total()} events of {len(found)} names, recorded by {PINNED[:7]}")
        expected = Expected.of(folder)
        copytree(folder / STATE, Path(place) / "old")
        wrong = compared("with its boards as they were left", expected, old, Path(place) / "old", BOARDS)
        load(folder, new := make(), Path(place) / "new")
        wrong += compared("from its events alone", expected, new, Path(place) / "new", tuple(SECTIONS))
        report = ProofDesk(new, LogFiles.of(Path(place) / "new")).verify([], lambda done: None)
        tell(f"proof: {report.events} events, {report.checkpoints} checkpoints, {len(report.faults)} faults")
    return 1 if wrong or report.faults else 0


def compared(how: str, expected: Expected, url: str, state: Path, sections: Sequence[str]) -> int:
    """One line of each comparison, and one of each difference. How many differ."""
    began = time.monotonic()
    with opened_now(url, state, expected.fields) as opened:
        tell(f"opened {how} in {time.monotonic() - began:.0f} s")
        now = read(opened, sections)
    if new := opened.met - expected.fields:
        tell(f"fields that came later, and are not compared: {', '.join(sorted(new))}")
    return sum(told_alike(section, expected, now[section]) for section in sections)


def told_alike(section: str, expected: Expected, now: Told) -> int:
    hashes, then = expected.hashes[section], expected.told[section]
    wrong = 0
    for kind, group in groupby(sorted(hashes.keys() | now.keys()), key=lambda name: name.split()[0]):
        these = set(group)
        of_kind = ({name: one for name, one in whose.items() if name in these} for whose in (hashes, then, now))
        found = differences(section, *of_kind)
        tell(f"{section}: {kind} {len(these) - len(found)} alike, {len(found)} differ")
        for one in found:
            tell(f"  {one}")
        wrong += len(found)
    return wrong


def recorded(then: Path, url: str, folder: Path, *more: str) -> None:
    command = [sys.executable, str(RECORDER), url, str(folder), *more]
    subprocess.run(command, cwd=then, env={**os.environ, "PYTHONPATH": str(then)}, check=True)


@contextmanager
def tree() -> Iterator[Path]:
    """The files of the pinned commit, in a folder that goes again."""
    if subprocess.run(["git", "cat-file", "-e", f"{PINNED}^{{commit}}"], cwd=ROOT, capture_output=True).returncode:
        raise SystemExit(f"this clone does not have commit {PINNED[:7]}: get the whole history (git fetch --unshallow)")
    packed = subprocess.run(["git", "archive", PINNED], cwd=ROOT, capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory() as place, tarfile.open(fileobj=BytesIO(packed)) as files:
        files.extractall(place, filter="data")
        yield Path(place)


@contextmanager
def databases() -> Iterator[MakeDatabase]:
    """Makes empty ones: on the server of TEST_DATABASE_URL, or on one of its own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield lambda: made(given)
        return
    with tempfile.TemporaryDirectory() as place:
        server = EmbeddedPostgres(Path(place))
        try:
            url = server.start()
            yield lambda: made(url)
        finally:
            server.stop()
            server.place.remove()


def made(server: str) -> str:
    name = f"recorded_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_conninfo(server, dbname=name)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


VERBS = {"record": record, "whole": whole}

if __name__ == "__main__":
    if (verb := VERBS.get(" ".join(sys.argv[1:]))) is None:
        raise SystemExit(__doc__)
    raise SystemExit(verb())
