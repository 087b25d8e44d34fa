"""A superuser's change to a password opens nothing, and `tiaojie check` tells it."""

from __future__ import annotations

import psycopg
import pytest
from argon2 import PasswordHasher

from api.cli.check import check
from api.settings import Settings
from api.wiring import wired
from api.wiring_logins import PASSWORDS
from domain.office.officer import officer_id
from tests.api.conftest import PASSWORD

KNOWN = "known to the forger"
HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(KNOWN)
FORGED = {
    "written over": "UPDATE password SET hash = %(hash)s WHERE officer_id = %(of)s",
    "beside it": "INSERT INTO password (officer_id, hash) VALUES (%(of)s, %(hash)s)",
    "with the mark of the right one": "INSERT INTO password (officer_id, hash, mark)"
    " SELECT officer_id, %(hash)s, mark FROM password WHERE officer_id = %(of)s",
    "another officer's": "INSERT INTO password (officer_id, hash, mark)"
    " SELECT %(of)s, hash, mark FROM password WHERE officer_id = %(other)s",
    "of one who has none": "INSERT INTO password (officer_id, hash, mark) VALUES (gen_random_uuid(), %(hash)s, NULL)",
}
LI, ADMIN = officer_id("li.ming"), officer_id("admin")


def signs_in(county, password, login="li.ming"):
    return county.http.post("/api/session", json={"login": login, "password": password}).status_code == 200


def faults(county):
    return [one for one in check(county.parts, lambda *_: None).faults if one.startswith("password")]


@pytest.fixture
def owner(county):
    with psycopg.connect(county.url, autocommit=True) as owner:
        rows = owner.execute("SELECT officer_id, hash, mark FROM password").fetchall()
        yield owner
        owner.execute("TRUNCATE password")
        owner.cursor().executemany("INSERT INTO password (officer_id, hash, mark) VALUES (%s, %s, %s)", rows)
        for one in (LI, ADMIN):  # what was set meanwhile is told by events, which no table takes back
            county.parts.system.access.passwords.set(county.asked(), one, PASSWORD)


@pytest.mark.parametrize("forged", FORGED)
def test_a_hash_that_nobody_set_opens_nothing_and_is_told(county, owner, forged):
    county.as_("admin")
    assert not faults(county)
    county.parts.system.access.passwords.set(county.asked(), ADMIN, KNOWN)
    owner.execute(FORGED[forged], {"hash": HASH, "of": LI, "other": ADMIN})

    assert not signs_in(county, KNOWN)
    assert len(faults(county)) == 1
    assert signs_in(county, PASSWORD) is (forged != "written over")


def test_an_old_password_that_was_put_back_opens_nothing(county, owner):
    row = owner.execute("SELECT hash, mark FROM password WHERE officer_id = %s", [LI]).fetchall()[0]
    county.parts.system.access.passwords.set(county.asked(), LI, "another password")
    owner.execute("UPDATE password SET hash = %s, mark = %s WHERE officer_id = %s", [*row, LI])

    assert not signs_in(county, PASSWORD)
    assert not signs_in(county, "another password")
    assert faults(county) == [f"password of officer {LI}: not the one that was set"]


def test_a_hash_that_is_gone_is_told(county, owner):
    owner.execute("DELETE FROM password WHERE officer_id = %s", [LI])

    assert faults(county) == [f"password of officer {LI}: not the one that was set"]


def test_a_new_password_that_broke_off_leaves_the_old_one(county, owner, monkeypatch):
    passwords = county.parts.logins.passwords
    county.parts.system.access.passwords.set(county.asked(), LI, PASSWORD)

    def fails(*_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(passwords._set_last, "record", fails)
        with pytest.raises(ConnectionError):
            passwords.set(county.asked(), LI, "another password")
    assert (signs_in(county, PASSWORD), signs_in(county, "another password")) == (True, False)
    assert not faults(county)

    with monkeypatch.context() as broken:
        broken.setattr(passwords, "_keep_only", fails)
        with pytest.raises(ConnectionError):
            passwords.set(county.asked(), LI, "another password")
    assert (signs_in(county, PASSWORD), signs_in(county, "another password")) == (False, True)
    assert not faults(county)


def test_a_password_of_before_there_were_marks_holds_until_a_new_one_is_set(county, owner):
    passwords, vault = county.parts.logins.passwords, county.parts.ledger.coder.cipher.vault
    told, passwords._set_last.last = passwords._set_last.last, lambda officer: ""
    try:
        owner.execute("UPDATE password SET mark = NULL")
        assert not signs_in(county, PASSWORD)
        passwords.take_over_those_of_before()
        assert signs_in(county, PASSWORD)
        assert not faults(county)
    finally:
        passwords._set_last.last = told
    assert vault.store.noted(f"{PASSWORDS}/1"), "and that is done once"


def test_who_starts_again_takes_nothing_over(county, owner):
    owner.execute("UPDATE password SET mark = NULL WHERE officer_id = %s", [LI])
    with wired(Settings(state=county.state), county.url):
        pass

    assert owner.execute("SELECT mark FROM password WHERE officer_id = %s", [LI]).fetchall() == [(None,)]
