"""A vault that several hosts share: the same guarantees as the file of one host, and nothing of it in the ledger."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from eventsourcing.application import Application

from api.settings import Settings
from api.wiring import wired
from api.wiring_ledgers import keys_of, prepared, share
from application.ports import StoreAway
from application.unfit import KeysAbsent, OtherKeys, VaultBesideTheLedger, VaultHoldsKeys
from domain.shared.values import ERASED
from infrastructure.backup import begin_epoch
from infrastructure.leases import Lease, Leased
from infrastructure.privacy.erasing import Forgetting
from infrastructure.privacy.vault import KeyMissing, Vault
from infrastructure.privacy.vault_database import SharedErasures, SharedKeys, VaultDatabase
from tests.conftest import MASTER
from tests.ledger.conftest import _sample_events
from tests.ledger.samples import TALLIES, record, told
from tests.ledger.test_vault import mark
from tests.patience import eventually
from tests.privacy.shared_vault import host, vault_server, vault_url

__all__ = ["_sample_events", "vault_server", "vault_url"]


@pytest.fixture
def database(vault_url):
    with closing(VaultDatabase(vault_url).made()) as made:
        yield made


@pytest.fixture
def vault(database):
    return Vault(SharedKeys(database), MASTER)


@pytest.fixture
def other(vault_url, database):
    """The vault as another host has it."""
    with closing(Vault(SharedKeys(VaultDatabase(vault_url)), MASTER)) as other:
        yield other


@pytest.fixture
def url(make_database):
    return make_database()


@pytest.fixture
def hosts(url, vault_url, tmp_path, _sample_events):
    one = host(tmp_path / "one", vault_url)
    prepared(one, url)
    return one, host(tmp_path / "two", vault_url, one.state)


@pytest.fixture
def both(hosts, url):
    with ExitStack() as stack:
        yield [stack.enter_context(wired(one, url)) for one in hosts]


def test_hosts_that_make_keys_for_the_same_owners_at_once_agree_on_one_key_each(vault, other):
    owners = [uuid4() for _ in range(40)]

    def ask(one):
        one.ensure(owners)
        return [mark(one, owner) for owner in owners]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, [vault, other] * 4))

    assert len(set(map(tuple, found))) == 1


def test_a_page_of_new_keys_is_made_in_one_step_and_a_key_that_was_there_holds(vault, other):
    owners = [uuid4() for _ in range(9)]
    other.ensure(owners[:1])
    made = vault.make_new(owners)

    assert set(made) == set(owners)
    assert [mark(other, one) for one in owners] == [mark(vault, one) for one in owners]


def test_a_key_that_was_never_made_is_missing_and_another_master_opens_nothing(vault, vault_url):
    owner = uuid4()
    vault.ensure([owner])

    with pytest.raises(KeyMissing):
        vault.key(uuid4())
    with closing(Vault(SharedKeys(VaultDatabase(vault_url)), bytes(32))) as stranger, pytest.raises(InvalidTag):
        stranger.key(owner)


def test_a_destroyed_key_is_not_made_again_on_any_host(vault, other):
    owner = uuid4()
    vault.ensure([owner])
    vault.destroy([owner])
    other.ensure([owner])

    assert other.key(owner) is None


def test_what_was_destroyed_stands_in_no_file_of_a_table(vault, database, vault_server):
    owners = [uuid4() for _ in range(50)]
    vault.ensure(owners)
    wrapped = {bytes(one) for one in vault.store.wrapped(owners[:10]).values() if one}
    ((data,), *_) = database.asked("SHOW data_directory")
    database.done("CHECKPOINT")
    assert found_in(Path(data) / "base", wrapped) == wrapped, "they stood there before"

    vault.destroy(owners[:10])

    assert found_in(Path(data) / "base", wrapped) == set()
    assert all(vault.key(one) for one in owners[10:])


def found_in(folder, texts):
    """Whatever stands in a file of it. A file may be taken away meanwhile."""
    found = set()
    for file in folder.rglob("*"):
        try:
            content = file.read_bytes() if file.is_file() else b""
        except OSError:
            continue
        found |= {one for one in texts if one in content}
    return found


def test_another_host_forgets_what_was_erased_within_a_second(vault, other, database, vault_url):
    owner = uuid4()
    vault.ensure([owner])
    assert other.key(owner)
    there = Forgetting(SharedErasures(VaultDatabase(vault_url)), other, [])
    there.start()
    try:
        SharedErasures(database).add([owner], datetime.now(UTC))
        until = time.monotonic() + 10
        while other.key(owner) and time.monotonic() < until:
            time.sleep(0.05)
        assert other.key(owner) is None
    finally:
        there.stop()


def test_a_vault_that_is_away_is_told_and_used_again_when_it_is_back(vault, database):
    owner = uuid4()
    vault.ensure([owner])
    database.done("SELECT 1")
    ((process,),) = database.asked("SELECT pg_backend_pid()")
    with psycopg.connect(database._url, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s)", [process])
    assert vault.not_destroyed([owner]) == {owner}, "a line that broke is opened anew"

    away = Vault(SharedKeys(database), MASTER)
    right, database._url = database._url, "host=127.0.0.1 port=9 dbname=none connect_timeout=1"
    database.close()
    with pytest.raises(StoreAway):
        away.key(owner)
    database._url = right
    assert away.key(owner)


def test_a_vault_in_the_cluster_of_the_ledger_is_refused(url, make_database, tmp_path):
    with pytest.raises(VaultBesideTheLedger):
        prepared(host(tmp_path / "one", make_database()), url)


def test_two_hosts_serve_one_ledger(both):
    one, two = both
    id = uuid4()
    record(one.ledger, id, 0, told("一道墙", "张三", "138"))
    record(two.ledger, id, 1, told("一口井", "李四", "139"))

    assert one.ledger.history(TALLIES, id).state == two.ledger.history(TALLIES, id).state
    assert one.ledger.history(TALLIES, id).state.last == "一口井"


def test_a_host_with_another_key_of_the_service_is_refused(hosts, url, vault_url, tmp_path):
    stranger = host(tmp_path / "stranger", vault_url)
    keys_of(Settings(state=stranger.state)).make_missing()
    with pytest.raises(OtherKeys) as refused:
        prepared(stranger, url)

    assert set(refused.value.details["other"]) >= {"master", "log"}


def test_a_host_with_an_empty_vault_is_refused(hosts, url, vault_server, tmp_path):
    with psycopg.connect(vault_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty_vault")
    empty = vault_server.replace("dbname=postgres", "dbname=empty_vault")
    with pytest.raises(KeysAbsent) as refused:
        prepared(host(tmp_path / "three", empty, hosts[0].state), url)

    assert refused.value.details["absent"] == ["TIAOJIE_VAULT_URL"]


def test_whichever_host_seals_knows_what_the_other_has_signed(hosts, both, url):
    one, two = both
    for parts in (one, two, one):
        record(parts.ledger, uuid4(), 0, told("一道墙"))
        assert parts.proof.seal() == 1

    begin_epoch(url, keys_of(hosts[0]))
    record(two.ledger, uuid4(), 0, told("一口井"))
    assert two.proof.seal() == 1, "a restore on one host is known on the other"
    assert two.proof.checkpoint() == one.proof.checkpoint()


def test_one_sealer_seals_at_a_time_and_another_follows(both):
    one, two = (parts.sealing for parts in both)
    record(both[0].ledger, uuid4(), 0, told("一道墙"))
    assert one() == 1

    record(both[0].ledger, uuid4(), 0, told("一道墙"))
    assert two() == 0
    one.give_back()
    assert two() == 1


def test_a_lease_that_nobody_renewed_goes_to_whoever_asks(both):
    pool = both[0].proof._pool
    dead, living = Lease(pool, "a part"), Leased(Lease(pool, "a part"), lambda: 7)
    assert dead.held()
    assert living() == 0
    with pool.connection() as connection:
        connection.execute("UPDATE lease SET until = clock_timestamp() - interval '1 ms' WHERE what = 'a part'")

    assert living() == 7
    assert not dead.held()


@pytest.fixture
def alone(url, tmp_path, _sample_events):
    """A host with a vault of files, in which somebody is erased."""
    settings, id, gone = Settings(state=tmp_path / "alone"), uuid4(), told("一口井", "李四", "139")
    with wired(settings, url) as parts:
        record(parts.ledger, id, 0, told("一道墙", "张三", "138"), gone)
        owner = gone.people[0].person
        parts.erasing._listed.add([owner], datetime.now(UTC))
        parts.erasing._forgetting.look()
        parts.proof.seal()
    return settings, id


def test_a_vault_of_files_moves_into_a_shared_one_and_leaves_nothing_behind(alone, url, vault_url):
    settings, id = alone
    moved = Settings(state=settings.state, vault_url=vault_url)
    assert share(moved) >= 4
    assert not [one.name for one in settings.state.iterdir() if one.suffix.startswith(".db")]

    with wired(moved, url) as parts:
        events = [entry.event for entry in parts.ledger.history(TALLIES, id).entries]
        assert [one.people[0].name for one in events] == ["张三", ERASED]
        record(parts.ledger, uuid4(), 0, told("一道墙"))
        assert parts.proof.seal() == 1
        assert len(keys_of(moved).log_files().kept.notes()) == 2


def test_a_vault_moves_into_no_other_ledgers(alone, vault_url, make_database, tmp_path):
    owner = host(tmp_path / "owner", vault_url)
    prepared(owner, make_database())
    with closing(keys_of(owner).vault()) as vault:
        vault.ensure([uuid4()])
    with pytest.raises(VaultHoldsKeys):
        share(Settings(state=alone[0].state, vault_url=vault_url))

    assert (alone[0].state / "keys.db").exists()


def test_a_user_of_the_eventsourcing_library_opens_by_the_shared_vault_what_a_host_recorded(
    both, hosts, url, vault_url
):
    story = told("他家的屋檐滴水")
    record(both[0].ledger, uuid4(), 0, story)
    named = {"TIAOJIE_STATE": str(hosts[1].state), "TIAOJIE_VAULT_URL": vault_url, "DATABASE_URL": url}

    with closing(Application(env=named | {"PERSISTENCE_MODULE": "infrastructure.ledger"})) as app:
        (one,) = app.notification_log.select(1, 1)
        assert app.mapper.to_domain_event(one).event == story

        SharedErasures(VaultDatabase(vault_url)).add([story.story.id], datetime.now(UTC))
        eventually(lambda: app.mapper.to_domain_event(one).event.story.text == ERASED)
