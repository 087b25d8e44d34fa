"""A body that is merged into another goes on in it: open cases, appointments and figures; the past keeps its name."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest

from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from tests.api.conftest import Case, County, merge, open_county

VILLAGE, NEIGHBOUR = "990101101201", "990101101202"
WAS, INTO = str(body_id("LW")), str(body_id("SQ"))


@dataclass
class Merged:
    going_on: Case
    closed: Case
    raised: Case
    escalation: str
    before: dict[str, Any]


def figures(county: County, login: str = "auditor") -> dict[str, Any]:
    return dict(county.as_(login).get("/api/figures").json()["rows"][0])


@pytest.fixture(scope="module")
def merged(county):
    """One case under way, one closed, and one that waits for the town, each of the body that is merged."""
    li = county.as_("li.ming")
    county.as_("grid"), county.as_("shi.qiao"), county.as_("town")
    going_on, closed, raised = li.register(), li.register(), li.register()
    going_on.under_way()
    closed.act("close-case", result="self-settled")
    asked = {"to": str(body_id("HK")), "because": "risk", "account": "有激化风险"}
    told = li.post(
        f"/api/cases/{raised.id}/escalations/request-escalation", {"If-Match": f'"{raised.version}"'}, **asked
    )
    assert told.status_code == 201, told.text
    county.parts.projector.catch_up()
    before = figures(county)
    county.clock.forward(days=1)
    done = county.as_("admin").post(f"/api/bodies/{WAS}/merge-body", into=INTO)
    assert done.status_code == 200, done.text
    county.parts.projector.catch_up()
    time.sleep(1.1)  # rights are remembered for a second
    return Merged(going_on, closed, raised, told.json()["id"], before)


def at(county: County, login: str, case: Case) -> Case:
    """The same case, as somebody else has it open."""
    again = county.as_(login).get(f"/api/cases/{case.id}")
    assert again.status_code == 200, again.text
    return Case(county.as_(login), case.id, again.json()["version"])


def test_an_open_case_is_held_and_mediated_by_the_body_that_goes_on(county, merged):
    state = at(county, "shi.qiao", merged.going_on).state()

    assert (state["holder"], state["mediations"]["1"]["body"]) == (INTO, INTO)
    at(county, "shi.qiao", merged.going_on).act(
        "hold-session", mediation=1, attended=list(state["parties"]), record="说"
    )


def test_whoever_was_appointed_goes_on_with_their_own_cases_at_the_other_body(county, merged):
    day = county.clock().date()
    posts = county.parts.system.access.rights.viewer(officer_id("li.ming"), day)

    assert (str(posts.body), posts.role) == (INTO, "mediator")
    at(county, "li.ming", merged.going_on).act("write-note", note="合并后继续。")


def test_what_was_done_before_keeps_the_name_of_who_did_it(county, merged):
    timeline = county.as_("auditor").get(f"/api/cases/{merged.going_on.id}").json()["timeline"]
    registered = next(one for one in timeline if one["name"] == "case.registered")
    told = next(one for one in timeline if one["name"] == "case.body_replaced")

    assert registered["body"] == WAS
    assert registered["event"]["holder"] == WAS
    assert (told["event"]["was"], told["event"]["into"]) == (WAS, INTO)
    page = county.as_("auditor").get(f"/api/cases/{merged.going_on.id}", version=registered["version"])
    assert page.json()["state"]["holder"] == WAS


def test_a_closed_case_stays_as_it_was_until_the_other_body_opens_it_again(county, merged):
    closed = at(county, "shi.qiao", merged.closed)
    assert closed.state()["holder"] == WAS

    closed.act("reopen-case", reason="又起争执")

    assert closed.state()["holder"] == INTO
    at(county, "shi.qiao", merged.closed).act("accept-case")


def test_a_request_to_the_level_above_is_answered_to_the_body_that_goes_on(county, merged):
    read = county.as_("town").get(f"/api/cases/{merged.raised.id}/escalations/{merged.escalation}")
    assert read.json()["state"]["below"] == INTO, read.text

    version = read.json()["version"]
    back = {"because": "within-your-powers", "reason": "本级可以办"}
    path = f"/api/cases/{merged.raised.id}/escalations/{merged.escalation}/send-back-escalation"
    told = county.as_("town").post(path, {"If-Match": f'"{version}"'}, **back)

    assert told.status_code == 200, told.text


def test_what_the_grid_registers_from_then_on_is_held_by_the_body_that_goes_on(county, merged):
    case = county.as_("grid").register(VILLAGE)

    assert case.state()["holder"] == INTO
    assert case.state()["code"].startswith("SQ-")


def test_the_figures_of_the_past_stay_and_those_to_come_count_on(county, merged):
    row = figures(county)

    assert row["registered"] >= merged.before["registered"]
    assert row["resolved"] in {merged.before["resolved"], merged.before["resolved"] - 1}, "only what was reopened"


def test_a_list_shows_each_case_once_to_whoever_goes_on_with_it(county, merged):
    county.parts.projector.catch_up()
    ids = [one["id"] for one in county.as_("shi.qiao").get("/api/cases").json()["cases"]]

    assert len(ids) == len(set(ids))
    assert {merged.going_on.id, merged.closed.id, merged.raised.id} <= set(ids)


def test_nothing_is_merged_twice_into_itself_or_into_another_kind(county, merged):
    admin = county.as_("admin")

    admin.refused(admin.post(f"/api/bodies/{WAS}/merge-body", into=INTO), 409, "not-allowed-now")
    admin.refused(admin.post(f"/api/bodies/{INTO}/merge-body", into=INTO), 422, "body-merged-into-itself")
    admin.refused(admin.post(f"/api/bodies/{INTO}/merge-body", into=str(body_id("HK"))), 422, "not-of-its-kind")
    admin.refused(admin.post(f"/api/bodies/{INTO}/merge-body", into=WAS), 422, "body-no-longer-stands")


@pytest.mark.parametrize("login", ["li.ming", "leader", "auditor"])
def test_only_an_administrator_merges_bodies(county, merged, login):
    told = county.as_(login).post(f"/api/bodies/{INTO}/merge-body", into=str(body_id("PT")))

    assert told.status_code == 403


def test_bodies_whose_areas_were_merged_are_proposed_for_a_merger_until_somebody_decides(make_database, tmp_path):
    with open_county(make_database(), tmp_path) as county:
        admin = county.as_("admin")
        assert admin.get("/api/bodies/apart").json()["apart"] == []
        merge(county, VILLAGE, NEIGHBOUR)

        (one,) = admin.get("/api/bodies/apart").json()["apart"]
        assert (one["body"]["code"], one["into"]["code"]) == ("LW", "SQ")
        assert county.as_("town").get("/api/bodies/apart").status_code == 403
        page = admin.get("/areas", {"Accept": "text/html"}).text
        assert f"/bodies/{WAS}/merge-body" in page
        assert admin.get(f"/bodies/{WAS}/merge-body", {"Accept": "text/html"}).status_code == 200

        done = admin.post(f"/api/bodies/{WAS}/merge-body", into=INTO)
        assert done.status_code == 200, done.text
        county.parts.projector.catch_up()
        assert admin.get("/api/bodies/apart").json()["apart"] == []
