"""Which database and which keys the settings name: opened, looked at, copied, discarded; nothing of the service."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from api.settings import Settings
from application.unfit import NoLedgerHere
from domain.proof.audit import Report
from domain.shared.decider import Entry
from infrastructure.backup import Backups
from infrastructure.beats import since_last_beat
from infrastructure.files.copies import remove_files
from infrastructure.following import Line, follow
from infrastructure.held_keys import KeyPlace, claim
from infrastructure.ledger.feed import HoleInTheFeed, Unreadable
from infrastructure.ledger.schema import prepare
from infrastructure.new_log_key import Replaced, replace_log_key
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from infrastructure.postgres.lending import lent
from infrastructure.privacy.sharing import share as move_in
from infrastructure.projection.read_model import readable
from infrastructure.projection.rebuilding import RebuildUnderWay
from infrastructure.proof import desk
from infrastructure.proof.desk import ProofDesk

DatabaseDown = DidNotStart
"""The embedded PostgreSQL does not come up just now."""
Hole, Unread, readable_page = HoleInTheFeed, Unreadable, readable
Read: TypeAlias = Entry[Any] | Unreadable
BeingMadeAnew = RebuildUnderWay
"""For who reads the whole ledger: a hole in its feed, what can be read and what cannot, and who rebuilds meanwhile."""
NoAnswer = psycopg.OperationalError
"""The database cannot be reached just now."""


@contextmanager
def database(settings: Settings, *, makes: bool = False) -> Iterator[str]:
    """The URL of the ledger's database; the embedded one is started for as long as it is needed.

    Raises NoLedgerHere where there is none, unless it is to be made."""
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        if not makes and not _holds_a_ledger(url):
            raise NoLedgerHere(state=str(settings.state))
        yield url
        return
    embedded = EmbeddedPostgres(settings.state, archive=settings.wal_archive)
    if not makes and not embedded.place.holds_anything:
        raise NoLedgerHere(state=str(settings.state))
    try:
        yield embedded.start()
    finally:
        embedded.stop()


def _holds_a_ledger(url: str) -> bool:
    """Whoever only looks, and names another database than was meant, leaves no tables in it and no keys beside it."""
    with connect(url) as connection:
        return connection.execute("SELECT to_regclass('public.stored_events')").fetchall() != [(None,)]


@contextmanager
def embedded_database(settings: Settings, given_up: Callable[[], bool]) -> Iterator[tuple[Callable[[], str], bool]]:
    """How to make sure that it runs (again and again), and whether it is the embedded one, which then ends with us."""
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        yield lambda: url, False
        return
    embedded = EmbeddedPostgres(settings.state, archive=settings.wal_archive, given_up=given_up)
    try:
        yield embedded.start, True
    finally:
        embedded.stop_whoever_started()


def proof_desk(settings: Settings, url: str) -> ProofDesk:
    """For whoever verifies: nothing else is opened."""
    return ProofDesk(url, keys_of(settings).log_files())


def verify_bundle(settings: Settings, file: Path, key: str | None, checkpoints: Path | None) -> Report:
    """Raises NotProven where there is no key to verify it with, or the checkpoints are none."""
    return desk.verify_bundle(file, key, desk.read_checkpoints(checkpoints), keys_of(settings).log_key)


def backups(settings: Settings) -> Backups:
    return Backups(keys_of(settings), settings.wal_archive)


def another_log_key(settings: Settings, url: str, reason: str, progress: Callable[[int], None]) -> Replaced:
    return replace_log_key(url, keys_of(settings), reason, progress)


def discard(settings: Settings) -> None:
    """The embedded ledger first, and then its keys: what is left where that breaks off is no ledger without keys."""
    embedded = EmbeddedPostgres(settings.state)
    embedded.stop_whoever_started()
    embedded.place.remove()
    keys_of(settings).remove()
    remove_files(settings.state)


def hangs(url: str, process: int, after: float) -> bool:
    """Whether this worker began, and gave no sign for so many seconds. False where the database is away."""
    try:
        age = since_last_beat(url, process)
    except psycopg.Error:
        return False
    return age is not None and age > after


def share(settings: Settings) -> int:
    """How many keys moved into the shared vault. Raises KeysAbsent, VaultHoldsKeys, StoreAway."""
    with closing(keys_of(settings).shared()) as vault:
        return move_in(settings.state, vault)


def keys_of(settings: Settings) -> KeyPlace:
    secrets = settings.master_key, settings.log_key, settings.vault_url
    given = (one.get_secret_value() if one else None for one in secrets)
    return KeyPlace(settings.state, *given)


def connections_lent(url: str) -> int:
    """Raises TooFewConnections."""
    with connect(url) as connection:
        return lent(connection)


def followed(settings: Settings, url: str, after: int, *, to_the_end: bool) -> Generator[Line, None, None]:
    """Raises NoLedgerHere: who only looks makes none."""
    try:
        yield from follow(url, keys_of(settings).master(), after, to_the_end=to_the_end)
    except psycopg.errors.UndefinedTable:
        raise NoLedgerHere(state=str(settings.state)) from None


def begin_anew(url: str) -> None:
    """Throws away everything: only for the embedded ledger, while the demo county was still being made in it."""
    with connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def is_empty(url: str) -> bool:
    """Whether nothing was ever recorded there."""
    prepare(url)
    with connect(url) as connection:
        return connection.execute("SELECT position FROM feed_head").fetchall() == [(0,)]


def prepared(settings: Settings, url: str) -> bool:
    """What `prepare` says. Raises KeysAbsent and OtherKeys: nobody goes on with other keys; LedgerOlderThanSigned:
    nor from an older copy."""
    restricted = prepare(url)
    claim(url, keys_of(settings))
    proof_desk(settings, url).refuse_older()
    return restricted
