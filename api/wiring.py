"""The composition root: the one place where every layer meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from api.settings import Settings
from api.system import Access, Administering, Deciding, Registers, Standing, System
from api.wiring_boards import read_models, reading
from application.case.replay import Replays
from application.case.service import Cases
from application.escalation.service import Escalations
from application.jurisdiction import Areas, Bodies
from application.office import Officers
from application.privacy import Privacy
from application.referral.service import Referrals
from application.rights import Rights
from application.rules import Rules
from application.sheets.areas import AreaSheets
from application.sheets.bodies import BodySheets
from application.sheets.changes import ChangeSheets
from application.sheets.officers import OfficerSheets
from application.timers import Timers
from domain.proof.audit import Report
from infrastructure.backup import Backups
from infrastructure.calendar import base
from infrastructure.concurrency.garbage import collect_seldom
from infrastructure.concurrency.turns import in_turn
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.feed import StreamReader
from infrastructure.ledger.schema import prepare
from infrastructure.legacy.importing import LegacyImport, Stores
from infrastructure.metrics import Standings, exposed
from infrastructure.passwords import PasswordTable
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.postgres.pool import Readers
from infrastructure.postgres.timeouts import LIMITS
from infrastructure.privacy.cipher import PersonalCipher
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.erasing import Erasing, Forgetting
from infrastructure.privacy.finding import Finding
from infrastructure.privacy.vault import Vault, derived, master_key
from infrastructure.projection.filling import Bench
from infrastructure.projection.projector import Projector
from infrastructure.proof import desk
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from infrastructure.proof.ledger_proofs import LedgerProofs, sealer
from infrastructure.read_models.case import CaseTables
from infrastructure.read_models.escalation import EscalationTables
from infrastructure.read_models.jurisdiction_register import RememberedRegister
from infrastructure.read_models.office import RememberedOffice
from infrastructure.read_models.referral import ReferralTables
from infrastructure.read_models.rules import Book, RememberedBook
from infrastructure.read_models.running_clocks import RunningClocks
from infrastructure.sessions import SessionTable
from infrastructure.wrong_passwords import WrongPasswords

VAULT = "keys.db"
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Wired:
    """Everything, with the parts that only the command line and the worker need."""

    system: System
    ledger: PostgresLedger
    projector: Projector
    passwords: PasswordTable
    proof: LedgerProofs
    legacy: LegacyImport
    erasing: Erasing
    finding: Finding
    tidying: Sequence[Callable[[], None]]
    """What throws away what is of no more use: sessions that ended long ago, wrong passwords of yesterday."""


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the ledger's database; the embedded one is started for as long as it is needed."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
        return
    embedded = EmbeddedPostgres(settings.state, archive=settings.wal_archive)
    try:
        yield embedded.start()
    finally:
        embedded.stop()


@contextmanager
def embedded_database(settings: Settings) -> Iterator[tuple[Callable[[], str], bool]]:
    """How to make sure that it runs (again and again), and whether it is the embedded one, which then ends with us."""
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        yield lambda: url, False
        return
    embedded = EmbeddedPostgres(settings.state, archive=settings.wal_archive)
    try:
        yield embedded.start, True
    finally:
        embedded.stop_whoever_started()


def proof_desk(settings: Settings, url: str) -> ProofDesk:
    """For whoever verifies: nothing else is opened."""
    return ProofDesk(url, settings.state)


def verify_bundle(settings: Settings, file: Path, key: str | None, checkpoints: Path | None) -> Report:
    """Raises NotProven where there is no key to verify it with, or the checkpoints are none."""
    return desk.verify_bundle(file, key, desk.read_checkpoints(checkpoints), settings.state)


def backups(settings: Settings) -> Backups:
    return Backups(settings.state, settings.wal_archive, _master(settings))


def _master(settings: Settings) -> bytes:
    given = settings.master_key.get_secret_value() if settings.master_key else None
    return master_key(given, settings.state / "master.key")


def begin_anew(url: str) -> None:
    """Throws away everything: only for the embedded ledger, while the demo county was still being made in it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def is_empty(url: str) -> bool:
    """Whether nothing was ever recorded there."""
    prepare(url)
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT position FROM feed_head").fetchall() == [(0,)]


def prepared(settings: Settings, url: str) -> bool:
    """What `prepare` says. Raises LedgerOlderThanSigned: nobody goes on from an older copy."""
    restricted = prepare(url)
    proof_desk(settings, url).refuse_older()
    return restricted


