"""Every move between levels, as officers of a village, its town and its county play it; the days are counted by hand.

March 2026 begins with a Sunday; there is no holiday in it.
"""

from __future__ import annotations

import pytest

from domain.office.officer import officer_id
from tests.referral.offices import as_seen_from, begin, body, case_at, desk, truth

MONDAY = "2026-03-02T10:00:00+08:00"
TUESDAY = "2026-03-03T10:00:00+08:00"
WEDNESDAY = "2026-03-04T10:00:00+08:00"
THURSDAY = "2026-03-05T10:00:00+08:00"
FRIDAY = "2026-03-06T10:00:00+08:00"


def lying_at(county, code, **content):
    return case_at(county, code, occurred_at=MONDAY, **content)


def asked_for(case, code="LW", to="HK", **content):
    content = {"because": "too-complex", "occurred_at": TUESDAY, **content}
    return begin(case, code, "request-escalation", to=body(to), **content)


def taken_up(case):
    up = asked_for(case)
    up.act("HK", "accept-escalation", occurred_at=WEDNESDAY)
    return up


def standing(case):
    """Who answers for it, at which level, how high it has been, how often it bounced."""
    state = truth(case)
    return str(state.holder), str(state.level), str(state.highest), state.bounces


def under_way(case, code, mediation, at):
    """A mediation at this desk, with the consent of all and a mediator whom they accept."""
    there = as_seen_from(case, code)
    me = str(officer_id(there.desk.login))
    for party in there.parties:
        there.act("give-consent", party=party, occurred_at=at)
    there.act("propose-mediator", mediation=mediation, mediator=me, occurred_at=at)
    there.act("accept-mediator", mediation=mediation, mediator=me, parties=there.parties, occurred_at=at)
    there.act("tell-rights", parties=there.parties, occurred_at=at)
    there.act("start-mediation", mediation=mediation, occurred_at=at)
    return there


def test_a_request_waits_for_its_answer_and_moves_nothing_until_then(county):
    case = lying_at(county, "LW")

    up = asked_for(case, account="两家已经调解三次，分歧仍大。")

    waiting = up.seen_by("HK")["state"]["answer_by"]
    # our default, three working days from Tuesday 3 March: Wednesday, Thursday, Friday
    assert (waiting["clock"], waiting["day"], waiting["effect"]) == ("ESCALATION_ANSWER", "2026-03-06", "flag")
    assert standing(case) == (body("LW"), "village", "village", 0)
    assert [str(phase) for phase in truth(case).escalations.values()] == ["requested"]


def test_when_it_is_accepted_holder_level_and_responsibility_move_at_once(county):
    case = lying_at(county, "LW")
    # 东至县's example for an ordinary dispute, seven days from Monday 2 March
    assert truth(case).held_until.day.isoformat() == "2026-03-09"
    events = county.events()

    up = asked_for(case)
    up.act("HK", "accept-escalation", note="由镇里牵头", occurred_at=WEDNESDAY)

    assert standing(case) == (body("HK"), "township", "township", 0)
    # seven days of the town's own, from Wednesday 4 March
    assert truth(case).held_until.day.isoformat() == "2026-03-11"
    assert county.events() == events + 5  # the request and its note on the case; the answer, who took it up, the holder


def test_mediation_above_is_a_new_acceptance_with_new_consent(county):
    case = lying_at(county, "LW")
    case.act("accept-case", occurred_at=MONDAY)
    under_way(case, "LW", 1, TUESDAY)

    taken_up(case)
    below = truth(case).mediations[1]
    town = as_seen_from(case, "HK")
    town.act("accept-case", occurred_at=THURSDAY)

    assert (str(below.stage), str(below.ground)) == ("ended", "escalated")
    above = truth(case).mediations[2]
    assert (str(above.body), above.consents, dict(above.mediators)) == (body("HK"), frozenset(), {})
    assert above.file_number != below.file_number
    early = town.attempt("start-mediation", mediation=2, occurred_at=THURSDAY)
    assert (early.status_code, early.json()["code"]) == (409, "consent-needed")
    under_way(case, "HK", 2, FRIDAY)
    assert str(truth(case).mediations[2].stage) == "under-way"


def test_what_is_sent_back_stays_below_and_is_counted_as_a_bounce(county):
    case = lying_at(county, "LW")

    for number in (1, 2):
        up = asked_for(case)
        up.act("HK", "send-back-escalation", because="not-mediated-yet", reason="请先组织调解", occurred_at=WEDNESDAY)
        assert standing(case) == (body("LW"), "village", "village", number)

    assert up.seen_by("LW")["state"]["stage"] == "sent-back"
    assert truth(case).escalations == {}
    assert truth(case).held_until.day.isoformat() == "2026-03-09"  # the village's own clock has gone on


def test_a_request_is_withdrawn_by_those_who_asked_before_it_is_answered(county):
    case = lying_at(county, "LW")
    up = asked_for(case)

    other = up.attempt("HK", "withdraw-escalation", reason="不必再报", occurred_at=WEDNESDAY)
    assert (other.status_code, other.json()["code"]) == (403, "not-your-body")
    up.act("LW", "withdraw-escalation", reason="双方已经和好", occurred_at=WEDNESDAY)

    assert up.seen_by("LW")["state"]["stage"] == "withdrawn"
    assert (standing(case), truth(case).escalations) == ((body("LW"), "village", "village", 0), {})
    late = up.attempt("HK", "accept-escalation", occurred_at=THURSDAY)
    assert (late.status_code, late.json()["code"]) == (409, "not-allowed-now")


