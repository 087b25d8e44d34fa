"""Databases as a county hands them over: the whole URL holds for every connection, and an unfit database is refused
before anything is made in it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import tuple_row

from application.unfit import (
    AnotherStarts,
    MadeByANewerProgram,
    NoTablesMayBeMade,
    NotUnicode,
    PooledByTransaction,
    PoolTooSmall,
    TooFewConnections,
)
from infrastructure.ledger import schema
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.recorder import LedgerDatastore
from infrastructure.ledger.schema import SETUP_LOCK, prepare
from infrastructure.ledger.steps import FIRST, STEPS
from infrastructure.postgres.connecting import SESSION, connect
from infrastructure.postgres.copies import DATA, copy_cluster
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.postgres.lending import LEAST, size_of_pools
from infrastructure.postgres.pool import Readers

PROGRAMS = "/usr/sbin:/usr/bin:/usr/local/bin"
ROOT = Path(__file__).resolve().parents[2]
STRANGE = {
    "datestyle": "German, DMY",
    "timezone": "America/New_York",
    "search_path": "elsewhere",
    "bytea_output": "escape",
    "intervalstyle": "iso_8601",
    "default_transaction_isolation": "serializable",
}


@pytest.fixture
def owner(server: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server, autocommit=True) as connection:
        yield connection


@pytest.fixture
def make_role(server: str, owner: psycopg.Connection) -> Iterator[Callable[..., str]]:
    """A role that signs in to a database, with what is said of it; the URL with which it does."""
    made: list[tuple[str, str]] = []

    def make(url: str, said: str = "") -> str:
        name, database = f"role_{uuid4().hex[:8]}", str(conninfo_to_dict(url)["dbname"])
        owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain' {said}")
        made.append((name, database))
        return make_conninfo(url, user=name, password="plain")

    yield make
    for name, database in made:
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
        owner.execute(f"DROP ROLE {name}")


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE relnamespace = 2200")}


@pytest.mark.parametrize("encoding", ["LATIN1", "EUC_CN", "SQL_ASCII"])
def test_a_database_in_another_encoding_is_refused_and_nothing_is_made_in_it(server, owner, encoding):
    name = f"strange_{uuid4().hex[:8]}"
    owner.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    url = make_conninfo(server, dbname=name, client_encoding="UTF8")
    try:
        with pytest.raises(NotUnicode) as refusal:
            prepare(url)
        assert refusal.value.details == {"found": encoding}
        assert tables(url) == set()
    finally:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_the_role_and_the_url_set_for_a_session_changes_nothing_of_ours(make_database, make_role, owner):
    plain = make_database()
    url = make_role(plain)
    role, name = conninfo_to_dict(url)["user"], conninfo_to_dict(plain)["dbname"]
    owner.execute(f"ALTER DATABASE {name} OWNER TO {role}")
    for setting, value in STRANGE.items():
        owner.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*map(sql.Identifier, (role, setting)), value))
    url = make_conninfo(url, options="-c default_transaction_read_only=on")

    restricted = prepare(url)

    with (
        Readers(url, restricted=restricted) as pool,
        LedgerDatastore(url, restricted=restricted).connect() as line,
        pool.connection() as reading,
    ):
        for one in (line, reading):
            told = one.cursor(row_factory=tuple_row)
            assert {name: told.execute(f"SHOW {name}").fetchall()[0][0] for name in SESSION} == SESSION


def test_every_connection_is_made_in_one_place():
    """So that none forgets a part of the URL, a limit of waiting, or what a session must be."""
    apart = {"infrastructure/postgres/connecting.py", "infrastructure/postgres/embedded.py"}
    made = re.compile(r"psycopg\.connect\(|Connection\.connect\(")

    found = {
        str(path.relative_to(ROOT))
        for layer in ("application", "infrastructure", "api")
        for path in (ROOT / layer).rglob("*.py")
        if made.search(path.read_text("utf-8"))
    }

    assert found - apart == set()


def test_encryption_that_the_url_asks_for_is_asked_of_every_connection(make_database, make_cipher):
    """The embedded server offers none: whoever connects all the same has dropped that part."""
    url = make_database()
    prepare(url)
    strict, cipher = make_conninfo(url, sslmode="require"), make_cipher()

    for way in (
        lambda: prepare(strict),
        lambda: connect(strict),
        lambda: LedgerDatastore(strict, restricted=False).connect(),
        lambda: PostgresLedger(strict, cipher, restricted=False),
    ):
        with pytest.raises(Exception, match=r"SSL|get a connection"):
            way()


@pytest.fixture
def standby(server: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A leader of its own, and a standby that follows it."""
    leader = EmbeddedPostgres(tmp_path / "leader")
    url = leader.start()
    try:
        with following(leader, tmp_path / "follower") as follower:
            yield url, follower
    finally:
        leader.stop()
        leader.place.remove()


