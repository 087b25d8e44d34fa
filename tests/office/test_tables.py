"""The tables of officers and appointments."""

import pytest

from application.office import Officers
from domain.office.appointments import RevokeAppointment
from domain.office.officer import DisableOfficer, Role
from infrastructure.read_models.office import Office, OfficeTables
from tests.jurisdiction.memory import DAY, asked
from tests.jurisdiction.tables import create, fill, schema
from tests.office.no_sessions import NoSessions
from tests.office.test_officers import APPOINT_LI, LATER, LI, REGISTER_LI

TABLES = (OfficeTables(),)


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
    assert [one.login for one in office.everybody()] == ["li.ming"]
