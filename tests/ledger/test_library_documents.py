"""What the documents show of the eventsourcing library runs as it stands there, and is killed as often as one likes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from application.streams import CASES
from domain.case.opening.intake import CaseRegistered
from infrastructure.ledger.event_store import PostgresLedger
from tests.effort import times
from tests.ledger.conftest import MakeLedger
from tests.ledger.feeds import lived
from tests.ledger.samples import NOON, asked
from tests.oracle.stories import STORIES
from tests.patience import PATIENCE, eventually

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def shown(document: str) -> str:
    """The one block that names the module."""
    (found,) = [one for one in BLOCK.findall((ROOT / document).read_text("utf-8")) if "infrastructure.ledger" in one]
    return str(found)


@pytest.fixture
def url(make_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    url = make_database()
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def ledger(url: str, make_ledger: MakeLedger) -> PostgresLedger:
    return make_ledger(url)


def register(ledger: PostgresLedger, many: int) -> list[UUID]:
    """So many cases, in one piece of work."""
    ids = [uuid4() for _ in range(many)]
    event = lived(next(iter(STORIES.values())))[0][1].event
    assert isinstance(event, CaseRegistered)

    def work(unit: Any) -> UUID:
        for id in ids:
            unit.append(CASES, id, 0, [event], NOON)
        return ids[0]

    ledger.carry_out(asked(), work)
    return ids


def test_the_example_of_the_readme_runs_as_it_stands_there(ledger, capsys):
    (case, *_) = register(ledger, 3)

    exec(compile(shown("README.md"), "README.md", "exec"), scope := {})

    scope["ledger"].close()
    code = ledger.history(CASES, case).state.code
    assert code
    assert capsys.readouterr().out == f"1 case.registered 1 {code}\n"


@contextmanager
def counting(script: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The projection of the document, until it is killed."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (script.parent / "said").open("ab") as said:
        process = subprocess.Popen([sys.executable, str(script)], env=environment, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def counted(url: str) -> int:
    with psycopg.connect(url) as connection:
        ((there,),) = connection.execute("SELECT to_regclass('per_day') IS NOT NULL").fetchall()
        rows = connection.execute("SELECT coalesce(sum(cases), 0) FROM per_day").fetchall() if there else [(0,)]
    return int(rows[0][0])


def has_counted(url: str, many: int) -> bool:
    return counted(url) >= many


def altered(url: str, change: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(f"ALTER TABLE per_day {change}".encode())


def positions(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        query = "SELECT notification_id FROM perday_tracking WHERE application_name = 'Application'"
        return [position for (position,) in connection.execute(query).fetchall()]


def test_where_the_count_of_the_document_fails_its_position_stays_and_both_go_on_together(url, ledger, tmp_path):
    (script := tmp_path / "per_day.py").write_text(shown("docs/library.md"), "utf-8")
    register(ledger, 5)
    with counting(script):
        eventually(partial(has_counted, url, 5))
    altered(url, "ADD CONSTRAINT no_more CHECK (cases <= 8)")
    register(ledger, 5)

    with counting(script) as process:
        assert process.wait(PATIENCE) != 0

    assert (counted(url), positions(url)) == (8, [8])
    altered(url, "DROP CONSTRAINT no_more")
    with counting(script):
        eventually(partial(has_counted, url, 10))
    assert positions(url) == [10]


def test_whenever_the_projection_of_the_document_is_killed_every_case_is_counted_once(url, ledger, tmp_path):
    (script := tmp_path / "per_day.py").write_text(shown("docs/library.md"), "utf-8")
    chance, recorded = Random(11), 0
    for turn in count(1):
        register(ledger, 400)
        wanted = recorded + chance.randrange(1, 400)
        recorded += 400
        last = turn == times(test=3, soak=40)
        with counting(script) as process:
            eventually(partial(has_counted, url, recorded if last else wanted))
            assert process.poll() is None, (tmp_path / "said").read_text()
        if last:
            break

    assert counted(url) == recorded
    assert (tmp_path / "said").read_text() == ""
    assert positions(url) == [ledger.head()]
