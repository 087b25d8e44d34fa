"""登记: a request is received, a dispute registered, or settled by the grid there and then."""

from datetime import timedelta

import pytest

from domain.case.case import Status
from domain.case.kinds import Result
from domain.case.opening.intake import (
    CaseRegistered,
    OnlyTheGridSettlesOnTheSpot,
    PlaceElsewhere,
    ReceiveRequest,
    RequestAfterRegistration,
)
from domain.shared.errors import AreaNotInForce, NotAllowedNow, UnknownArea
from domain.shared.occasion import AreaFacts
from domain.shared.values import AreaId, Form, Level
from tests.case.histories import (
    ABOVE,
    COMMITTEE,
    GRID_POST,
    MONDAY,
    VILLAGE,
    after,
    blank,
    id_of,
    onward,
    register,
    then,
)
from tests.oracle.elsewhere import COUNTY, KNOWN, TOWN

receive = ReceiveRequest(form=Form.ORAL, note="电话求助")


def test_the_day_of_the_request_stays_when_the_dispute_is_registered_later():
    received = after(receive)

    case = onward(received, register, at=MONDAY + timedelta(days=3)).state

    assert case.request_received_at == MONDAY
    assert case.registered_at == MONDAY + timedelta(days=3)


def test_a_request_told_at_registration_dates_from_its_own_day():
    told = register.but(requested_at=MONDAY - timedelta(days=2))

    case = after(told).state

    assert case.request_received_at == MONDAY - timedelta(days=2)
    assert case.status is Status.REGISTERED


@pytest.mark.parametrize("body", [COMMITTEE, GRID_POST, TOWN, COUNTY])
def test_a_dispute_is_registered_where_it_arose_by_whoever_that_area_belongs_to(body):
    assert then(blank(), register, body=body, bodies=KNOWN)


def test_nobody_registers_what_arose_elsewhere():
    other = id_of("another village")
    beside = {
        other: AreaFacts(id=other, level=Level.VILLAGE, in_force=True, within=frozenset({other, *ABOVE}) - {VILLAGE})
    }
    there = register.but(place=other)

    for body in (COMMITTEE, GRID_POST):
        with pytest.raises(PlaceElsewhere):
            then(blank(), there, body=body, areas=beside)
    assert then(blank(), there, body=TOWN, areas=beside, bodies=KNOWN)


def test_a_request_is_not_received_after_registration():
    late = register.but(requested_at=MONDAY + timedelta(days=2))

    with pytest.raises(RequestAfterRegistration):
        then(blank(), late)


def test_a_request_received_is_not_dated_a_second_time():
    received = after(receive)

    events = then(received, register.but(requested_at=MONDAY - timedelta(days=9)))

    assert "case.request_dated" not in [event.name for event in events]


def test_a_dispute_is_registered_once():
    registered = after(register)

    with pytest.raises(NotAllowedNow):
        then(registered, register)


def test_a_dispute_lies_in_an_area_that_is_known_and_in_force():
    gone = {VILLAGE: AreaFacts(id=VILLAGE, level=Level.VILLAGE, in_force=False)}

    with pytest.raises(UnknownArea):
        then(blank(), register.but(place=AreaId(id_of("nowhere"))))
    with pytest.raises(AreaNotInForce):
        then(blank(), register, areas=gone)


def test_the_case_code_names_the_body_and_the_year():
    registered = next(event for event in then(blank(), register) if isinstance(event, CaseRegistered))

    numbered = registered.numbered(2026, 7)

    assert numbered.given == "QJ-2026-00007"
    assert registered.series().body == COMMITTEE.id


def test_what_a_grid_reports_is_held_by_its_village():
    post = GRID_POST.but(answers_for=COMMITTEE.id)

    case = onward(blank(), (register, post)).state

    assert (case.holder, case.level, case.highest) == (COMMITTEE.id, Level.VILLAGE, Level.VILLAGE)
    assert case.registered_by == post.id


def test_what_a_grid_settles_on_the_spot_stays_at_the_grid():
    post = GRID_POST.but(answers_for=COMMITTEE.id)

    case = onward(blank(), (register.but(settled_on_the_spot="当场和好"), post)).state

    assert (case.status, case.result, case.highest) == (Status.CLOSED, Result.SELF_SETTLED, Level.GRID)
    assert case.resolved_at == case.since


def test_only_a_grid_settles_on_the_spot():
    told = register.but(settled_on_the_spot="当场和好")

    with pytest.raises(OnlyTheGridSettlesOnTheSpot):
        then(blank(), told)
