"""What a new holder must know for safety goes along by rule: a red risk, a possible crime, and that it was reported."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Case
from tests.referral.offices import begin, body, case_at, desk, offer

DANGERS: dict[str, dict[str, Any]] = {
    "red": {"risk": "red", "possible_crime": False},
    "crime": {"risk": "yellow", "possible_crime": True},
}


def handed(county: Any, rated: dict[str, Any] | None) -> Any:
    """To the village: a name, and nothing else."""
    case = case_at(county, "JY", facts="密事")
    if rated:
        case.act("rate-risk", **rated, reason="密因")
    given = {"parties": case.parties[:1], "contacts": [], "facts": False, "amount": False, "entries": []}
    return case, offer(case, "transfer", "LW", content=given)


def told(county: Any, case: Case) -> dict[str, Any]:
    return dict(desk(county, "LW").get(f"/api/cases/{case.id}").json())


@pytest.mark.parametrize("which", DANGERS)
def test_a_danger_is_told_before_it_is_accepted_and_after_without_its_reason(county, which):
    case, moving = handed(county, DANGERS[which])

    offered = moving.seen_by("LW")["handed"]
    assert (offered["danger"], offered["risk_reported"]) == (DANGERS[which]["risk"], False)
    for step in ("acknowledge-referral", "accept-referral"):
        moving.act("LW", step)
    state = told(county, case)["state"]

    assert {key: state[key] for key in DANGERS[which]} == DANGERS[which]
    county.parts.projector.catch_up()
    line = next(x for x in desk(county, "LW").get("/api/cases", limit=200).json()["cases"] if x["id"] == case.id)
    assert line["risk"] == DANGERS[which]["risk"]
    assert "密因" not in str(told(county, case))


def test_that_it_was_reported_goes_along_and_to_whom_it_was(county):
    case, moving = handed(county, DANGERS["red"])
    desk(county, "JY")
    case.act("report-risk", recipient="other", recipient_name="密所", account="密报")

    offered = moving.seen_by("LW")

    assert offered["handed"]["risk_reported"]
    assert not any(word in str(offered) for word in ("密所", "密报"))


def test_a_danger_that_comes_up_later_is_told_and_so_is_that_it_is_over(county):
    case, moving = handed(county, None)
    assert moving.seen_by("LW")["handed"]["danger"] is None
    case.act("rate-risk", risk="red")
    assert moving.seen_by("LW")["handed"]["danger"] == "red"
    for step in ("acknowledge-referral", "accept-referral"):
        moving.act("LW", step)
    assert told(county, case)["state"]["risk"] == "red"

    desk(county, "JY").post(f"/api/cases/{case.id}/rate-risk", {"If-Match": "9999"}, risk="low")
    home = Case(desk(county, "JY"), case.id, told(county, case)["version"])
    home.act("rate-risk", risk="yellow")

    assert told(county, case)["state"]["risk"] == "yellow"


def test_whoever_declined_is_told_no_more(county):
    _, moving = handed(county, DANGERS["red"])
    moving.act("LW", "reject-referral", because="other", reason="不宜")

    assert moving.seen_by("LW")["handed"]["danger"] is None


def test_a_risk_that_is_not_red_stays_with_whoever_rated_it(county):
    case, moving = handed(county, {"risk": "orange", "possible_crime": False})
    for step in ("acknowledge-referral", "accept-referral"):
        moving.act("LW", step)

    assert told(county, case)["state"]["risk"] == "low"


def test_between_levels_it_goes_with_all_of_the_case(county):
    case = case_at(county, "LW")
    case.act("rate-risk", **DANGERS["red"], reason="因")
    asked = begin(case, "LW", "request-escalation", to=body("HK"), because="risk")
    asked.act("HK", "accept-escalation")

    state = county.as_("hk2").get(f"/api/cases/{case.id}").json()["state"]

    assert (state["risk"], state["holder"]) == ("red", body("HK"))


def test_the_statement_of_what_is_handed_over_says_so_on_every_page(county):
    case, moving = handed(county, DANGERS["red"])
    county.parts.projector.catch_up()
    cookies = {
        code: {"Cookie": f"tiaojie-session-80={county.tokens[desk(county, code).login]}"} for code in ("JY", "LW")
    }

    form = county.http.get(f"/cases/{case_at(county, 'JY').id}/refer/transfer", headers=cookies["JY"])
    page = county.http.get(f"/cases/{case.id}/referrals/{moving.id}", headers=cookies["LW"])
    box = county.http.get("/referrals", headers=cookies["LW"])

    assert "一律随案告知" in form.text
    assert "注意安全" in page.text
    assert "risk-red" in box.text