@contextmanager
def following(leader: EmbeddedPostgres, folder: Path) -> Iterator[str]:
    copy, follower = folder.with_name(f"{folder.name}.copy"), EmbeddedPostgres(folder)
    place = follower.place
    try:
        copy.mkdir()
        copy_cluster(leader.url, leader.place, copy)
        place.make()
        shutil.copytree(copy / DATA, place.data, symlinks=True)
        with (place.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{leader.url}'\n")
        (place.data / "standby.signal").touch()
        place.hand_over_all(place.data)
        place.write_private(place.password, leader.place.password.read_text())
        yield follower.start()
    finally:
        follower.stop()
        place.remove()


def test_with_a_standby_first_in_the_url_everything_is_recorded_by_the_leader(standby, make_cipher, tmp_path):
    leader, follower = map(conninfo_to_dict, standby)
    both = {name: f"{follower[name]},{leader[name]}" for name in ("host", "port")}
    url = make_conninfo(standby[0], **both, target_session_attrs="read-write")

    restricted = prepare(url)
    ledger = PostgresLedger(url, make_cipher(tmp_path), restricted=restricted)
    try:
        ledger.open_line()
        with ledger.datastore.connect() as line, ledger.datastore.get_connection() as pooled:
            for one in (line, pooled):
                assert one.execute("SELECT pg_is_in_recovery() AS behind").fetchone() == {"behind": False}
    finally:
        ledger.close()


def test_a_start_says_so_where_another_one_does_not_come_to_an_end(make_database, monkeypatch):
    url = make_database()
    monkeypatch.setattr(schema, "IN_TURN_WITHIN", "200ms")

    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK])
        with pytest.raises(AnotherStarts):
            prepare(url)

    prepare(url)


def test_a_database_of_before_the_steps_were_counted_takes_those_that_it_lacks(make_database):
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute(FIRST)
        ledger = connection.execute("SELECT id FROM ledger").fetchall()

    prepare(url)

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT id FROM ledger").fetchall() == ledger
        assert connection.execute("SELECT number FROM schema_step").fetchall() == [
            (number,) for number in range(1, len(STEPS) + 1)
        ]
        connection.execute("INSERT INTO schema_step VALUES (%s, now())", [len(STEPS) + 1])
    with pytest.raises(MadeByANewerProgram):
        prepare(url)


def test_who_may_make_no_tables_is_told_so(make_database, make_role):
    with pytest.raises(NoTablesMayBeMade):
        prepare(make_role(make_database()))


def test_a_database_that_lends_too_little_is_refused_by_number(make_database, make_role):
    with pytest.raises(TooFewConnections) as refusal:
        prepare(make_role(make_database(), f"CONNECTION LIMIT {LEAST - 1}"))

    assert refusal.value.details == {"lent": LEAST - 1, "needed": LEAST}


@pytest.mark.parametrize("processes", [1, 2, 4, 64])
@pytest.mark.parametrize("lent", [8, 9, 12, 20, 40, 97, 500])
def test_the_pools_leave_the_worker_and_each_line_their_connections(lent, processes):
    each = 1 + 2 * size_of_pools(lent, processes)

    assert processes * each + 4 < lent or size_of_pools(lent, processes) == 1


BOUNCER = """
[databases]
{name} = host={host} port={port} dbname={name} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
ignore_startup_parameters = options
"""


@contextmanager
def pooled(url: str, folder: Path, mode: str, size: int = 20) -> Iterator[str]:
    """Through a PgBouncer that pools as it says."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = probe.getsockname()[1]
    told = {"name": conninfo_to_dict(url)["dbname"], **conninfo_to_dict(url)}
    (folder / "bouncer.ini").write_text(BOUNCER.format(**told, listen=listen, mode=mode, size=size))
    drop = ["-u", "nobody"] if os.geteuid() == 0 else []
    program = shutil.which("pgbouncer", path=PROGRAMS)
    bouncer = subprocess.Popen([str(program), "-q", *drop, str(folder / "bouncer.ini")], stderr=subprocess.DEVNULL)
    try:
        found = make_conninfo(url, port=listen)
        patiently(lambda: psycopg.connect(found).close())
        yield found
    finally:
        bouncer.kill()
        bouncer.wait()


def patiently(work: Callable[[], None]) -> None:
    for _ in range(100):
        with suppress(psycopg.OperationalError):
            return work()
        time.sleep(0.1)
    raise AssertionError("it does not come up")


@pytest.mark.skipif(not shutil.which("pgbouncer", path=PROGRAMS), reason="no PgBouncer here")
@pytest.mark.parametrize(("mode", "refused"), [("transaction", True), ("statement", True), ("session", False)])
def test_a_pooler_that_lends_sessions_by_transaction_is_refused_by_name(make_database, tmp_path, mode, refused):
    with pooled(make_database(), tmp_path, mode) as url:
        if refused:
            with pytest.raises(PooledByTransaction):
                prepare(url)
        else:
            assert prepare(url)


@pytest.mark.skipif(not shutil.which("pgbouncer", path=PROGRAMS), reason="no PgBouncer here")
@pytest.mark.parametrize("size", [1, 2, LEAST - 1, LEAST])
def test_a_pooler_that_lends_too_few_sessions_is_refused_by_number_and_keeps_nobody_waiting(
    make_database, tmp_path, size
):
    with pooled(make_database(), tmp_path, "session", size) as url:
        if size == LEAST:
            assert prepare(url)
        else:
            began = time.monotonic()
            with pytest.raises(PoolTooSmall) as refusal:
                prepare(url)
            assert refusal.value.details == {"lent": size, "needed": LEAST}
            assert time.monotonic() - began < 30