@pytest.mark.parametrize(("above", "level"), [("HK", "township"), ("ZZ", "township"), ("QX", "county")])
def test_a_coordinator_above_calls_a_case_up_without_being_asked(county, above, level):
    case = lying_at(county, "LW")
    case.act("accept-case", occurred_at=MONDAY)

    up = begin(case, above, "call-up-case", because="mass-matter", reason="涉及多户", occurred_at=TUESDAY)

    assert standing(case) == (body(above), level, level, 0)
    assert str(truth(case).mediations[1].ground) == "escalated"
    assert up.seen_by("LW")["state"]["stage"] == "accepted"  # who held it still reads it
    # seven days of their own, from Tuesday 3 March
    assert truth(case).held_until.day.isoformat() == "2026-03-10"


def test_what_was_taken_up_is_returned_with_a_clock_of_its_own_and_the_highest_level_stays(county):
    case = lying_at(county, "LW")
    up = taken_up(case)

    up.act("HK", "return-down", because="within-your-powers", reason="村里可以化解", occurred_at=FRIDAY)

    assert standing(case) == (body("LW"), "village", "township", 1)
    # seven days from Friday 6 March
    assert truth(case).held_until.day.isoformat() == "2026-03-13"
    assert up.seen_by("LW")["state"]["stage"] == "returned-down"
    assert truth(case).escalations == {}


def test_the_holder_assigns_a_case_down(county):
    case = lying_at(county, "HK")

    down = begin(case, "HK", "assign-case-down", to=body("SQ"), reason="由石桥村先行调解", occurred_at=TUESDAY)

    assert standing(case) == (body("SQ"), "village", "township", 0)
    # seven days from Tuesday 3 March
    assert truth(case).held_until.day.isoformat() == "2026-03-10"
    assert down.seen_by("SQ")["state"]["stage"] == "assigned"
    as_seen_from(case, "SQ").act("accept-case", occurred_at=WEDNESDAY)
    assert str(truth(case).mediations[1].body) == body("SQ")


def test_what_was_taken_up_may_be_assigned_to_another_village_and_is_no_longer_above(county):
    case = lying_at(county, "LW")
    up = taken_up(case)

    begin(case, "HK", "assign-case-down", to=body("SQ"), reason="石桥村熟悉情况", occurred_at=THURSDAY)

    assert standing(case) == (body("SQ"), "village", "township", 0)
    assert up.seen_by("HK")["state"]["stage"] == "returned-down"
    assert truth(case).escalations == {}


def test_a_case_that_is_closed_above_is_resolved_there(county):
    case = lying_at(county, "LW")
    up = taken_up(case)
    town = as_seen_from(case, "HK")
    town.act("accept-case", occurred_at=THURSDAY)
    town.act("end-mediation", mediation=1, because="self-settled", occurred_at=FRIDAY)

    town.act("close-case", result="self-settled", occurred_at=FRIDAY)

    assert up.seen_by("HK")["state"]["stage"] == "resolved"
    assert (truth(case).escalations, str(truth(case).highest)) == ({}, "township")


def test_a_case_does_not_close_while_the_level_above_has_not_answered(county):
    case = lying_at(county, "LW")
    case.act("accept-case", occurred_at=MONDAY)
    case.act("end-mediation", mediation=1, because="self-settled", occurred_at=MONDAY)
    asked_for(case)

    refused = case.attempt("close-case", result="self-settled", occurred_at=WEDNESDAY)

    assert (refused.status_code, refused.json()["code"]) == (409, "still-on-its-way")


def test_supervision_leaves_the_holder_urging_leaves_the_day_and_a_report_answers_it(county):
    case = lying_at(county, "LW")
    demand = {"because": "risk", "demand": "三日内见面调解", "report_by": "2026-03-13", "occurred_at": TUESDAY}

    watched = begin(case, "HK", "supervise-case", **demand)
    assert standing(case) == (body("LW"), "village", "village", 0)
    watched.act("HK", "urge-supervision", words="请抓紧", occurred_at=WEDNESDAY)
    seen = watched.seen_by("LW")["state"]
    assert (seen["answer_by"]["day"], seen["urged"], seen["reported"]) == ("2026-03-13", 1, False)
    watched.version = watched.seen_by("LW")["version"]
    watched.act("LW", "report-supervision", account="双方已见面。", occurred_at=THURSDAY)
    assert watched.seen_by("HK")["clocks"] == {}  # a report answers the day
    watched.act("HK", "end-supervision", finding="已落实", occurred_at=FRIDAY)

    assert watched.seen_by("LW")["state"]["stage"] == "ended"
    assert truth(case).escalations == {}


def test_a_supervised_case_may_be_moved_up_and_stays_supervised(county):
    case = lying_at(county, "LW")
    demand = {"because": "risk", "demand": "请镇里牵头", "report_by": "2026-03-20", "occurred_at": TUESDAY}
    begin(case, "QX", "supervise-case", **demand)

    taken_up(case)

    assert sorted(str(phase) for phase in truth(case).escalations.values()) == ["supervised", "taken-up"]


def test_what_moved_up_is_still_read_below_and_by_nobody_beside(county):
    case = lying_at(county, "LW")
    up = taken_up(case)

    assert desk(county, "LW").get(f"/api/cases/{case.id}").status_code == 200
    assert desk(county, "SQ").get(f"/api/cases/{case.id}").status_code == 404
    assert up.at("SQ").status_code == 404
