"""Officers are registered, appointed for a time, and disabled."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from application.jurisdiction import Bodies
from application.office import OFFICERS, Officers
from domain.jurisdiction.body import DissolveBody, body_id
from domain.office.appointments import (
    AlreadyRevoked,
    AppointedAlready,
    AppointOfficer,
    EndsBeforeItBegins,
    RevokeAppointment,
    UnknownAppointment,
)
from domain.office.officer import DisableOfficer, EnableOfficer, RegisterOfficer, Role, officer_id
from domain.shared.errors import BodyNoLongerStands, NotAllowedNow, UnknownArea, UnknownBody, UnknownStream
from domain.shared.values import BodyId, OfficerId
from tests.jurisdiction.memory import DAY, asked, imported
from tests.office.no_sessions import NoSessions

LATER = DAY + timedelta(days=30)
VILLAGE = imported("420581104201")
COMMITTEE = body_id("QFH")
LI = officer_id("li.ming")
REGISTER_LI = RegisterOfficer(login="li.ming", display_name="李明")
APPOINT_LI = AppointOfficer(role=Role.MEDIATOR, body=COMMITTEE, area=VILLAGE, in_force_from=DAY)


@pytest.fixture
def officers(ledger):
    officers = Officers(ledger, NoSessions())
    officers.register(asked(), REGISTER_LI)
    return officers


def held(ledger, day: date) -> list[Role]:
    appointments = ledger.history(OFFICERS, LI).state.appointments.values()
    return [one.role for one in appointments if one.in_force(day)]


def test_a_login_name_belongs_to_one_officer(officers):
    with pytest.raises(NotAllowedNow):
        officers.register(asked(), REGISTER_LI)


@pytest.mark.parametrize("login", ["", "Li", "li ming", "li\x00", "a" * 61, "li/../x"])
def test_a_login_name_is_plain(login):
    with pytest.raises(ValidationError):
        RegisterOfficer(login=login, display_name="李明")


def test_an_appointment_holds_from_its_day_until_it_is_revoked(ledger, officers):
    officers.change(asked(), LI, APPOINT_LI)
    officers.change(asked(), LI, RevokeAppointment(number=1, in_force_until=LATER))

    assert held(ledger, DAY - timedelta(days=1)) == []
    assert held(ledger, LATER - timedelta(days=1)) == [Role.MEDIATOR]
    assert held(ledger, LATER) == []


def test_an_officer_may_hold_several_roles_but_none_twice(ledger, officers):
    officers.change(asked(), LI, APPOINT_LI)
    officers.change(asked(), LI, APPOINT_LI.but(role=Role.COORDINATOR))

    assert held(ledger, DAY) == [Role.MEDIATOR, Role.COORDINATOR]
    with pytest.raises(AppointedAlready):
        officers.change(asked(), LI, APPOINT_LI)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"area": imported("7")}, UnknownArea),
        ({"body": BodyId(UUID(int=7))}, UnknownBody),
        ({"in_force_until": DAY}, EndsBeforeItBegins),
    ],
)
def test_an_appointment_is_to_a_body_for_an_area_and_a_time(officers, changes, refusal):
    with pytest.raises(refusal):
        officers.change(asked(), LI, APPOINT_LI.but(**changes))


def test_an_appointment_is_revoked_once(officers):
    officers.change(asked(), LI, APPOINT_LI)
    officers.change(asked(), LI, RevokeAppointment(number=1, in_force_until=LATER))

    with pytest.raises(AlreadyRevoked):
        officers.change(asked(), LI, RevokeAppointment(number=1, in_force_until=LATER))
    with pytest.raises(UnknownAppointment):
        officers.change(asked(), LI, RevokeAppointment(number=2, in_force_until=LATER))


def test_a_disabled_officer_is_appointed_to_nothing_until_enabled(officers):
    officers.change(asked(), LI, DisableOfficer())
    with pytest.raises(NotAllowedNow):
        officers.change(asked(), LI, APPOINT_LI)

    officers.change(asked(), LI, EnableOfficer())
    assert officers.change(asked(), LI, APPOINT_LI).version == 4


def test_nobody_is_changed_who_was_never_registered(officers):
    with pytest.raises(UnknownStream):
        officers.change(asked(), OfficerId(UUID(int=9)), DisableOfficer())


def test_nobody_is_appointed_to_a_dissolved_body(ledger, officers):
    Bodies(ledger).change(asked(), COMMITTEE, DissolveBody())

    with pytest.raises(BodyNoLongerStands):
        officers.change(asked(), LI, APPOINT_LI)
