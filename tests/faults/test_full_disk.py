"""The disk is full: nothing is recorded by halves, nothing that was acknowledged is lost, and it goes on when there is
room again."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from infrastructure.postgres.pool import Readers
from tests.api.conftest import BOTH, County, open_county
from tests.effort import times
from tests.ledger.feeds import Tables
from tests.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("processes")

ROOM = {"database": "120m", "keys": "2m"}
LONG_STORY = "两家为滴水檐争吵，" * 100


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of this size in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may make a small disk (mount -t tmpfs) to fill")
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class Ballast:
    """Takes all the room that is left on a disk, and gives it back."""

    def __init__(self, disk: Path) -> None:
        self.file = disk / "ballast"

    def take(self) -> None:
        with self.file.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass

    def give_back(self) -> None:
        self.file.unlink()


@pytest.fixture
def full_database(tmp_path: Path) -> Iterator[tuple[County, EmbeddedPostgres, Ballast]]:
    embedded = EmbeddedPostgres(tmp_path)
    embedded.place.make()
    with small_disk(embedded.place.root, ROOM["database"]) as disk:
        embedded.place.make()
        state = tmp_path / "state"
        state.mkdir()
        try:
            with open_county(embedded.start(), state) as county:
                yield county, embedded, Ballast(disk)
        finally:
            embedded.stop_whoever_started()
    embedded.place.remove()


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[tuple[EmbeddedPostgres, Ballast]]:
    embedded = EmbeddedPostgres(tmp_path)
    embedded.place.make()
    with small_disk(embedded.place.root, ROOM["database"]) as disk:
        embedded.place.make()
        try:
            yield embedded, Ballast(disk)
        finally:
            embedded.stop_whoever_started()
    embedded.place.remove()


@pytest.fixture
def full_vault(server: str, make_database: Any, tmp_path: Path) -> Iterator[tuple[County, Ballast]]:
    with small_disk(tmp_path / "state", ROOM["keys"]) as disk, open_county(make_database(), disk) as county:
        yield county, Ballast(disk)


class Desk:
    """Registers one case after the other, and keeps what it was told."""

    def __init__(self, county: County) -> None:
        self.county, self.place = county, str(county.area("990101101201"))
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.refused: list[str] = []
        county.as_("li.ming")

    def send(self, key: str) -> Any:
        return self.county.as_("li.ming").post(
            "/api/cases/register-case",
            {"Idempotency-Key": key},
            place=self.place,
            facts=f"{key}：{LONG_STORY}",
            parties=BOTH,
        )

    def work(self, count: int, least_refused: int = 0) -> None:
        for _ in range(count):
            key = uuid4().hex
            answer = self.send(key)
            if answer.status_code == 201:
                self.acknowledged[key] = answer.json()
            else:
                assert (answer.status_code, answer.json()["code"]) == (503, "store-away"), answer.text
                assert answer.headers["Retry-After"]
                self.refused.append(key)
            if least_refused and len(self.refused) >= least_refused:
                return

    def repeat(self) -> None:
        """What was refused, under its key: it is recorded now, and what was acknowledged is answered as before."""
        for key in self.refused:
            answer = eventually(lambda key=key: self.send(key))
            self.acknowledged[key] = answer.json()
        for key, before in self.acknowledged.items():
            assert eventually(lambda key=key: self.send(key)).json() == before

    def judge(self) -> None:
        entries = self.county.parts.ledger.feed(0, 1_000_000)
        told = [one.event.facts.text.partition("：")[0] for one in entries if one.event.name == "case.registered"]
        assert sorted(told) == sorted(self.acknowledged)
        assert len(entries) == entries[-1].position == self.county.events()
        projector = self.county.parts.projector
        projector.prepare_if_emptied()
        projector.catch_up()
        assert projector.parked() == []
        with Readers(self.county.url, restricted=True) as pool:
            tables = Tables(self.county.parts.ledger, self.county.url, pool)
            before = tables.contents()
            projector.rebuild()
            assert tables.contents() == before


def eventually(send: Any) -> Any:
    until = time.monotonic() + PATIENCE
    while (answer := send()).status_code == 503 and time.monotonic() < until:
        time.sleep(0.1)
    assert answer.status_code == 201, answer.text
    return answer


def restarted(embedded: EmbeddedPostgres) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(DidNotStart):
            embedded.start()
            return
        time.sleep(0.2)
    embedded.start()


def test_while_the_databases_disk_is_full_commands_are_refused_and_afterwards_nothing_is_missing(full_database):
    county, embedded, ballast = full_database
    desk = Desk(county)
    desk.work(20)
    with psycopg.connect(county.url, autocommit=True) as owner:
        owner.execute("SELECT pg_switch_wal()")
    ballast.take()
    desk.work(5_000, least_refused=5)
    assert len(desk.refused) == 5
    acknowledged = dict(desk.acknowledged)

    ballast.give_back()
    restarted(embedded)
    desk.repeat()
    desk.work(20)

    assert acknowledged.items() <= desk.acknowledged.items()
    assert len(desk.refused) == 5
    desk.judge()


@pytest.mark.parametrize("time_to_die", [0.0, 0.1, 0.3] * times(test=1, soak=20))
def test_a_server_whose_log_found_no_room_comes_back_once_there_is_room(small_server, time_to_die):
    """It dies, recovers by itself, and its startup process dies of the same before anybody gives room."""
    embedded, ballast = small_server
    url = embedded.start()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS value")
    ballast.take()
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as writer:
        while True:
            writer.execute("SELECT pg_logical_emit_message(true, 'x', repeat('x', 100000))")
    time.sleep(time_to_die)

    ballast.give_back()
    restarted(embedded)

    with psycopg.connect(embedded.url) as reader:
        assert reader.execute("SELECT value FROM kept").fetchall() == [(42,)]


def test_while_the_disk_of_the_keys_is_full_commands_are_refused_and_afterwards_nothing_is_missing(full_vault):
    county, ballast = full_vault
    desk = Desk(county)
    desk.work(20)
    ballast.take()
    desk.work(5_000, least_refused=5)
    assert len(desk.refused) == 5

    ballast.give_back()
    desk.repeat()
    desk.work(20)

    assert len(desk.refused) == 5
    desk.judge()
