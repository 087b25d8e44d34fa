"""The tables of officers and appointments, and the passwords beside them."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from application.office import Officers
from domain.office.appointments import RevokeAppointment
from domain.office.officer import DisableOfficer, Role, officer_id
from infrastructure.passwords import FREE_ATTEMPTS, PasswordLength, PasswordTable, TooManyAttempts
from infrastructure.read_models.office import Office, OfficeTables
from tests.jurisdiction.memory import DAY, NOW, asked
from tests.jurisdiction.tables import create, fill, schema
from tests.office.test_officers import APPOINT_LI, LATER, LI, REGISTER_LI

TABLES = (OfficeTables(),)
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
RIGHT, WRONG = "correct horse", "battery staple"


@pytest.fixture
def pool(postgres_url):
    with schema(postgres_url) as pool:
        create(pool, TABLES)
        yield pool


@pytest.fixture
def passwords(pool, postgres_url):
    passwords = PasswordTable(pool, QUICK)
    passwords.prepare(postgres_url)
    passwords.set(LI, RIGHT)
    return passwords


def test_officers_and_their_appointments_are_found_as_of_a_day(pool, ledger):
    officers, office = Officers(ledger), Office(pool)
    officers.register(asked(), REGISTER_LI)
    officers.change(asked(), LI, APPOINT_LI)
    officers.change(asked(), LI, RevokeAppointment(number=1, in_force_until=LATER))
    mark = fill(pool, ledger, TABLES)

    assert (office.by_login("li.ming").id, office.officer(LI).version) == (LI, 3)
    assert [one.role for one in office.appointments(LI, DAY)] == [Role.MEDIATOR]
    assert office.appointments(LI, LATER) == []
    officers.change(asked(), LI, DisableOfficer())
    fill(pool, ledger, TABLES, mark)
    assert (office.by_login("li.ming").disabled, office.appointments(LI, DAY)) == (True, [])
    assert [one.login for one in office.everybody()] == ["li.ming"]


def test_a_password_fits_only_its_officer(passwords):
    assert passwords.check(LI, RIGHT, NOW)
    assert not passwords.check(LI, WRONG, NOW)
    assert not passwords.check(officer_id("nobody"), RIGHT, NOW)
    assert not passwords.check(None, "nobody has this password", NOW)
    assert not passwords.check(LI, "\ud800", NOW)


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_is_neither_short_nor_endless(passwords, password):
    with pytest.raises(PasswordLength):
        passwords.set(LI, password)


def test_guessing_is_slowed_down_and_then_forgiven(passwords):
    for _ in range(FREE_ATTEMPTS):
        assert not passwords.check(LI, WRONG, NOW)

    with pytest.raises(TooManyAttempts):
        passwords.check(LI, RIGHT, NOW)
    assert passwords.check(LI, RIGHT, NOW + timedelta(seconds=3))
    assert not passwords.check(LI, WRONG, NOW + timedelta(seconds=3))
    assert passwords.check(LI, RIGHT, NOW + timedelta(seconds=3))
