"""The tables of officers and appointments."""

import pytest

from application.office import Officers
from domain.office.appointments import RevokeAppointment
from domain.office.officer import DisableOfficer, Role
from infrastructure.read_models.jurisdiction_bodies import BodyTables
from infrastructure.read_models.office import Office, OfficeTables
from infrastructure.read_models.office_lists import EverybodyInOffice
from tests.jurisdiction.memory import DAY, asked
from tests.jurisdiction.tables import create, fill, schema
from tests.office.no_sessions import NoSessions
from tests.office.test_officers import APPOINT_LI, LATER, LI, REGISTER_LI

TABLES = (OfficeTables(), BodyTables())


@pytest.fixture
def pool(postgres_url):
    with schema(postgres_url) as pool:
        create(pool, TABLES)
        yield pool


def test_officers_and_their_appointments_are_found_as_of_a_day(pool, ledger):
    officers, office = Officers(ledger, NoSessions()), Office(pool)
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


def test_whoever_was_registered_is_found_by_login_or_name_with_every_appointment(pool, ledger):
    officers, lists = Officers(ledger, NoSessions()), EverybodyInOffice(pool)
    officers.register(asked(), REGISTER_LI)
    officers.change(asked(), LI, APPOINT_LI)
    officers.change(asked(), LI, DisableOfficer())
    fill(pool, ledger, TABLES)

    for words in ("", "LI.M", REGISTER_LI.display_name):
        assert [(one.login, one.disabled) for one in lists.find(words, "", 10)] == [("li.ming", True)]
    assert lists.find("%", "", 10) == []
    assert lists.find("", "li.ming", 10) == []
    assert [one.role for one in lists.posts([LI])] == [Role.MEDIATOR]
