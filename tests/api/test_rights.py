"""Nobody sees what is not theirs, on any path; what a figure counts is the list behind it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from application.figures.counting import Measure
from application.figures.definitions import FIGURES
from domain.jurisdiction.lineage import AbolishArea
from domain.office.appointments import AppointOfficer
from domain.office.officer import DisableOfficer, Role, officer_id
from tests.api.conftest import PASSWORD, Case, County, Desk

WAYS: dict[str, Callable[[Desk, str], Any]] = {
    "list": lambda desk, _: desk.get("/api/cases").json()["cases"],
    "count": lambda desk, _: desk.get("/api/cases", count=True).json()["count"],
    "search": lambda desk, _: desk.post("/api/cases/search", words="滴水").json()["cases"],
    "party": lambda desk, _: desk.post("/api/cases/search", party="周大山").json()["cases"],
    "figures": lambda desk, _: sum(row["registered"] for row in desk.get("/api/figures").json()["rows"]),
    "flow": lambda desk, _: desk.get("/api/figures/flow").json()["flows"],
    "case": lambda desk, id: desk.get(f"/api/cases/{id}").status_code == 200,
    "actions": lambda desk, id: desk.get(f"/api/cases/{id}/actions").status_code == 200,
    "past": lambda desk, id: desk.get(f"/api/cases/{id}", version=1).status_code == 200,
}


@pytest.fixture(scope="module")
def case(county: County) -> Case:
    made = county.as_("li.ming").register()
    county.parts.projector.catch_up()
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("login", ["shi.qiao", "ping.tou", "admin", "tail"])
def test_who_has_nothing_to_do_with_a_case_finds_it_on_no_path(county, case, login, way):
    assert not WAYS[way](county.as_(login), case.id)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("login", ["li.ming", "lw2", "town", "leader", "auditor"])
def test_who_may_know_of_it_finds_it_on_every_path(county, case, login, way):
    assert WAYS[way](county.as_(login), case.id)


def test_a_code_that_begins_another_opens_nothing_of_it(county, case):
    """The officer `tail` is appointed for 9901011012010; the case lies in 990101101201."""
    assert county.area("9901011012010") != county.area("990101101201")
    assert county.as_("tail").get("/api/cases").json()["cases"] == []
    assert county.as_("leader").get("/api/areas", code="99010110120").status_code == 422


def test_what_one_may_not_see_is_answered_like_what_there_is_not(county, case):
    stranger = county.as_("shi.qiao")

    hidden = stranger.get(f"/api/cases/{case.id}").json()
    nothing = stranger.get("/api/cases/00000000-0000-4000-8000-000000000000").json()

    assert {**hidden, "instance": "", "id": ""} == {**nothing, "instance": "", "id": ""}
    assert stranger.post(f"/api/cases/{case.id}/accept-case", {"If-Match": "1"}).status_code == 404


def test_a_town_that_sees_a_case_does_not_record_for_the_village(county, case):
    town = county.as_("town")

    answer = town.post(
        f"/api/cases/{case.id}/tell-rights", {"If-Match": f'"{case.version}"'}, parties=case.parties, form="oral"
    )

    town.refused(answer, 403, "not-your-body")


def test_the_grid_worker_registers_for_the_committee_and_mediates_nothing(county):
    grid = county.as_("grid")
    made = grid.register("990101101201001", facts="网格里发现的争吵")

    assert county.as_("li.ming").get(f"/api/cases/{made.id}").status_code == 200
    grid.refused(made.attempt("accept-case"), 403, "not-your-right")


def test_an_appointment_to_an_area_that_is_no_more_shows_nothing(county, case):
    system = county.parts.system
    before = WAYS["list"](county.as_("town"), case.id)
    command = AbolishArea(in_force_from=county.clock().date())
    id = officer_id("hk2")
    gone = county.area("9901011012010")
    system.administering.officers.change(
        county.asked(),
        id,
        AppointOfficer(
            role=Role.COORDINATOR,
            body=system.registers.register.body_by_code("HK"),
            area=gone,
            in_force_from=county.clock().date(),
        ),
    )
    system.administering.areas.change(county.asked(), gone, command)
    county.parts.projector.catch_up()
    county.clock.forward(seconds=5)

    assert before
    assert WAYS["list"](county.as_("tail"), case.id) == []


@pytest.mark.parametrize("login", ["leader", "auditor"])
def test_numbers_of_persons_are_masked_for_those_who_only_look(county, case, login):
    assert "10012345678" in county.as_("li.ming").get(f"/api/cases/{case.id}").text
    for query in ({}, {"version": 3}, {"as_of": county.clock().isoformat()}):
        shown = county.as_(login).get(f"/api/cases/{case.id}", **query)
        assert shown.status_code == 200
        assert "10012345678" not in shown.text
        assert "•••" in shown.text


def test_a_disabled_officer_is_signed_out_at_once(county):
    desk = county.as_("pt3")
    assert desk.get("/api/me").status_code == 200
    county.parts.system.administering.officers.change(county.asked(), officer_id("pt3"), DisableOfficer())
    county.parts.projector.catch_up()

    time.sleep(1.1)  # rights are remembered for a second
    assert desk.get("/api/me").status_code == 401
    assert county.http.post("/api/session", json={"login": "pt3", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("outcome", [key for key, one in FIGURES.items() if one.measure is Measure.NUMBER])
@pytest.mark.parametrize("by", ["all", "village", "township", "month", "category", "source", "level"])
def test_a_number_is_as_long_as_the_list_behind_it(county, by, outcome):
    case = county.as_("li.ming").register()
    case.act("close-case", result="self-settled")
    county.parts.projector.catch_up()
    auditor = county.as_("auditor")

    rows = auditor.get("/api/figures", by=by).json()["rows"]
    listed = auditor.get("/api/cases", outcome=outcome, count=True).json()["count"]

    assert sum(row[outcome] for row in rows) == listed
