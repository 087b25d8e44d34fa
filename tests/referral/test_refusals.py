"""What is not referred, and how it is not answered: refused with its kind, and nothing is recorded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.referral.offices import (
    as_seen_from,
    attempt_offer,
    case_at,
    noted,
    nothing_recorded,
    offer,
    refused,
    truth,
)
from tests.referral.test_journeys import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, applicants, lying_at

SUNDAY = "2026-03-01T10:00:00+08:00"


@pytest.mark.parametrize(
    ("sender", "kind", "receiver"),
    [
        ("LW", "delegate", "JY"),  # only a court delegates
        ("JY", "entrust", "LW"),
        ("FY", "transfer", "LW"),  # a court delegates or entrusts
        ("FY", "delegate", "XF"),
        ("LW", "transfer", "FY"),  # nobody transfers to a court
        ("LW", "transfer", "XF"),  # a petition office mediates nothing
        ("LW", "invite", "XF"),
        ("LW", "transfer", "HK"),  # upwards it is asked for
        ("LW", "transfer", "ZZ"),
    ],
)
def test_nobody_refers_in_a_way_that_no_article_gives(county, sender, kind, receiver):
    case = lying_at(county, sender)
    with nothing_recorded(county):
        refused(attempt_offer(case, kind, receiver, occurred_at=TUESDAY), 422, "not-competent")


def test_guidance_is_no_offer(county):
    case = lying_at(county, "FY")
    with nothing_recorded(county):
        refused(attempt_offer(case, "guide", "LW", occurred_at=TUESDAY), 422, "guided-by-themselves")


def test_an_unknown_body_is_refused(county):
    case = lying_at(county, "JY")
    content = {"parties": case.parties}
    path = f"/api/cases/{case.id}/referrals/offer-referral"
    sent = {"kind": "transfer", "to": [str(uuid4())], "content": content, "consented": case.parties}
    with nothing_recorded(county):
        refused(case.desk.post(path, {"If-Match": f'"{case.version}"'}, **sent), 422, "unknown-body")


def test_a_court_delegates_before_filing_and_entrusts_after_it(county):
    before = lying_at(county, "FY")
    after = noted(lying_at(county, "FY"), "court", step="suit-ordinary", occurred_at=MONDAY)
    with nothing_recorded(county):
        refused(attempt_offer(before, "entrust", "LW", occurred_at=TUESDAY), 422, "not-filed-yet")
        refused(attempt_offer(after, "delegate", "LW", occurred_at=TUESDAY), 422, "filed-already")


def test_the_parties_whom_the_law_asks_consent_first(county):
    case = lying_at(county, "JY")
    court = lying_at(county, "FY")
    with nothing_recorded(county):
        told = attempt_offer(case, "transfer", "LW", consented=applicants(case), occurred_at=TUESDAY)
        refused(told, 422, "consent-of-whom")
        refused(attempt_offer(court, "delegate", "LW", consented=[], occurred_at=TUESDAY), 422, "consent-of-whom")
        strangers = [*case.parties, *court.parties]
        told = attempt_offer(case, "transfer", "LW", consented=strangers, occurred_at=TUESDAY)
        refused(told, 422, "not-a-party")


def test_a_petition_is_mediated_by_a_committee_only_with_the_consent_of_both(county):
    """信访工作条例 33: 经争议双方当事人同意进行调解."""
    case = noted(lying_at(county, "XF"), "petition", occurred_at=MONDAY)
    with nothing_recorded(county):
        told = attempt_offer(case, "transfer", "LW", consented=applicants(case), occurred_at=TUESDAY)
        refused(told, 422, "consent-of-whom")
        both = attempt_offer(case, "transfer", "JY", "LW", consented=[], occurred_at=TUESDAY)
        refused(both, 422, "consent-of-whom")
    assert told.json()["parties"] == [case.parties[1]], "it says whose consent is missing"
    assert "第三十三条" in told.json()["basis"]


def test_no_more_is_told_than_the_consenting_parties_gave(county):
    case = lying_at(county, "FY")
    both = case.parties
    with nothing_recorded(county):
        content = {"parties": both, "contacts": both}
        told = attempt_offer(case, "delegate", "LW", consented=applicants(case), content=content, occurred_at=TUESDAY)
        refused(told, 422, "more-than-given")
        content = {"parties": both, "entries": [1]}
        refused(attempt_offer(case, "delegate", "LW", content=content, occurred_at=TUESDAY), 422, "slice-lacks")


def test_nothing_is_offered_before_it_was_registered_nor_in_the_future(county):
    case = lying_at(county, "JY")
    with nothing_recorded(county):
        refused(attempt_offer(case, "transfer", "LW", occurred_at=SUNDAY), 422, "before-what-it-builds-on")
        late = "2027-01-04T10:00:00+08:00"
        refused(attempt_offer(case, "transfer", "LW", occurred_at=late), 422, "in-the-future")


def test_nothing_is_answered_before_it_was_offered(county):
    offered = offer(lying_at(county, "JY"), "transfer", "LW", occurred_at=TUESDAY)
    with nothing_recorded(county):
        refused(offered.attempt("LW", "acknowledge-referral", occurred_at=MONDAY), 422, "before-what-it-builds-on")


def test_a_case_is_not_taken_over_before_the_last_step_of_its_mediation(county):
    case = lying_at(county, "JY")
    offered = offer(case, "transfer", "LW", occurred_at=TUESDAY)
    offered.act("LW", "acknowledge-referral", occurred_at=TUESDAY)
    as_seen_from(case, "JY").act("accept-case", occurred_at=THURSDAY)
    with nothing_recorded(county):
        refused(offered.attempt("LW", "accept-referral", occurred_at=WEDNESDAY), 422, "before-what-it-builds-on")
    offered.act("LW", "accept-referral", occurred_at=THURSDAY)


def test_only_who_holds_or_mediates_it_refers_it(county):
    case = lying_at(county, "LW")
    with nothing_recorded(county):
        above = as_seen_from(case, "HK")
        refused(attempt_offer(above, "transfer", "JY", occurred_at=TUESDAY), 403, "not-your-body")


def test_a_case_has_one_open_offer_that_would_move_its_mediation(county):
    case = lying_at(county, "JY")
    offer(case, "transfer", "LW", occurred_at=TUESDAY)
    with nothing_recorded(county):
        refused(attempt_offer(case, "transfer", "SQ", occurred_at=TUESDAY), 409, "offer-goes-on")


def test_only_a_receiver_answers_and_signs_for_a_transfer_first(county):
    offered = offer(lying_at(county, "JY"), "transfer", "LW", occurred_at=TUESDAY)
    with nothing_recorded(county):
        refused(offered.attempt("JY", "acknowledge-referral", occurred_at=WEDNESDAY), 403, "not-offered-to-you")
        refused(offered.attempt("SQ", "acknowledge-referral", occurred_at=WEDNESDAY), 404, "unknown-stream")
        refused(offered.attempt("LW", "accept-referral", occurred_at=WEDNESDAY), 409, "sign-first")
        refused(offered.attempt("LW", "return-referral", outcome="failed", occurred_at=WEDNESDAY), 403, "not-your-body")


def test_to_accept_a_delegation_is_to_sign_for_it(county):
    case = lying_at(county, "FY")
    offered = offer(case, "delegate", "LW", occurred_at=TUESDAY)
    with nothing_recorded(county):
        refused(offered.attempt("LW", "acknowledge-referral", occurred_at=WEDNESDAY), 409, "accepting-is-signing")


def test_an_outcome_goes_back_only_when_the_mediation_has_it(county):
    case = lying_at(county, "FY")
    offered = offer(case, "delegate", "LW", occurred_at=TUESDAY)
    offered.act("LW", "accept-referral", occurred_at=WEDNESDAY)
    with nothing_recorded(county):
        told = offered.attempt("LW", "return-referral", outcome="agreement", occurred_at=THURSDAY)
        refused(told, 409, "not-concluded")


def test_of_several_receivers_who_press_accept_at_once_exactly_one_wins(county):
    case = case_at(county, "FY", occurred_at=MONDAY)
    offered = offer(case, "delegate", "LW", "SQ", "JY", occurred_at=TUESDAY)

    with ThreadPoolExecutor(3) as desks:
        told = list(desks.map(lambda code: offered.attempt(code, "accept-referral", 1), ("LW", "SQ", "JY")))

    assert sorted(one.status_code for one in told) == [200, 412, 412]
    state = truth(case)
    assert (len(state.mediations), len(state.handed), dict(state.offers)) == (1, 1, {})
