"""The composition root: the one place where every layer meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import disk_usage

from api.settings import Settings
from api.system import Access, Administering, Deciding, Registers, Standing, System
from api.version import VERSION
from api.wiring_boards import publishing, read_models, reading, sweep_work
from api.wiring_files import binder, case_files, papers, sweeping
from api.wiring_ledgers import connections_lent, keys_of, prepared
from api.wiring_logins import Logins, logins
from application.case.composites import Composites
from application.case.replay import Replays
from application.case.service import Cases
from application.escalation.service import Escalations
from application.jurisdiction import Areas, Bodies
from application.jurisdiction_mergers import BodyMergers
from application.office import Officers
from application.privacy import Privacy
from application.referral.service import Referrals
from application.rights import Rights
from application.rules import Rules
from application.sheets.areas import AreaSheets
from application.sheets.bodies import BodySheets
from application.sheets.changes import ChangeSheets
from application.sheets.officers import OfficerSheets
from application.signal.service import Signals
from application.timers import Timers
from infrastructure.beats import Beats
from infrastructure.calendar import base
from infrastructure.concurrency.garbage import collect_seldom
from infrastructure.concurrency.turns import in_turn
from infrastructure.files.sweeping import Sweeping
from infrastructure.leases import Lease, Leased
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.feed import StreamReader
from infrastructure.ledger.schema import prepare
from infrastructure.legacy.importing import LegacyImport, Stores
from infrastructure.metrics import Asked as AskedForFigures
from infrastructure.metrics import Standings, exposed
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.lending import MANY, size_of_pools
from infrastructure.postgres.pool import Readers
from infrastructure.postgres.standby import FromStandby
from infrastructure.privacy.cipher import PersonalCipher
from infrastructure.privacy.erasing import Erasing, Forgetting
from infrastructure.privacy.finding import Finding
from infrastructure.projection.filling import Bench
from infrastructure.projection.projector import Projector
from infrastructure.proof.ledger_proofs import LedgerProofs, sealer
from infrastructure.read_models.jurisdiction_register import RememberedRegister
from infrastructure.read_models.jurisdiction_work import DeskLists
from infrastructure.read_models.office import RememberedOffice
from infrastructure.read_models.rules import Book, RememberedBook
from infrastructure.read_models.running_clocks import RunningClocks
from infrastructure.traffic import HttpTraffic
from infrastructure.workbooks import unfolded_bytes

Clock = Callable[[], datetime]


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
    sealing: Leased
    legacy: LegacyImport
    erasing: Erasing
    finding: Finding
    sweeping: Sweeping


@contextmanager
def _opened_ledger(
    settings: Settings, url: str, restricted: bool, pool: int, clock: Clock = utc_now
) -> Iterator[tuple[PostgresLedger, PersonalCipher, Forgetting]]:
    collect_seldom()
    keys = keys_of(settings)
    vault, listed = keys.vault(), keys.erasures()
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
        proof = LedgerProofs(pool, files, sealer(url, files, cipher.mark_key, restricted=restricted).seal)
        connect = ledger.datastore.connect
        legacy = LegacyImport(Stores(url, keys, ledger.recorder, connect, restricted))
        tables = logins(settings, url, pool, cipher.vault, keys.master(), ledger, forgetting.tables)
        with tables as logging_in, _lists(settings, pool, restricted, size) as lists:
            stores = _Stores(url, most, ledger, pool, lists, cipher, logging_in, proof, legacy, forgetting)
            yield _build(settings, stores, clock)


@contextmanager
def _lists(settings: Settings, leader: Readers, restricted: bool, size: int) -> Iterator[Readers]:
    """From where lists and figures are read."""
    if settings.read_url is None:
        yield leader
        return
    url = settings.read_url.get_secret_value()
    with FromStandby(url, leader, restricted=restricted, size=size) as standby:
        yield standby


def _waiting(projector: Projector, lists: Readers, position: int) -> int:
    """Whoever waited for a position sees it, from whichever server their list comes."""
    reached = projector.wait(position)
    if isinstance(lists, FromStandby):
        lists.shown(reached)
    return reached


@contextmanager
def workshop(settings: Settings, url: str) -> Iterator[Bench]:
    """What a process of its own works with that helps to fill read models."""
    with _opened_ledger(settings, url, prepare(url), 1) as (ledger, _, forgetting), connect(url) as reading:
        yield Bench(url, StreamReader(reading, ledger.coder), read_models(ledger, forgetting.tables))


def _projector(settings: Settings, stores: _Stores) -> Projector:
    models = read_models(stores.ledger, stores.forgetting.tables)
    stores.forgetting.also([forget for one in models if (forget := getattr(one, "forget", None))])
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
    lists: Readers
    cipher: PersonalCipher
    logins: Logins
    proof: LedgerProofs
    legacy: LegacyImport
    forgetting: Forgetting


def _administering(stores: _Stores, register: RememberedRegister, caught_up: Callable[[], object]) -> Administering:
    ledger, sessions = stores.ledger, stores.logins.sessions
    mergers = BodyMergers(ledger, DeskLists(stores.pool), caught_up)
    return Administering(
        areas=Areas(ledger, register),
        bodies=Bodies(ledger),
        officers=Officers(ledger, sessions),
        rules=Rules(ledger),
        signals=Signals(ledger, register),
        publishing=publishing(ledger, stores.pool, stores.forgetting.tables, register, caught_up),
        sheets=AreaSheets(ledger, register),
        changes=ChangeSheets(ledger, register, mergers),
        mergers=mergers,
        body_sheets=BodySheets(ledger, register),
        officer_sheets=OfficerSheets(ledger, register),
        legacy=stores.legacy,
        unfolded=unfolded_bytes,
    )


def _deciding(
    settings: Settings, stores: _Stores, cases: Cases, rights: Rights, clocks: RunningClocks, projector: Projector
) -> Deciding:
    ledger = stores.ledger
    referrals, escalations = Referrals(ledger, cases), Escalations(ledger, cases)
    return Deciding(
        cases=cases,
        composites=Composites(ledger, cases),
        files=case_files(settings, cases, stores.cipher.vault),
        papers=papers(settings, stores.pool),
        referrals=referrals,
        escalations=escalations,
        replays=Replays(cases, referrals, escalations),
        timers=Timers(ledger, cases, referrals, escalations, clocks, projector.catch_up),
        privacy=Privacy(ledger, cases),
        sweeps=sweep_work(ledger, cases, stores.pool, projector.catch_up),
        in_turn=in_turn,
        acting=rights.acting,
        keyed_hash=stores.cipher.keyed_hash,
    )


def _access(tables: Logins, rights: Rights) -> Access:
    return Access(
        passwords=tables.passwords,
        sessions=tables.sessions,
        rights=rights,
        tokens=tables.tokens,
        sign_on=tables.sign_on,
    )


def room_in(state: Path) -> int:
    return disk_usage(state).free


def _standing(stores: _Stores, projector: Projector, clocks: RunningClocks, beats: Beats, state: Path) -> Standing:
    ledger, room = stores.ledger, partial(room_in, state)
    traffic = HttpTraffic({"readers": stores.pool, "ledger": ledger.datastore.pool})
    asked = AskedForFigures(
        status=projector.status,
        parked=projector.parked,
        head=ledger.head,
        overdue=clocks.overdue,
        beats=beats.ages,
        failures=beats.failures,
        sealed=stores.proof.sealing,
        erasures=stores.forgetting.waiting,
        room=room,
        version=VERSION,
    )

    def metrics() -> bytes:
        traffic.look()
        return exposed(Standings(asked))

    return Standing(
        ledger=ledger,
        wait=partial(_waiting, projector, stores.lists),
        catch_up=projector.catch_up,
        status=projector.status,
        check_whole=projector.check_whole,
        is_parked=projector.is_parked,
        parked=projector.parked,
        sealed=stores.proof.sealing,
        metrics=metrics,
        traffic=traffic,
        worker=beats.ages,
        overdue=clocks.overdue,
        room=room,
    )


def _build(settings: Settings, stores: _Stores, clock: Clock) -> Wired:
    ledger, pool = stores.ledger, stores.pool
    projector = _projector(settings, stores)
    register, office = RememberedRegister(pool, ledger), RememberedOffice(pool, ledger)
    rights, clocks, beats = Rights(register, office), RunningClocks(pool), Beats(pool)
    made = papers(settings, pool)
    bound = binder(settings, stores.cipher.vault, made)
    cases = Cases(ledger, register, rights, RememberedBook(pool, register, base), bound)
    system = System(
        deciding=_deciding(settings, stores, cases, rights, clocks, projector),
        administering=_administering(stores, register, projector.catch_up),
        reading=reading(stores.lists, stores.forgetting.tables, cases, register, ledger, stores.proof),
        registers=Registers(register=register, office=office, rule_book=Book(pool, register, base)),
        access=_access(stores.logins, rights),
        standing=_standing(stores, projector, clocks, beats, settings.state),
        drafts=stores.logins.drafts,
        uploads=stores.logins.uploads,
        looks=stores.logins.looks,
        now=clock,
    )
    sealing = Leased(Lease(pool, "seals"), stores.proof.seal)
    erasing = Erasing(pool, projector, stores.forgetting)
    logins, proof, legacy = stores.logins, stores.proof, stores.legacy
    swept = sweeping(settings, pool, projector, ledger.head)
    finding = Finding(ledger)
    return Wired(system, beats, ledger, projector, logins, proof, sealing, legacy, erasing, finding, swept)
