"""The leader of three nodes dies twice, hands over once, vanishes with its machine, and at last hangs, under load."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import psycopg
import pytest
from pydantic import SecretStr

from api.settings import Settings
from api.wiring_ledgers import share
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.postgres.timeouts import PATIENCE
from tests.api.conftest import open_county
from tests.faults.client import Client
from tests.faults.failover.cluster import Cluster, cluster
from tests.faults.failover.gaps import Success, longest
from tests.faults.failover.readers import Reader, reading
from tests.faults.failover.settings import TTL
from tests.faults.service import Service, keeping
from tests.faults.test_kills import Witness, assert_read_models_are_those_of_a_rebuild, at_work, judge, recorded
from tests.patience import eventually

CLIENTS = 6
WITHIN = 20.0
"""Seconds until everything is recorded again, where a leader died or hands over."""
OF_A_MACHINE = TTL + 10.0
"""Where the machine is gone, nobody is there to say so: the others wait until its lease has run out, and no lease is
shorter than `TTL`. Its member of etcd is gone too: if that one led, the others agree on the next (two seconds) and
count the lease anew. Then etcd notices the end (half a second), Patroni looks (two), the next leader leaves its
recovery, and we find it."""
OF_A_HANG = TTL + PATIENCE + 5.0
"""Where it takes connections and says nothing, TCP sees no fault. Who had asked it something waits as long as a server
may take for that, and others may wait behind them."""
GRAIN = 1.0
"""Seconds that a list may be away longer than what is recorded: of what both wait for, each sees the end up to a pause
of its client and a round of reconnecting later than the other."""


@dataclass(frozen=True)
class Figure:
    what: str
    within: float
    writes: float
    lists: float
    hangs: bool = False
    """Then what is read is waited for longer than what is recorded."""

    def __str__(self) -> str:
        return f"{self.what}: nothing recorded for {self.writes:.1f} s, no list for {self.lists:.1f} s"

    def faults(self) -> list[str]:
        slow = [f"{self.what}: it took longer than {self.within:.0f} s"]
        late = [f"{self.what}: lists were away longer ({self.lists:.1f} s) than writes ({self.writes:.1f} s)"]
        allowed = self.within if self.hangs else self.writes + GRAIN
        return slow * (self.writes > self.within) + late * (self.lists > allowed)


@dataclass
class Drill:
    database: Cluster
    service: Service
    clients: Sequence[Client]
    readers: Sequence[Reader]

    def writes(self) -> list[Success]:
        return [Success(one.at, one.port) for client in self.clients for one in list(client.sent) if one.receipt]

    def lists(self) -> list[Success]:
        return [answered for one in self.readers for answered in list(one.answered)]

    def answers_again(self) -> None:
        """Each server has recorded and shown something that was asked for later than now."""
        since = time.monotonic()
        for told in (self.writes, self.lists):
            eventually(partial(self._each_answered, told, since))

    def _each_answered(self, told: Callable[[], list[Success]], since: float) -> bool:
        return {one.port for one in told() if one.at > since} == {*self.service.ports}

    def during(self, what: str, within: float, deed: Callable[[], None], hangs: bool = False) -> Figure:
        """Until all three nodes are there again, and one of the others has all."""
        eventually(lambda: self.database.whole)
        self.answers_again()
        before, begin = self.database.leader, time.monotonic()
        deed()
        self.answers_again()
        for one in self.database.nodes:
            one.switch_on()
        eventually(lambda: self.database.whole)
        end = time.monotonic()
        self.answers_again()
        assert self.database.leader is not before
        ports = self.service.ports
        writes, lists = (longest(told(), ports, begin, end) for told in (self.writes, self.lists))
        return Figure(what, within, writes, lists, hangs)

    def figures(self) -> Iterator[Figure]:
        leader = self.database
        yield self.during("first kill of the leader", WITHIN, lambda: leader.leader.kill())
        yield self.during("second kill of the leader", WITHIN, lambda: leader.leader.kill())
        yield self.during("switchover", WITHIN, leader.hand_over)
        yield self.during("the leader's machine is gone", OF_A_MACHINE, lambda: leader.leader.switch_off())
        yield self.during("the leader's machine hangs", OF_A_HANG, lambda: leader.leader.hang(), hangs=True)


@contextmanager
def prepared(folder: Path) -> Iterator[tuple[Cluster, Service]]:
    """Two hosts with a vault that they share, each with a server and a worker, on the three nodes."""
    state, second, vault = folder / "state", folder / "second", EmbeddedPostgres(folder / "vault")
    state.mkdir()
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        database = stack.enter_context(cluster(folder))
        stack.callback(vault.place.remove)
        stack.callback(vault.stop)
        service = Service(database, state, database.url())
        stack.callback(service.end)
        with open_county(service.url, state, datetime.now(UTC)):
            pass
        settings = {"TIAOJIE_VAULT_URL": vault.start(), "TIAOJIE_READ_URL": database.url("prefer-standby")}
        share(Settings(state=state, vault_url=SecretStr(settings["TIAOJIE_VAULT_URL"])))
        shutil.copytree(
            state, second, ignore=lambda *_: {one.name for one in state.iterdir()} - {"master.key", "log.key"}
        )
        patch.setenv("TIAOJIE_VAULT_URL", settings["TIAOJIE_VAULT_URL"])
        service.others, service.more = [second], settings
        yield database, service


def drilled(folder: Path, chance: Random, tell: Callable[[str], None]) -> list[str]:
    """What is wrong with how long it took. What is lost or doubled raises AssertionError."""
    faults = list[str]()
    with prepared(folder) as (database, service):
        witness = Witness(service.ports, Random(chance.random()))
        with keeping(service), witness:
            with at_work(service, CLIENTS, chance) as clients, reading(service.ports) as readers:
                begun = {name: one.pid for name, one in service.parts.items()}
                for figure in Drill(database, service, clients, readers).figures():
                    tell(str(figure))
                    faults += figure.faults()
            eventually(lambda: sealed(service) == len(recorded(service)))
            assert {name: one.pid for name, one in service.parts.items()} == begun, "a part of ours has ended"
        service.end()
        witness.judge()
        whole(service, clients, readers)
        told = sum(len(one.sent) for one in clients), sum(len(one.answered) for one in readers)
        tell(f"{told[0]} commands, each of them once in the ledger; {told[1]} lists, none older than one before")
    return faults


def sealed(service: Service) -> int:
    with psycopg.connect(service.url) as connection:
        return int(connection.execute("SELECT size FROM proof_head").fetchall()[0][0])


def whole(service: Service, clients: Sequence[Client], readers: Sequence[Reader]) -> None:
    judge(service, [one for client in clients for one in client.sent])
    assert [one.back for one in readers] == [[]] * len(readers)
    assert_read_models_are_those_of_a_rebuild(service)
    for state in (service.state, *service.others):
        service.more["TIAOJIE_STATE"] = str(state)
        for verb in ("check", "verify"):
            told = service.command(verb)
            assert told.returncode == 0, told.stdout + told.stderr