@contextmanager
def _opened_ledger(
    settings: Settings, url: str, restricted: bool, clock: Clock = utc_now
) -> Iterator[tuple[PostgresLedger, PersonalCipher, Forgetting]]:
    collect_seldom()
    master = _master(settings)
    vault, listed = Vault(settings.state / VAULT, master), ErasedKeys(settings.state / "erasures.db")
    cipher = PersonalCipher(vault, master)
    ledger = PostgresLedger(url, cipher, clock, restricted=restricted)
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
    opened = _opened_ledger(settings, url, restricted, clock)
    with opened as (ledger, cipher, forgetting), Readers(url, restricted=restricted) as pool:
        files, master = LogFiles.of(settings.state), _master(settings)
        proof = LedgerProofs(pool, files, sealer(url, files, restricted=restricted).seal)
        connect = ledger.datastore.connect
        legacy = LegacyImport(Stores(url, settings.state / VAULT, master, ledger.recorder, connect, restricted))
        sessions = SessionTable(pool, derived(master, "session"), settings.session_hours)
        wrong = WrongPasswords(pool, derived(master, "wrong-password"))
        passwords = PasswordTable(pool, wrong)
        for table in (passwords, sessions, wrong):
            table.prepare(url)
        stores = _Stores(url, ledger, pool, cipher, sessions, passwords, proof, legacy, forgetting)
        try:
            yield _build(settings, stores, clock, [sessions.forget, wrong.forget])
        finally:
            passwords.close()


@contextmanager
def workshop(settings: Settings, url: str) -> Iterator[Bench]:
    """What a process of its own works with that helps to fill read models."""
    with _opened_ledger(settings, url, prepare(url)) as (ledger, cipher, _), psycopg.connect(url, **LIMITS) as reading:
        yield Bench(url, StreamReader(reading, ledger.coder), read_models(ledger, cipher))


def _projector(settings: Settings, stores: _Stores) -> Projector:
    models = read_models(stores.ledger, stores.cipher)
    remembering = CaseTables | ReferralTables | EscalationTables
    stores.forgetting.also([one.forget for one in models if isinstance(one, remembering)])
    projector = Projector(stores.ledger, stores.pool, models, stores.url, partial(workshop, settings, stores.url))
    projector.prepare()
    return projector


@dataclass
class _Stores:
    url: str
    ledger: PostgresLedger
    pool: Readers
    cipher: PersonalCipher
    sessions: SessionTable
    passwords: PasswordTable
    proof: LedgerProofs
    legacy: LegacyImport
    forgetting: Forgetting


def _administering(ledger: PostgresLedger, register: RememberedRegister, sessions: SessionTable) -> Administering:
    return Administering(
        areas=Areas(ledger, register),
        bodies=Bodies(ledger),
        officers=Officers(ledger, sessions),
        rules=Rules(ledger),
        sheets=AreaSheets(ledger, register),
        changes=ChangeSheets(ledger, register),
        body_sheets=BodySheets(ledger, register),
        officer_sheets=OfficerSheets(ledger, register),
    )


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


def _standing(ledger: PostgresLedger, projector: Projector, clocks: RunningClocks) -> Standing:
    return Standing(
        ledger=ledger,
        wait=projector.wait,
        catch_up=projector.catch_up,
        status=projector.status,
        check_whole=projector.check_whole,
        is_parked=projector.is_parked,
        metrics=partial(exposed, Standings(projector.status, projector.parked, ledger.head, clocks.overdue)),
    )


def _build(settings: Settings, stores: _Stores, clock: Clock, tidying: Sequence[Callable[[], None]]) -> Wired:
    ledger, pool = stores.ledger, stores.pool
    projector = _projector(settings, stores)
    register, office = RememberedRegister(pool), RememberedOffice(pool)
    rights, clocks = Rights(register, office), RunningClocks(pool)
    cases = Cases(ledger, register, rights, RememberedBook(pool, register, base))
    system = System(
        deciding=_deciding(stores, cases, rights, clocks, projector),
        administering=_administering(ledger, register, stores.sessions),
        reading=reading(pool, stores.cipher, cases, register, ledger, stores.proof),
        registers=Registers(register=register, office=office, rule_book=Book(pool, register, base)),
        access=Access(passwords=stores.passwords, sessions=stores.sessions, rights=rights),
        standing=_standing(ledger, projector, clocks),
        now=clock,
    )
    erasing = Erasing(pool, projector, stores.forgetting)
    return Wired(
        system, ledger, projector, stores.passwords, stores.proof, stores.legacy, erasing, Finding(ledger), tidying
    )
