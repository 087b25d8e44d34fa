"""删除 How an erasure is carried out once its event is recorded: step after step, each of which may be taken again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from threading import Event, Thread
from time import sleep
from typing import Any, Protocol
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.logs import get_logger
from domain.shared.errors import Unavailable
from infrastructure.privacy.cipher import forget_pairs
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.table_keys import TableKeys, forget_pairs_of_tables
from infrastructure.privacy.vault import Vault
from infrastructure.projection.filling import Progress
from infrastructure.projection.rebuilding import RebuildUnderWay
from infrastructure.read_models.erasures import ErasureTables

log = get_logger("tiaojie.erasing")

SEALED = ("case",)
"""The read models whose tables hold personal text, sealed."""
LOOK = 0.5
"""Seconds until a process notices that another one has erased somebody."""


class ErasureWaits(Unavailable):
    """It is recorded, and not carried out yet: what says so cannot be read just now. `tiaojie projections parked`."""


class Rebuilds(Protocol):
    def catch_up(self) -> int: ...

    def retry(self, model: str | None = None) -> tuple[int, int]: ...

    def rebuild(self, names: Sequence[str] = (), progress: Progress | None = None) -> None: ...


class Erasing:
    """The event is recorded → the list outside of the database → the keys → what was remembered → the tables.

    Whatever ends it in between, the next look begins again with what the events say and the list does not."""

    def __init__(self, pool: ConnectionPool[Any], read_models: Rebuilds, forgetting: Forgetting) -> None:
        self._tables = forgetting.tables
        self._pool, self._read_models, self._forgetting, self._listed = pool, read_models, forgetting, forgetting.listed

    def carry_out(self, progress: Progress | None = None) -> int:
        """How many of them had text in a table until now.

        Raises ErasureWaits, RebuildUnderWay, StoreAway: then the next look does what is left."""
        self._read_models.catch_up()
        _, waiting_behind = self._read_models.retry(ErasureTables.name)
        if new := self._recorded() - self._listed.ids():
            self._listed.add(new, datetime.now(UTC))
        self._forgetting.look()
        if waiting := self._listed.unswept():
            self._forgetting.empty_log()
            self._sweep(progress)
            self._listed.sweep(waiting)
        if waiting_behind:
            raise ErasureWaits
        return len(waiting)

    def carry_out_in_turn(self, progress: Progress | None = None) -> int:
        """Does the same, but first waits for whoever makes the tables anew at this moment."""
        while True:
            try:
                return self.carry_out(progress)
            except RebuildUnderWay:
                sleep(LOOK)

    def check_listed(self, owners: Iterable[UUID]) -> None:
        """Raises ErasureWaits where the key of one of them is not destroyed."""
        if not self._listed.ids() >= set(owners):
            raise ErasureWaits

    def unrecorded(self) -> set[UUID]:
        """Whose keys are destroyed without an event: a restore went back behind it."""
        return self._listed.ids() - self._recorded()

    def _recorded(self) -> set[UUID]:
        with self._pool.connection() as connection:
            return {owner for (owner,) in connection.execute("SELECT owner FROM erasure").fetchall()}

    def _sweep(self, progress: Progress | None) -> None:
        """New tables under a new key, and the old key is destroyed: what the database's log, its standbys and backups
        hold of the old ones opens no more."""
        self._tables.renew()
        self._read_models.rebuild(SEALED, progress)
        self._tables.destroy_earlier()
        log.info("personal text was erased from the read models")


class Forgetting:
    """Destroys in one process what the list says, and remembers nothing of it."""

    def __init__(self, listed: ErasedKeys, vault: Vault, forget: Sequence[Callable[[], None]]) -> None:
        self.listed, self._vault, self.tables = listed, vault, TableKeys(vault)
        self._forget = [*forget, forget_pairs, forget_pairs_of_tables]
        self._seen = 0
        self._again = False
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def also(self, forget: Sequence[Callable[[], None]]) -> None:
        self._forget += forget

    def empty_log(self) -> None:
        """What was destroyed is overwritten in the vault's own log as well. Raises StoreAway."""
        self._vault.empty_log()

    def waiting(self) -> int:
        """How many are destroyed, and still have text in a table."""
        return len(self.listed.unswept())

    def start(self) -> None:
        self.look()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> None:
        """Once more at the next look: what was being read while the key was destroyed may have been kept since."""
        self.tables.forget()
        changed = self.listed.changed_at()
        if changed != self._seen:
            ids = self.listed.ids()
            self.listed.apply(self._vault)
            self._vault.forget(ids)
        elif not self._again:
            return
        for forget in self._forget:
            forget()
        self._again = changed != self._seen
        self._seen = changed

    def _run(self) -> None:
        while not self._stop.wait(LOOK):
            try:
                self.look()
            except Exception as fault:  # the next look tries again, and nothing is served meanwhile that was not before
                log.error("what was erased is not forgotten yet", fault=type(fault).__name__)
