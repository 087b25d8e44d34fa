"""Three nodes on loopback, of which Patroni makes one the leader; and what somebody asks of them."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import sample
from threading import Event, Thread
from typing import Any

import httpx2
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure.postgres.embedded import NEVER_OUTGOING
from tests.faults.failover.node import Node
from tests.faults.failover.settings import DATABASE, HERE, ROLE, Passwords, Ports
from tests.patience import PATIENCE, eventually

NODES = 3


class Cluster:
    """In the place of the one server that a `Service` starts: its nodes are kept by a thread of their own."""

    def __init__(self, folder: Path) -> None:
        self.passwords = Passwords(*(secrets.token_hex(12) for _ in range(3)))
        ports = free_ports(4 * NODES)
        self.ports = [Ports(*ports[4 * one : 4 * one + 4]) for one in range(NODES)]
        self.nodes = [Node(one, folder, self.ports, self.passwords) for one in range(NODES)]
        self._ended = Event()
        self._keeper = Thread(target=self._keep, daemon=True)

    pid: int | None = None
    """Of its one process, for `Service.kill`: there is none."""

    def start(self) -> str:
        return self.url()

    def url(self, wished: str = "read-write") -> str:
        hosts = ",".join(f"{HERE}:{one.postgres}" for one in self.ports)
        whom = f"target_session_attrs={wished}&connect_timeout=2"
        return f"postgresql://{ROLE}:{self.passwords.application}@{hosts}/{DATABASE}?{whom}"

    def begin(self) -> None:
        for one in self.nodes:
            one.switch_on()
        self._keeper.start()
        eventually(lambda: self.whole)
        self._make_database()

    def _keep(self) -> None:
        while not self._ended.wait(0.1):
            for one in self.nodes:
                one.keep()

    def _make_database(self) -> None:
        """For a role that may do no more than docs/operations.md asks for."""
        leader = self.ports[self.nodes.index(self.leader)].postgres
        owner = make_conninfo(host=HERE, port=leader, user="postgres", password=self.passwords.owner, dbname="postgres")
        role = sql.Identifier(ROLE)
        with psycopg.connect(owner, autocommit=True) as connection:
            word = sql.Literal(self.passwords.application)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}").format(role, word))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role))

    def told_by(self, ports: Ports) -> list[dict[str, Any]]:
        """Who leads and who follows, as one node knows it."""
        with suppress(httpx2.TransportError, ValueError):
            return list(httpx2.get(f"http://{HERE}:{ports.patroni}/cluster", timeout=5, verify=False).json()["members"])
        return []

    @property
    def whole(self) -> bool:
        """One leads, the others follow it, one of them has all that was answered, and all three say so: one that had
        died may know only what was."""
        told = [sorted((one["role"], one["state"], one["name"]) for one in self.told_by(ports)) for ports in self.ports]
        roles = [one[:2] for one in told[0]]
        wanted = [("leader", "running"), ("replica", "streaming"), ("sync_standby", "streaming")]
        return roles == wanted and told[0] == told[1] == told[2]

    @property
    def leader(self) -> Node:
        return self._who_is("leader")

    def _who_is(self, role: str) -> Node:
        """Where it is whole."""
        (found,) = (one["name"] for one in self.told_by(self.ports[0]) if one["role"] == role)
        return next(one for one in self.nodes if one.name == found)

    def hand_over(self) -> None:
        """What `patronictl switchover` asks of the leader: to lead no more, in favour of the one that has all."""
        leader, candidate = self.leader, self._who_is("sync_standby")
        told = httpx2.post(
            f"http://{HERE}:{leader.ports.patroni}/switchover",
            json={"leader": leader.name, "candidate": candidate.name},
            timeout=PATIENCE,
        )
        assert told.status_code == 200, told.text

    def end(self) -> None:
        self._ended.set()
        if self._keeper.is_alive():
            self._keeper.join(PATIENCE)
        for one in self.nodes:
            one.remove()


def free_ports(count: int) -> list[int]:
    """Below those that the system gives to outgoing connections: one of them could have it while a node is off."""
    found = list[int]()
    for port in sample(NEVER_OUTGOING, len(NEVER_OUTGOING)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HERE, port))
            found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no free ports")


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder)
    try:
        made.begin()
        yield made
    finally:
        made.end()
