"""The composition root: the one place where every layer meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from api.settings import Settings
from api.system import Access, Deciding, Registers, System
from api.wiring_boards import read_models, reading
from api.wiring_groups import administering, standing
from api.wiring_logins import Logins, logins
from application.case.replay import Replays
from application.case.service import Cases
from application.escalation.service import Escalations
from application.privacy import Privacy
from application.referral.service import Referrals
from application.rights import Rights
from application.timers import Timers
from application.unfit import NoLedgerHere
from domain.proof.audit import Report
from domain.shared.decider import Entry
from infrastructure.backup import Backups
from infrastructure.beats import Beats, since_last_beat
from infrastructure.calendar import base
from infrastructure.concurrency.garbage import collect_seldom
from infrastructure.concurrency.turns import in_turn
from infrastructure.held_keys import KeyPlace, claim
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.feed import HoleInTheFeed, StreamReader, Unreadable
from infrastructure.ledger.schema import prepare
from infrastructure.legacy.importing import LegacyImport, Stores
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from infrastructure.postgres.lending import MANY, lent, size_of_pools
from infrastructure.postgres.pool import Readers
from infrastructure.privacy.cipher import PersonalCipher
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.erasing import Erasing, Forgetting
from infrastructure.privacy.finding import Finding
from infrastructure.projection.filling import Bench
from infrastructure.projection.projector import Projector
from infrastructure.projection.read_model import readable
from infrastructure.projection.rebuilding import RebuildUnderWay
from infrastructure.proof import desk
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.ledger_proofs import LedgerProofs, sealer
from infrastructure.read_models.case import CaseTables
from infrastructure.read_models.escalation import EscalationTables
from infrastructure.read_models.jurisdiction_register import RememberedRegister
from infrastructure.read_models.office import RememberedOffice
from infrastructure.read_models.referral import ReferralTables
from infrastructure.read_models.rules import Book, RememberedBook
from infrastructure.read_models.running_clocks import RunningClocks

Clock = Callable[[], datetime]
DatabaseDown = DidNotStart
"""The embedded PostgreSQL does not come up just now."""
Hole, Unread, readable_page = HoleInTheFeed, Unreadable, readable
Read: TypeAlias = Entry[Any] | Unreadable
BeingMadeAnew = RebuildUnderWay
"""For who reads the whole ledger: a hole in its feed, what can be read and what cannot, and who rebuilds meanwhile."""
NoAnswer = psycopg.OperationalError
"""The database cannot be reached just now."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Wired:
    """Everything, with the parts that only the command line and the worker need."""

    system: System
    beats: Beats
    ledger: PostgresLedger
    projector: Projector
    logins: Logins
    proof: LedgerProofs
    legacy: LegacyImport
    erasing: Erasing
    finding: Finding


