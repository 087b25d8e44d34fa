"""The list of what was recorded late has the entries of referrals and escalations beside those of their cases."""

from __future__ import annotations

from tests.referral.offices import begin, body, offer, refresh
from tests.referral.test_journeys import THURSDAY, TUESDAY, WEDNESDAY, lying_at


def test_what_was_recorded_late_of_a_referral_or_an_escalation_is_on_the_list(county):
    case = lying_at(county, "LW")
    up = begin(case, "LW", "request-escalation", to=body("HK"), because="too-complex", occurred_at=TUESDAY)
    up.act("HK", "send-back-escalation", because="not-mediated-yet", reason="请先调解", occurred_at=WEDNESDAY)
    offered = offer(refresh(case), "transfer", "JY", occurred_at=THURSDAY)
    county.parts.projector.catch_up()

    told = county.as_("auditor").get("/api/amendments", kind="late", limit=200).json()["amendments"]

    of_case = {(one["context"], one["stream"], one["version"]) for one in told if one["case_id"] == case.id}
    assert of_case >= {("case", case.id, 1), ("escalation", up.id, 2), ("referral", offered.id, 1)}
    page = county.as_("auditor").get("/amendments", {"Accept": "text/html"}).text
    assert f"/cases/{case.id}/referrals/{offered.id}?version=1#v1" in page
