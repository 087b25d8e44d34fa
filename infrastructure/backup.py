"""Backup and restore: what is copied together, what is kept apart, and how a restore begins another epoch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from psycopg.rows import dict_row

from application.logs import get_logger
from application.unfit import KeysAbsent
from domain.proof.audit import Report
from infrastructure.files.copies import copy_files, files_put_back
from infrastructure.held_keys import VAULT, KeyPlace, claim
from infrastructure.ledger.marks import begin_marks
from infrastructure.ledger.schema import prepare
from infrastructure.postgres.archive import NoSuchMoment
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.copies import CopyFailed, copy_cluster, put_back
from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from infrastructure.privacy.erasing import SEALED
from infrastructure.privacy.key_copies import AnotherMaster, check_master, copy_keys, keys_put_back
from infrastructure.privacy.table_keys import TableKeys
from infrastructure.projection.read_model import forget_tables
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from infrastructure.proof.ledger_proofs import sealer
from infrastructure.proof.recorded import Reading
from infrastructure.proof.sealer import Forked, last_signed
from infrastructure.sessions import end_every_session

log = get_logger("tiaojie.backup")


class NotDone(SystemExit):
    """The copy was not taken, or not put in place; the text says why."""


@contextmanager
def _or_told_why() -> Iterator[None]:
    try:
        yield
    except (CopyFailed, NoSuchMoment, DidNotStart, Forked, AnotherMaster) as fault:
        raise NotDone(f"{type(fault).__name__}: {fault}") from None


class Backups:
    """Backs up and restores the ledger of one state folder. Each of its methods may raise NotDone."""

    def __init__(self, keys: KeyPlace, archive: Path | None) -> None:
        self._keys, self._state, self._archive = keys, keys.state, archive

    def take(self, url: str, folder: Path) -> None:
        """Copies the embedded database first, the keys and the files after it: no event is without them."""
        with _or_told_why():
            copy_cluster(url, self._embedded().place, folder)
        self.take_keys(folder)
        copy_files(self._state, folder)

    def refuse_absent_keys(self) -> None:
        """A copy of a folder that has none would be taken for a backup. Raises KeysAbsent."""
        if not (self._keys.vault_url or (self._state / VAULT).exists()):
            raise KeysAbsent(absent=[VAULT])

    def take_keys(self, folder: Path) -> None:
        """None of a vault that several hosts share: it has a backup of its own, apart from this one."""
        if not self._keys.vault_url:
            copy_keys(self._state, folder)

    @contextmanager
    def put_in_place(self, folder: Path, to: str | None) -> Iterator[str]:
        """The embedded cluster and the keys of a backup; its URL, while it is looked at."""
        embedded = self._embedded()
        try:
            with _or_told_why():
                check_master(folder, self._keys.master())
                url = put_back(embedded, folder, to, self._archive)
            if not self._keys.vault_url:
                keys_put_back(self._state, folder)
            files_put_back(self._state, folder)
            yield url
        finally:
            embedded.stop()

    def begin_epoch(self, url: str) -> Report:
        """Erased is erased again, another epoch begins, and all of it is verified: only then may it be served."""
        with closing(self._keys.vault()) as vault:
            self._keys.erasures().apply(vault)
            tables = TableKeys(vault)
            tables.renew()
            tables.destroy_earlier()
        forget_tables(url, SEALED)
        with _or_told_why():
            return begin_epoch(url, self._keys)

    def _embedded(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self._state, archive=self._archive)


def begin_epoch(url: str, keys: KeyPlace) -> Report:
    """What is there now is the beginning of another epoch, and is signed for as such. Then all of it is verified."""
    restricted = prepare(url)
    claim(url, keys)
    with connect(url) as connection:
        begin_marks(connection, keys.mark_key())
    files = keys.log_files()
    number, after = _recorded_epoch(url, files)
    sealer(url, files, keys.mark_key(), restricted=restricted).begin_epoch()
    log.warning("a new epoch begins", epoch=number, after=after)
    return ProofDesk(url, files).verify([], lambda done: None)


def _recorded_epoch(url: str, files: LogFiles) -> tuple[int, int]:
    """One that was recorded and not signed for yet, because that broke off, is taken up again."""
    with connect(url, row_factory=dict_row) as connection, connection.cursor() as cursor:
        after = int(cursor.execute("SELECT position FROM feed_head FOR UPDATE").fetchall()[0]["position"])
        reading = Reading(cursor)
        last = last_signed(reading.ledger, files.kept, files.key)
        signed = last.epoch if last else 1
        if reading.epochs.now > signed:
            return reading.epochs.now, reading.epochs.since
        number = signed + 1
        cursor.execute("INSERT INTO epoch VALUES (%s, %s)", [number, after])
        cursor.execute("UPDATE ledger SET epoch = %s", [number])
        end_every_session(connection)
    return number, after