@contextmanager
def database(settings: Settings, *, makes: bool = False) -> Iterator[str]:
    """The URL of the ledger's database; the embedded one is started for as long as it is needed.

    Raises NoLedgerHere where there is none, unless it is to be made."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
        return
    embedded = EmbeddedPostgres(settings.state, archive=settings.wal_archive)
    if not makes and not embedded.place.holds_a_cluster:
        raise NoLedgerHere(state=str(settings.state))
    try:
        yield embedded.start()
    finally:
        embedded.stop()


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


def discard(settings: Settings) -> None:
    """The embedded ledger first, and then its keys: what is left where that breaks off is no ledger without keys."""
    embedded = EmbeddedPostgres(settings.state)
    embedded.stop_whoever_started()
    embedded.place.remove()
    keys_of(settings).remove()


def hangs(url: str, process: int, after: float) -> bool:
    """Whether this worker began, and gave no sign for so many seconds. False where the database is away."""
    try:
        age = since_last_beat(url, process)
    except psycopg.Error:
        return False
    return age is not None and age > after


def keys_of(settings: Settings) -> KeyPlace:
    given = (one.get_secret_value() if one else None for one in (settings.master_key, settings.log_key))
    return KeyPlace(settings.state, *given)


def connections_lent(url: str) -> int:
    """Raises TooFewConnections."""
    with connect(url) as connection:
        return lent(connection)


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


@contextmanager
def _opened_ledger(
    settings: Settings, url: str, restricted: bool, pool: int, clock: Clock = utc_now
) -> Iterator[tuple[PostgresLedger, PersonalCipher, Forgetting]]:
    collect_seldom()
    keys = keys_of(settings)
    vault, listed = keys.vault(), ErasedKeys(settings.state / "erasures.db")
    cipher = PersonalCipher(vault, keys.master())
    ledger = PostgresLedger(url, cipher, clock, restricted=restricted, pool=pool)
    forgetting = Forgetting(listed, vault, [ledger.forget])
    forgetting.start()
    try:
        yield ledger, cipher, forgetting
    finally:
        forgetting.stop()
        ledger.close()
        vault.close()


@contextmanager
def wired(settings: Settings, url: str, clock: Clock = utc_now) -> Iterator[Wired]:
    restricted = prepared(settings, url)
    most = connections_lent(url)
    size = size_of_pools(most, settings.processes)
    opened = _opened_ledger(settings, url, restricted, size, clock)
    with opened as (ledger, cipher, forgetting), Readers(url, restricted=restricted, size=size) as pool:
        ledger.open_line()
        keys = keys_of(settings)
        files = keys.log_files()
        proof = LedgerProofs(pool, files, sealer(url, files, restricted=restricted).seal)
        connect = ledger.datastore.connect
        legacy = LegacyImport(Stores(url, keys, ledger.recorder, connect, restricted))
        with logins(settings, url, pool, keys.master()) as tables:
            stores = _Stores(url, most, ledger, pool, cipher, tables, proof, legacy, forgetting)
            yield _build(settings, stores, clock)


@contextmanager
def workshop(settings: Settings, url: str) -> Iterator[Bench]:
    """What a process of its own works with that helps to fill read models."""
    with _opened_ledger(settings, url, prepare(url), 1) as (ledger, cipher, _), connect(url) as reading:
        yield Bench(url, StreamReader(reading, ledger.coder), read_models(ledger, cipher))


def _projector(settings: Settings, stores: _Stores) -> Projector:
    models = read_models(stores.ledger, stores.cipher)
    remembering = CaseTables | ReferralTables | EscalationTables
    stores.forgetting.also([one.forget for one in models if isinstance(one, remembering)])
    helped = partial(workshop, settings, stores.url) if stores.lent >= MANY else None
    projector = Projector(stores.ledger, stores.pool, models, stores.url, helped)
    projector.prepare()
    return projector


@dataclass
class _Stores:
    url: str
    lent: int
    """Connections, by the server."""
    ledger: PostgresLedger
    pool: Readers
    cipher: PersonalCipher
    logins: Logins
    proof: LedgerProofs
    legacy: LegacyImport
    forgetting: Forgetting


def _deciding(stores: _Stores, cases: Cases, rights: Rights, clocks: RunningClocks, projector: Projector) -> Deciding:
    ledger = stores.ledger
    referrals, escalations = Referrals(ledger, cases), Escalations(ledger, cases)
    return Deciding(
        cases=cases,
        referrals=referrals,
        escalations=escalations,
        replays=Replays(cases, referrals, escalations),
        timers=Timers(ledger, cases, referrals, escalations, clocks, projector.catch_up),
        privacy=Privacy(ledger, cases),
        in_turn=in_turn,
        acting=rights.acting,
        keyed_hash=stores.cipher.keyed_hash,
    )


def _build(settings: Settings, stores: _Stores, clock: Clock) -> Wired:
    ledger, pool = stores.ledger, stores.pool
    projector = _projector(settings, stores)
    register, office = RememberedRegister(pool), RememberedOffice(pool, ledger)
    rights, clocks, beats = Rights(register, office), RunningClocks(pool), Beats(pool)
    cases = Cases(ledger, register, rights, RememberedBook(pool, register, base))
    system = System(
        deciding=_deciding(stores, cases, rights, clocks, projector),
        administering=administering(ledger, register, stores.logins.sessions),
        reading=reading(pool, stores.cipher, cases, register, ledger, stores.proof),
        registers=Registers(register=register, office=office, rule_book=Book(pool, register, base)),
        access=Access(passwords=stores.logins.passwords, sessions=stores.logins.sessions, rights=rights),
        standing=standing(ledger, projector, clocks, beats, settings.state),
        now=clock,
    )
    erasing = Erasing(pool, projector, stores.forgetting)
    return Wired(system, beats, ledger, projector, stores.logins, stores.proof, stores.legacy, erasing, Finding(ledger))
