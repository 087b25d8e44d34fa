"""What Patroni and etcd are told: the smallest limits that Patroni allows, and no commit that only one node has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCOPE, DATABASE, ROLE = "tiaojie", "tiaojie", "tiaojie"
TTL = 20
"""Seconds that a leader which says nothing more is taken to live. Patroni takes no smaller number."""
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    postgres: int
    patroni: int
    etcd: int
    peers: int


@dataclass(frozen=True)
class Passwords:
    owner: str
    copying: str
    application: str


CLUSTER: dict[str, Any] = {
    "ttl": TTL,
    "loop_wait": 2,
    "retry_timeout": 5,
    # Whoever was told that something is recorded finds it on the next leader: a commit is answered when a second node
    # has it, and where there is no second node it is not answered.
    "synchronous_mode": True,
    "synchronous_mode_strict": True,
    # A leader whose PostgreSQL died does not try to come up again: the others are there already.
    "primary_start_timeout": 0,
    "postgresql": {
        "use_pg_rewind": True,
        "use_slots": True,
        "parameters": {"max_connections": 100, "wal_keep_size": "256MB", "shared_buffers": "64MB"},
    },
}


def of_patroni(number: int, all_ports: list[Ports], root: Path, programs: Path, passwords: Passwords) -> str:
    """As JSON, which is YAML too."""
    ports = all_ports[number]
    told: dict[str, Any] = {
        "scope": SCOPE,
        "name": name(number),
        "restapi": {"listen": f"{HERE}:{ports.patroni}", "connect_address": f"{HERE}:{ports.patroni}"},
        "etcd3": {"hosts": [f"{HERE}:{one.etcd}" for one in all_ports]},
        "bootstrap": {
            "dcs": CLUSTER,
            "initdb": [
                {"encoding": "UTF8"},
                {"locale-provider": "builtin"},
                {"builtin-locale": "C.UTF-8"},
                {"locale": "C.UTF-8"},
                "data-checksums",
            ],
        },
        "postgresql": {
            "listen": f"{HERE}:{ports.postgres}",
            "connect_address": f"{HERE}:{ports.postgres}",
            "data_dir": str(root / "data"),
            "bin_dir": str(programs),
            "pgpass": str(root / "pgpass"),
            "authentication": {
                "superuser": {"username": "postgres", "password": passwords.owner},
                "replication": {"username": "replicator", "password": passwords.copying},
            },
            "parameters": {"unix_socket_directories": "", "password_encryption": "scram-sha-256"},
            "pg_hba": [
                f"host replication replicator {HERE}/32 scram-sha-256",
                f"host all all {HERE}/32 scram-sha-256",
            ],
        },
    }
    return json.dumps(told, indent=1)


def of_etcd(number: int, all_ports: list[Ports], root: Path) -> list[str]:
    ports = all_ports[number]
    clients, peers = f"http://{HERE}:{ports.etcd}", f"http://{HERE}:{ports.peers}"
    members = ",".join(f"{name(one)}=http://{HERE}:{of.peers}" for one, of in enumerate(all_ports))
    told = {
        "name": name(number),
        "data-dir": str(root / "etcd"),
        "listen-client-urls": clients,
        "advertise-client-urls": clients,
        "listen-peer-urls": peers,
        "initial-advertise-peer-urls": peers,
        "initial-cluster": members,
        "initial-cluster-token": SCOPE,
    }
    return [f"--{option}={value}" for option, value in told.items()]


def name(number: int) -> str:
    return f"node{number + 1}"
