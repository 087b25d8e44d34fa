"""What is asked at a wrong door, or too late: refused, and nothing is recorded."""

from __future__ import annotations

import pytest

from tests.escalation.test_journeys import asked_for
from tests.referral.offices import begin, nothing_recorded, offer, refused
from tests.referral.test_journeys import THURSDAY, TUESDAY, WEDNESDAY, lying_at


@pytest.mark.parametrize("folder", ["referrals", "escalations"])
def test_what_belongs_to_one_case_is_not_found_under_another(county, folder):
    """B8."""
    if folder == "referrals":
        moving, other = offer(lying_at(county, "JY"), "transfer", "LW", occurred_at=TUESDAY), lying_at(county, "JY")
        desk, command = "JY", "withdraw-referral"
    else:
        moving, other = asked_for(lying_at(county, "LW")), lying_at(county, "LW")
        desk, command = "LW", "withdraw-escalation"
    moving.case = other.id

    with nothing_recorded(county):
        assert moving.at(desk).status_code == 404
        refused(moving.attempt(desk, command, reason="错"), 404, "unknown-stream")
        path = f"/api/cases/{other.id}/{folder}/{moving.id}/actions"
        assert other.desk.get(path).status_code == 404
        assert other.desk.get(path.removeprefix("/api").removesuffix("/actions")).status_code == 404


def test_what_is_over_is_neither_withdrawn_nor_answered_again(county):
    """B9."""
    rejected = offer(lying_at(county, "FY"), "delegate", "LW", occurred_at=TUESDAY)
    rejected.act("LW", "reject-referral", because="out-of-scope", reason="不属于", occurred_at=WEDNESDAY)
    taken = offer(lying_at(county, "FY"), "delegate", "LW", occurred_at=TUESDAY)
    taken.act("LW", "accept-referral", occurred_at=WEDNESDAY)

    with nothing_recorded(county):
        told = rejected.attempt("FY", "withdraw-referral", reason="撤回", occurred_at=THURSDAY)
        refused(told, 409, "not-allowed-now")
        refused(taken.attempt("LW", "accept-referral", occurred_at=THURSDAY), 409, "not-allowed-now")


def test_what_has_lapsed_is_not_rejected_any_more(county):
    """B9."""
    silent = offer(lying_at(county, "JY"), "transfer", "LW", occurred_at=TUESDAY)
    county.parts.projector.catch_up()
    county.parts.system.deciding.timers.fire(county.clock())
    silent.version = silent.seen_by("JY")["version"]

    with nothing_recorded(county):
        told = silent.attempt("LW", "reject-referral", because="other", reason="晚了")
        refused(told, 409, "not-allowed-now")


def test_a_supervision_that_has_ended_is_not_urged(county):
    watched = begin(
        lying_at(county, "LW"), "HK", "supervise-case", because="risk", demand="请办", report_by="2026-07-30"
    )
    watched.act("HK", "end-supervision")
    with nothing_recorded(county):
        refused(watched.attempt("HK", "urge-supervision", words="请抓紧"), 409, "not-allowed-now")
