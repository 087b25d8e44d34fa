"""What unwraps the keys of persons: 32 bytes, from the environment or from a file of the state folder."""

from __future__ import annotations

import os
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.logs import get_logger
from application.unfit import KeysAbsent, KeysDamaged

log = get_logger("tiaojie.vault")

FILE = "master.key"


def master_key(given: str | None, file: Path) -> bytes:
    """As it is. Raises KeysDamaged, and KeysAbsent: only a ledger in which nothing stands yet is given a new one."""
    if given:
        return _checked(b64decode(given))
    if not file.exists():
        raise KeysAbsent(absent=[FILE])
    with undamaged(FILE):
        return _checked(b64decode(file.read_bytes()))


@contextmanager
def undamaged(name: str) -> Iterator[None]:
    """For whoever opens a file of keys. What cannot be read just now, locked or away, is not damaged.
    Raises KeysDamaged."""
    try:
        yield
    except sqlite3.OperationalError:
        raise
    except (ValueError, sqlite3.DatabaseError):
        raise KeysDamaged(damaged=[name]) from None


def make_master_key(file: Path) -> None:
    """Where there is none."""
    if not file.exists():
        write_private(file, b64encode(AESGCM.generate_key(256)))
        log.warning("a master key was made: back it up; without it no personal field can be read", file=file.name)


def write_private(file: Path, content: bytes) -> None:
    """Whole or not at all; the first of several processes wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        log.info("another process made it just now", file=file.name)
    draft.unlink()


def random_id() -> bytes:
    """Sixteen bytes that nothing else has."""
    return os.urandom(16)


def _checked(key: bytes) -> bytes:
    if len(key) != 32:
        raise ValueError("the master key is 32 bytes in base64")
    return key


def mark_key(master: bytes) -> bytes:
    """Of the marks that events carry: whoever can read what is personal can record."""
    return derived(master, "event-mark")


def derived(master: bytes, purpose: str) -> bytes:
    """A key for one purpose: knowing it tells nothing of the others."""
    return blake2b(purpose.encode(), key=master, digest_size=32).digest()
