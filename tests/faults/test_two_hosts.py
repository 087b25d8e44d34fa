"""Two hosts serve one ledger with one vault, and each is killed in turn, whole, under load: nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from random import Random

import psycopg
import pytest

from api.settings import Settings
from api.wiring_ledgers import share
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.privacy.master import make_master_key
from infrastructure.privacy.vault_database import SharedErasures, VaultDatabase
from tests.effort import times
from tests.faults.client import Client
from tests.faults.service import Service, keeping, running
from tests.faults.test_kills import assert_read_models_are_those_of_a_rebuild, at_work, judge, receipts, recorded
from tests.patience import eventually

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills by what /proc tells"),
    pytest.mark.usefixtures("processes"),
]

CLIENTS, WAVES = 6, times(test=3, soak=40)
IN_TURN = ([0], [1, "vault"], [0, 1], ["vault"], [1, "vault", 0])
"""What dies together: a host with all that runs on it, or the vault's server."""


@pytest.fixture(scope="module")
def vault_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("vault"))
    try:
        embedded.start()
        yield embedded
    finally:
        embedded.stop_whoever_started()
        embedded.place.remove()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory, vault_server: EmbeddedPostgres) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("hosts")) as service, pytest.MonkeyPatch.context() as patch:
        vault_url, second = vault_server.start(), service.state.with_name("second")
        share(Settings(state=service.state, vault_url=vault_url))
        second.mkdir()
        for name in ("master.key", "log.key"):
            shutil.copy(service.state / name, second)
        patch.setenv("TIAOJIE_VAULT_URL", vault_url)
        service.others, service.more = [second], {"TIAOJIE_VAULT_URL": vault_url}
        yield service


def parts_of(service: Service, host: int) -> list[str]:
    return [f"serve {service.ports[host]}", f"work{host or ''}"]


def kills_in_turn(service: Service, vault_server: EmbeddedPostgres, clients: list[Client], chance: Random) -> int:
    """Within a second where several die together: the second may meet what the first has left."""
    done = 0
    for wave in islice(cycle(IN_TURN), WAVES):
        before = receipts(clients)
        eventually(lambda before=before: receipts(clients) > before + 3)
        for what in wave:
            time.sleep(chance.random() * 0.3)
            if what == "vault":
                kill_the_vault(vault_server)
            else:
                for part in parts_of(service, what):
                    eventually(lambda part=part: service.kill(part))
            done += 1
    return done


def kill_the_vault(server: EmbeddedPostgres) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    server.start()


def test_two_hosts_that_are_killed_in_turn_lose_and_double_nothing(hosts, vault_server, chance):
    with keeping(hosts):
        with at_work(hosts, CLIENTS, chance) as clients:
            assert kills_in_turn(hosts, vault_server, clients, chance) >= WAVES
        eventually(lambda: sealed(hosts) == len(recorded(hosts)))
    hosts.end()

    judge(hosts, [one for client in clients for one in client.sent])
    assert_read_models_are_those_of_a_rebuild(hosts)
    for state in (hosts.state, *hosts.others):
        hosts.more["TIAOJIE_STATE"] = str(state)
        for verb in ("check", "verify"):
            told = hosts.command(verb)
            assert told.returncode == 0, told.stdout + told.stderr
    assert not [one.name for folder in (hosts.state, *hosts.others) for one in folder.glob("*.db*")]


def sealed(service: Service) -> int:
    with psycopg.connect(service.url) as connection:
        return connection.execute("SELECT size FROM proof_head").fetchall()[0][0]


def test_a_host_with_a_key_of_its_own_does_not_begin(hosts, tmp_path: Path):
    shutil.copytree(hosts.state, tmp_path / "third", ignore=shutil.ignore_patterns("master.key", "run.lock"))
    third = tmp_path / "third"
    with closing(VaultDatabase(hosts.more["TIAOJIE_VAULT_URL"])) as vault:
        known = SharedErasures(vault).ids()
    make_master_key(third / "master.key")
    hosts.more["TIAOJIE_STATE"] = str(third)
    told = hosts.command("work")

    assert told.returncode != 0
    assert "master" in told.stdout + told.stderr
    with closing(VaultDatabase(hosts.more["TIAOJIE_VAULT_URL"])) as vault:
        assert SharedErasures(vault).ids() == known
