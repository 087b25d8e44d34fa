"""`tiaojie follow` hands on every event once, whatever ends it in between: its output says where it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from typer.testing import CliRunner

from api.cli.follow import BLOCK, position
from api.cli.main import app
from application.ports import NotOurs, StoreAway
from application.unfit import NoLedgerHere
from infrastructure.following import _Follower
from infrastructure.ledger import Factory
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.feed import HoleInTheFeed
from tests.conftest import MASTER
from tests.effort import times
from tests.ledger.conftest import MakeLedger
from tests.ledger.samples import Noted, record, told
from tests.patience import PATIENCE, eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(make_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    url = make_database()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("TIAOJIE_MASTER_KEY", b64encode(MASTER).decode())
    monkeypatch.setenv("TIAOJIE_STATE", str(tmp_path / "state"))
    return url


@pytest.fixture
def ledger(url: str, make_ledger: MakeLedger) -> PostgresLedger:
    return make_ledger(url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.ndjson"


def followed(*words: str) -> Any:
    return CliRunner().invoke(app, ["follow", *words])


def positions(lines: bytes) -> list[int]:
    return [json.loads(line)["position"] for line in lines.splitlines()]


def stored(url: str) -> list[dict[str, Any]]:
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute("SELECT * FROM stored_events ORDER BY notification_id").fetchall()


def test_a_line_has_the_place_the_name_the_time_and_the_stored_bytes_of_an_event(url, ledger):
    record(ledger, uuid4(), 0, told("他家的屋檐滴水", "王小明"), Noted())

    done = followed("--to-the-end")

    assert done.exit_code == 0, done.output
    for line, row in zip(done.stdout_bytes.splitlines(), stored(url), strict=True):
        assert line.endswith(b',"state":' + row["state"] + b"}")
        assert json.loads(line) == {
            "position": row["notification_id"],
            "stream": str(row["originator_id"]),
            "version": row["originator_version"],
            "name": row["topic"],
            "recorded_at": row["recorded_at"].isoformat(),
            "state": json.loads(row["state"]),
        }
    assert not {word for word in ("屋檐", "王小明", "13800138000") if word in done.stdout}


def test_it_goes_on_behind_a_position(ledger):
    record(ledger, uuid4(), 0, *[Noted()] * 5)

    assert positions(followed("--to-the-end", "--after", "3").stdout_bytes) == [4, 5]
    assert positions(followed("--to-the-end", "--after", "5").stdout_bytes) == []


def test_a_file_goes_on_behind_its_last_whole_line_and_a_line_that_was_cut_is_written_anew(ledger, file):
    record(ledger, uuid4(), 0, *[Noted()] * 3)
    followed("--to-the-end", "--into", str(file))
    whole = file.read_bytes()
    for cut in (1, 2, len(whole.splitlines(True)[-1]) - 1, len(whole)):
        file.write_bytes(whole[: len(whole) - cut])

        followed("--to-the-end", "--into", str(file))

        assert file.read_bytes() == whole


@pytest.mark.parametrize("length", [1, BLOCK - 40, BLOCK, 3 * BLOCK])
@pytest.mark.parametrize("cut", [b"", b'{"posi'])
def test_the_last_whole_line_is_found_however_long_it_is(file, length, cut):
    lines = b"".join(b'{"position":%d,"state":"%s"}\n' % (at, b"x" * length) for at in (1, 2))
    file.write_bytes(lines + cut)

    with file.open("a+b") as opened:
        assert position(opened) == 2
    assert file.read_bytes() == lines


def test_of_two_that_write_into_one_file_the_second_is_refused(ledger, file):
    record(ledger, uuid4(), 0, Noted())
    with follower(file):
        eventually(lambda: file.exists() and file.read_bytes())

        done = followed("--to-the-end", "--into", str(file))

    assert done.exit_code == 1
    assert "另一个进程" in done.output
    assert positions(file.read_bytes()) == [1]


class follower:  # noqa: N801 - it is used as a verb
    """A process that follows into the file until it is killed."""

    def __init__(self, file: Path) -> None:
        command = [sys.executable, "-m", "api.cli.main", "follow", "--into", str(file)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


def has_grown(file: Path, size: int) -> bool:
    return file.exists() and file.stat().st_size >= size


def test_whenever_it_is_killed_nothing_is_lost_and_nothing_doubled(url, ledger, file):
    chance = Random(7)
    for _ in range(times(quick=2, test=4, soak=60)):
        before = file.stat().st_size if file.exists() else 0
        for _ in range(20):
            record(ledger, uuid4(), 0, *[Noted(what="x" * chance.randrange(4_000))] * 50)
        with follower(file):
            eventually(partial(has_grown, file, before + chance.randrange(1, 1_000_000)))

    record(ledger, uuid4(), 0, Noted(what="the last"))
    assert followed("--to-the-end", "--into", str(file)).exit_code == 0

    lines = file.read_bytes().splitlines()
    assert [json.loads(line)["position"] for line in lines] == list(range(1, ledger.head() + 1))
    assert all(row["state"] in line for line, row in zip(lines, stored(url), strict=True))


def test_who_waits_for_more_is_handed_what_is_recorded_then(ledger, file):
    record(ledger, uuid4(), 0, Noted())
    with follower(file) as process:
        eventually(lambda: file.exists() and positions(file.read_bytes()) == [1])

        record(ledger, uuid4(), 0, Noted())

        eventually(lambda: positions(file.read_bytes()) == [1, 2])
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) != 0


def test_while_the_database_is_away_it_is_asked_for_again_and_follows_on_where_it_was(url, server, ledger, file):
    """Three times, and once so long that it asks several times."""
    record(ledger, uuid4(), 0, Noted())
    with follower(file) as process:
        eventually(lambda: file.exists() and positions(file.read_bytes()) == [1])
        for outage in (0.0, 0.1, 4.0):
            goes_away(server, url, outage)
            known = len(positions(file.read_bytes()))

            record_patiently(ledger)

            eventually(lambda known=known: positions(file.read_bytes()) == list(range(1, known + 2)))
        assert process.poll() is None


def test_a_database_that_comes_back_with_less_than_was_handed_on_is_a_hole(url, ledger, file):
    record(ledger, uuid4(), 0, *[Noted()] * 3)
    follower = _Follower(0, to_the_end=True)
    env = {"DATABASE_URL": url, "TIAOJIE_MASTER_KEY": b64encode(MASTER).decode(), "CREATE_TABLE": "no"}
    with closing(Factory(env)) as factory:
        assert len(list(follower.lines(factory))) == 3
        follower.after = 4

        with pytest.raises(HoleInTheFeed):
            list(follower.lines(factory))


def goes_away(server: str, url: str, seconds: float) -> None:
    """Nobody is let in, and whoever was in is thrown out."""
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        time.sleep(seconds)
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))


def record_patiently(ledger: PostgresLedger) -> None:
    def recorded() -> bool:
        with suppress(StoreAway):
            record(ledger, uuid4(), 0, Noted())
            return True
        return False

    eventually(recorded)


def forged(url: str, statement: str) -> None:
    """By whoever runs the database, who can switch off every trigger."""
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE stored_events DISABLE TRIGGER USER")
        connection.execute(statement.encode())


def test_it_stops_before_an_event_that_somebody_else_wrote(url, ledger, file):
    record(ledger, uuid4(), 0, *[Noted()] * 3)
    followed("--to-the-end", "--into", str(file))
    record(ledger, uuid4(), 0, *[Noted()] * 3)
    forged(url, "UPDATE stored_events SET state = '{}' WHERE notification_id = 5")

    done = followed("--to-the-end", "--into", str(file))

    assert isinstance(done.exception, NotOurs)
    assert positions(file.read_bytes()) == [1, 2, 3]


def test_it_stops_before_a_hole(url, ledger):
    record(ledger, uuid4(), 0, *[Noted()] * 3)
    forged(url, "DELETE FROM stored_events WHERE notification_id = 2")

    done = followed("--to-the-end")

    assert done.exit_code == 1
    assert "缺口：expected 2, found 3" in done.output


def test_it_makes_nothing_in_a_database_that_holds_no_ledger(url):
    assert isinstance(followed("--to-the-end").exception, NoLedgerHere)

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


def test_a_database_that_is_away_is_told_as_by_every_verb(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    assert isinstance(followed("--to-the-end").exception, psycopg.OperationalError)
