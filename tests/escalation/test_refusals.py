"""What is not moved between levels: refused with its kind, and nothing is recorded."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.escalation.test_journeys import (
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    asked_for,
    lying_at,
    taken_up,
    under_way,
)
from tests.referral.offices import as_seen_from, attempt_begin, begin, body, case_at, desk, nothing_recorded, refused

SUNDAY = "2026-03-01T10:00:00+08:00"
UP = {"because": "too-complex", "occurred_at": TUESDAY}
CALL = {"because": "mass-matter", "reason": "涉及多户", "occurred_at": TUESDAY}
WATCH = {"because": "risk", "demand": "请抓紧办理", "report_by": "2026-03-20", "occurred_at": TUESDAY}


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("FY", "takes-nothing-up"),  # a court answers for no level
        ("JY", "takes-nothing-up"),
        ("XF", "takes-nothing-up"),
        ("GA", "takes-nothing-up"),
        ("SQ", "not-above"),  # sideways
        ("LW", "not-above"),  # itself
        ("PT", "not-above"),  # another town's village
    ],
)
def test_a_case_is_asked_up_only_to_a_body_above_that_answers_for_a_level(county, to, code):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        refused(attempt_begin(case, "LW", "request-escalation", to=body(to), **UP), 422, code)


def test_an_unknown_body_is_refused(county):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        refused(attempt_begin(case, "LW", "request-escalation", to=str(uuid4()), **UP), 422, "unknown-body")


def test_nothing_is_answered_before_it_was_asked_nor_in_the_future(county):
    case = lying_at(county, "LW")
    up = asked_for(case)
    with nothing_recorded(county):
        refused(up.attempt("HK", "accept-escalation", occurred_at=MONDAY), 422, "before-what-it-builds-on")
        refused(up.attempt("HK", "accept-escalation", occurred_at="2027-01-04T10:00:00+08:00"), 422, "in-the-future")


@pytest.mark.parametrize(
    ("at", "command", "content"),
    [
        ("LW", "request-escalation", {**UP, "to": body("HK")}),
        ("HK", "call-up-case", CALL),
        ("HK", "supervise-case", WATCH),
    ],
)
def test_nothing_begins_before_the_case_was_registered(county, at, command, content):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        told = attempt_begin(case, at, command, **{**content, "occurred_at": SUNDAY})
        refused(told, 422, "before-what-it-builds-on")


def test_a_case_is_not_moved_before_the_last_step_of_its_mediation(county):
    case = lying_at(county, "LW")
    case.act("accept-case", occurred_at=WEDNESDAY)
    with nothing_recorded(county):
        refused(attempt_begin(case, "HK", "call-up-case", **CALL), 422, "before-what-it-builds-on")


def test_only_a_coordinator_calls_up_or_supervises_and_only_from_above(county):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        refused(attempt_begin(case, "LW", "call-up-case", **CALL), 403, "not-your-right")
        refused(attempt_begin(case, "LW", "supervise-case", **WATCH), 403, "not-your-right")
        refused(attempt_begin(case, "SQ", "call-up-case", **CALL), 404, "unknown-stream")


def test_a_holder_above_neither_calls_up_nor_supervises_its_own_case(county):
    case = lying_at(county, "HK")
    with nothing_recorded(county):
        refused(attempt_begin(case, "HK", "call-up-case", **CALL), 403, "not-your-body")
        refused(attempt_begin(case, "ZZ", "call-up-case", **CALL), 422, "not-above")  # the same level


def test_only_the_holder_asks_up_and_assigns_down(county):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        refused(attempt_begin(case, "HK", "request-escalation", to=body("QX"), **UP), 403, "not-your-body")
        refused(
            attempt_begin(case, "HK", "assign-case-down", to=body("SQ"), reason="交办", occurred_at=TUESDAY),
            403,
            "not-your-body",
        )


@pytest.mark.parametrize("to", ["QX", "ZZ", "HK", "PT"])
def test_a_case_is_assigned_only_to_a_body_below(county, to):
    case = lying_at(county, "HK")
    with nothing_recorded(county):
        told = attempt_begin(case, "HK", "assign-case-down", to=body(to), reason="请办理", occurred_at=TUESDAY)
        refused(told, 422, "not-below")


def test_a_report_is_due_on_a_later_day(county):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        told = attempt_begin(case, "HK", "supervise-case", **{**WATCH, "report_by": "2026-03-03"})
        refused(told, 422, "day-is-over")


def test_a_second_request_waits_for_the_first_to_be_answered(county):
    case = lying_at(county, "LW")
    asked_for(case)
    with nothing_recorded(county):
        refused(attempt_begin(case, "LW", "request-escalation", to=body("QX"), **UP), 409, "request-goes-on")
        refused(attempt_begin(case, "QX", "call-up-case", **CALL), 409, "request-goes-on")


def test_only_the_body_that_was_asked_answers(county):
    case = lying_at(county, "LW")
    up = asked_for(case)
    with nothing_recorded(county):
        refused(up.attempt("LW", "accept-escalation", occurred_at=WEDNESDAY), 403, "not-your-body")
        refused(up.attempt("QX", "accept-escalation", occurred_at=WEDNESDAY), 403, "not-your-body")
        refused(up.attempt("SQ", "accept-escalation", occurred_at=WEDNESDAY), 404, "unknown-stream")


def test_of_two_answers_to_what_both_have_seen_the_second_is_refused(county):
    case = lying_at(county, "LW")
    up = asked_for(case)
    seen = up.version
    up.act("HK", "accept-escalation", occurred_at=WEDNESDAY)
    with nothing_recorded(county):
        told = up.attempt("HK", "send-back-escalation", seen, because="other", reason="退回", occurred_at=WEDNESDAY)
        refused(told, 412, "version-mismatch")


def test_what_has_moved_on_is_not_returned_by_who_held_it_before(county):
    case = lying_at(county, "LW")
    up = taken_up(case)
    begin(case, "QX", "call-up-case", because="risk", reason="有激化风险", occurred_at=THURSDAY)
    with nothing_recorded(county):
        told = up.attempt("HK", "return-down", because="other", reason="退回", occurred_at=THURSDAY)
        refused(told, 409, "not-held-above")


def test_an_agreement_that_awaits_signatures_is_not_moved_away(county):
    case = case_at(county, "LW", occurred_at=TUESDAY)
    case.act("accept-case", occurred_at=TUESDAY)
    there = as_seen_from(case, "LW")
    agreed(there)
    with nothing_recorded(county):
        refused(attempt_begin(case, "HK", "call-up-case", **{**CALL, "occurred_at": THURSDAY}), 409, "agreed-already")


def agreed(case):
    there = under_way(case, "LW", 1, WEDNESDAY)
    there.act("hold-session", mediation=1, attended=there.parties, record="各退一步。", occurred_at=WEDNESDAY)
    there.act("reach-agreement", mediation=1, form="written", terms="拆除雨棚", obligations=[], occurred_at=WEDNESDAY)


def test_what_is_closed_moves_no_more(county):
    case = lying_at(county, "LW")
    case.act("decline-case", because="no-party", remedies_told=True, occurred_at=MONDAY)
    with nothing_recorded(county):
        refused(attempt_begin(case, "HK", "call-up-case", **CALL), 409, "not-allowed-now")
        refused(attempt_begin(case, "HK", "supervise-case", **WATCH), 409, "not-allowed-now")


def test_an_escalation_is_read_only_under_its_own_case(county):
    one, other = lying_at(county, "LW"), lying_at(county, "LW")
    up = asked_for(one)

    assert desk(county, "LW").get(f"/api/cases/{other.id}/escalations/{up.id}").status_code == 404
    assert desk(county, "LW").get(f"/api/cases/{one.id}/escalations/{uuid4()}").status_code == 404
