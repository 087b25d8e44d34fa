"""Each kind of referral in each direction, as officers of two bodies play it; the days are counted by hand.

March and April 2026: the 1st of March is a Sunday. Qingming: Saturday 4 to Monday 6 April, without a make-up workday.
"""

from __future__ import annotations

import pytest

from tests.referral.offices import (
    as_seen_from,
    attempt_offer,
    begin,
    body,
    case_at,
    desk,
    noted,
    offer,
    refresh,
    truth,
)

MONDAY = "2026-03-02T10:00:00+08:00"
TUESDAY = "2026-03-03T10:00:00+08:00"
WEDNESDAY = "2026-03-04T10:00:00+08:00"
THURSDAY = "2026-03-05T10:00:00+08:00"
FRIDAY = "2026-03-06T10:00:00+08:00"


def lying_at(county, code, **content):
    return case_at(county, code, occurred_at=MONDAY, **content)


def applicants(case):
    return [id for id, one in case.state()["parties"].items() if one["side"] == "applicant"]


def agree(case, code, mediation, since):
    """Consent, a mediator, a session, an agreement signed and sealed, all at the receiver's desk."""
    there = as_seen_from(case, code)
    me = members(there)
    parties = there.parties
    for party in parties:
        there.act(
            "give-consent",
            party=party,
            subject={"about": "mediation", "channel": channel(there, mediation)},
            occurred_at=since,
        )
    there.act("propose-mediator", mediation=mediation, mediator=me, occurred_at=since)
    there.act("accept-mediator", mediation=mediation, mediator=me, parties=parties, occurred_at=since)
    there.act("tell-rights", parties=parties, occurred_at=since)
    there.act("start-mediation", mediation=mediation, occurred_at=since)
    there.act("hold-session", mediation=mediation, attended=parties, record="各退一步。", occurred_at=since)
    there.act(
        "reach-agreement", mediation=mediation, form="written", terms="拆除雨棚", obligations=[], occurred_at=since
    )
    for party in parties:
        there.act("sign-agreement", mediation=mediation, party=party, occurred_at=since)
    return there, me


def channel(case, mediation):
    return truth(case).mediations[mediation].channel


def members(case):
    from domain.office.officer import officer_id

    return str(officer_id(case.desk.login))


@pytest.mark.parametrize("receiver", ["LW", "JY"])
def test_a_court_delegates_before_filing_and_a_refusal_brings_the_papers_back_at_once(county, receiver):
    case = lying_at(county, "FY")

    offered = offer(case, "delegate", receiver, consented=applicants(case), on_platform=True, occurred_at=TUESDAY)
    waiting = offered.seen_by(receiver)["state"]["answer_by"]
    offered.act(receiver, "accept-referral", occurred_at=WEDNESDAY)

    # 在线调解规则 12: three working days from Tuesday: Wednesday, Thursday, Friday
    assert (waiting["clock"], waiting["day"], waiting["effect"]) == ("MEDIATOR_ACK", "2026-03-06", "re-appointable")
    mediation = truth(case).mediations[1]
    assert (mediation.mandate, str(mediation.body)) == ("delegated", body(receiver))
    # 特邀调解规定 27: thirty days from Wednesday 4 March: Friday 3 April, the day before Qingming
    assert mediation.conclude.day.isoformat() == "2026-04-03"
    # 在线调解规则 15: three working days, a may
    assert [(one.clock, one.day.isoformat(), one.effect) for one in mediation.also] == [
        ("COUNTERPARTY_CONSENT", "2026-03-09", "warn")
    ]
    assert str(truth(case).holder) == body("FY")  # a delegation moves neither holder nor level

    there = as_seen_from(case, receiver)
    there.act("end-mediation", mediation=1, because="refused", remedies_told=True, occurred_at=THURSDAY)

    back = offered.seen_by("FY")["state"]
    assert (back["stage"], back["outcome"]) == ("returned", "refused")
    assert not truth(case).handed


@pytest.mark.parametrize("receiver", ["LW", "JY"])
@pytest.mark.parametrize(
    ("summary", "day"),
    # 特邀调解规定 27, from Wednesday 4 March: fifteen days, Thursday 19 March; seven days, Wednesday 11 March
    [(False, "2026-03-19"), (True, "2026-03-11")],
)
def test_a_court_entrusts_after_filing_and_makes_the_document_itself(county, receiver, summary, day):
    case = noted(lying_at(county, "FY"), "court", step="suit-ordinary", occurred_at=MONDAY)

    offered = offer(case, "entrust", receiver, summary_procedure=summary, occurred_at=TUESDAY)
    offered.act(receiver, "accept-referral", occurred_at=WEDNESDAY)

    assert truth(case).mediations[1].conclude.day.isoformat() == day
    there, me = agree(case, receiver, 1, THURSDAY)
    there.act("sign-as-mediator", mediation=1, mediator=me, occurred_at=THURSDAY)
    offered.version = offered.seen_by(receiver)["version"]
    offered.act(receiver, "return-referral", outcome="agreement", papers=[], occurred_at=FRIDAY)
    court = as_seen_from(case, "FY")
    court.act("record-court-document", mediation=1, reference="(2026)民初1号", occurred_at=FRIDAY)

    # 特邀调解规定 20: the court's document gives effect, and is never confirmed again
    mediation = truth(case).mediations[1]
    assert (mediation.stage, mediation.agreement.confirm) == ("in-effect", None)
    assert truth(case).resolved_at is not None


def test_an_organ_transfers_to_a_committee_and_holder_channel_and_level_change_at_once(county):
    case = lying_at(county, "JY")
    before = truth(case).level

    offered = offer(case, "transfer", "LW", occurred_at=TUESDAY)
    assert offered.seen_by("LW")["state"]["answer_by"]["day"] == "2026-03-06"  # three working days to sign for it
    offered.act("LW", "acknowledge-referral", occurred_at=WEDNESDAY)
    # five working days from Wednesday 4 March: 5, 6, 9, 10, 11
    assert reception(offered, "LW")["accept_by"]["day"] == "2026-03-11"
    offered.act("LW", "accept-referral", occurred_at=THURSDAY)

    state = truth(case)
    assert (str(state.holder), before, state.level) == (body("LW"), "county", "village")
    assert state.highest == "county"  # every level ever held, the first included
    mediation = state.mediations[1]
    assert (mediation.channel, mediation.mandate, mediation.consents) == ("people", "transferred", frozenset())
    # 令75 art. 33: a month from Thursday 5 March: Sunday 5 April is Qingming, Tuesday 7 April is not
    assert (mediation.conclude.day.isoformat(), mediation.conclude.soft) == ("2026-04-07", True)

    there, me = agree(case, "LW", 1, FRIDAY)
    there.act("sign-as-mediator", mediation=1, mediator=me, occurred_at=FRIDAY)
    there.act("seal-agreement", mediation=1, occurred_at=FRIDAY)
    offered.version = offered.seen_by("LW")["version"]
    offered.act("LW", "return-referral", outcome="agreement", account="双方和好。", occurred_at=FRIDAY)
    refresh(there)
    there.act("close-case", result="agreement-written", occurred_at=FRIDAY)

    assert offered.seen_by("JY")["state"]["outcome"] == "agreement"
    assert (truth(case).status, str(truth(case).holder)) == ("closed", body("LW"))


def test_a_complex_matter_that_a_committee_transfers_to_an_organ_may_take_ten_working_days_to_answer(county):
    case = lying_at(county, "LW", category="consumer")

    offered = offer(case, "transfer", "JY", complex=True, occurred_at=TUESDAY)
    offered.act("JY", "acknowledge-referral", occurred_at=WEDNESDAY)

    # ten working days from Wednesday 4 March: 5, 6, 9–13, 16, 17, 18
    assert reception(offered, "JY")["accept_by"]["day"] == "2026-03-18"
    offered.act("JY", "accept-referral", occurred_at=THURSDAY)
    # 市场监督管理投诉举报处理暂行办法 21: forty-five working days from Thursday 5 March. 6 March: 1; the weeks of
    # 9, 16, 23 and 30 March: 21; Monday 6 April is Qingming; 7–10 April: 25; the weeks of 13 and
    # 20 April: 35; 27–30 April: 39; 1–5 May are Labour Day; 6–8 May: 42; Saturday 9 May is worked: 43; 11, 12 May: 45
    conclude = truth(case).mediations[1].conclude
    assert (conclude.clock, conclude.day.isoformat(), conclude.effect) == (
        "SAMR_CONCLUDE",
        "2026-05-12",
        "close-as-failed",
    )


def test_what_a_transfer_did_not_resolve_is_the_senders_again(county):
    case = lying_at(county, "JY")
    offered = offer(case, "transfer", "LW", occurred_at=TUESDAY)
    offered.act("LW", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("LW", "accept-referral", occurred_at=WEDNESDAY)

    there = as_seen_from(case, "LW")
    there.act("end-mediation", mediation=1, because="failed", remedies_told=True, occurred_at=FRIDAY)

    state = truth(case)
    assert (str(state.holder), state.level, state.bounces) == (body("JY"), "county", 1)
    assert offered.seen_by("JY")["state"]["outcome"] == "failed"


def test_the_police_transfer_what_is_no_police_matter_and_hear_back_within_a_day(county):
    case = lying_at(county, "GA")

    offered = offer(case, "transfer", "LW", occurred_at=TUESDAY)
    offered.act("LW", "acknowledge-referral", occurred_at="2026-03-04T10:20:00+08:00")

    # twenty-four hours from 11:00, for the hour of the start does not count
    assert reception(offered, "LW")["feedback_by"]["at"].startswith("2026-03-05T11:00:00+08:00")
    offered.act("LW", "accept-referral", occurred_at=THURSDAY)
    assert str(truth(case).holder) == body("LW")


def test_a_petition_goes_to_a_committee_and_stays_open_as_the_parent_with_its_own_clock(county):
    case = noted(lying_at(county, "XF"), "petition", step="petition-accepted", occurred_at=MONDAY)

    offered = offer(case, "transfer", "LW", occurred_at=TUESDAY)
    offered.act("LW", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("LW", "accept-referral", occurred_at=WEDNESDAY)

    petition = truth(case).proceedings[0]
    # 信访工作条例 34: sixty days from Monday 2 March: Friday 1 May is Labour Day, the holidays end on Tuesday 5 May
    assert (petition.over, petition.due.day.isoformat()) == (False, "2026-05-06")
    assert truth(case).mediations[1].channel == "people"


def test_a_petition_office_routes_to_the_competent_organ_without_anybodys_consent(county):
    """信访工作条例 22: 应当转送有权处理的机关、单位, within fifteen days; the other side is not asked."""
    case = noted(lying_at(county, "XF"), "petition", occurred_at=MONDAY)

    offered = offer(case, "transfer", "JY", consented=[], occurred_at=TUESDAY)
    offered.act("JY", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("JY", "accept-referral", occurred_at=WEDNESDAY)

    assert str(truth(case).holder) == body("JY")
    assert truth(case).mediations[1].consents == frozenset(), "nobody is mediated by that"


@pytest.mark.parametrize("sender", ["JY", "GA"])
def test_an_organ_sends_what_is_not_its_office_to_the_one_that_is_without_anybodys_consent(county, sender):
    """深圳条例 45: 应当在三个工作日内移送给有管辖权的行政机关."""
    case, receiver = lying_at(county, sender), {"JY": "GA", "GA": "JY"}[sender]

    offered = offer(case, "transfer", receiver, consented=[], occurred_at=TUESDAY)
    offered.act(receiver, "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act(receiver, "accept-referral", occurred_at=WEDNESDAY)

    assert str(truth(case).holder) == body(receiver)


def test_the_organ_takes_a_petition_also_where_a_party_refuses_to_be_mediated_and_mediates_nobody(county):
    case = noted(lying_at(county, "XF"), "petition", occurred_at=MONDAY)
    case.act("refuse-mediation", party=case.parties[1], channel="administrative", occurred_at=MONDAY)

    offered = offer(case, "transfer", "JY", consented=[], occurred_at=TUESDAY)
    offered.act("JY", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("JY", "accept-referral", occurred_at=WEDNESDAY)

    assert (str(truth(case).holder), dict(truth(case).mediations)) == (body("JY"), {})
    offered.act("JY", "return-referral", outcome="refused", occurred_at=THURSDAY)
    assert str(truth(case).holder) == body("XF")


def test_a_village_passes_a_case_of_another_village_sideways_with_the_consent_of_both(county):
    """令75 21: by the committee where the parties live, or where it arose. It stays one case, at the same level."""
    case = lying_at(county, "LW")

    offered = offer(case, "transfer", "SQ", occurred_at=TUESDAY)
    offered.act("SQ", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("SQ", "accept-referral", occurred_at=WEDNESDAY)

    assert (str(truth(case).holder), str(truth(case).highest)) == (body("SQ"), "village")


def test_an_organ_objects_to_a_misrouted_petition_within_five_working_days_and_the_sender_decides(county):
    case = noted(lying_at(county, "XF"), "petition", occurred_at=MONDAY)

    offered = offer(case, "transfer", "JY", occurred_at=TUESDAY)
    offered.act("JY", "acknowledge-referral", occurred_at=WEDNESDAY)
    got = reception(offered, "JY")
    # 信访工作条例 23: five working days to object: 11 March; fifteen days to tell the petitioner: Thursday 19 March
    assert (got["object_by"]["day"], got["notify_by"]["day"]) == ("2026-03-11", "2026-03-19")

    offered.act("JY", "object-to-referral", reason="属于城管职权范围", occurred_at=THURSDAY)
    offered.act("XF", "decide-objection", agreed=False, reason="经核实属你局职权", occurred_at=FRIDAY)
    assert offered.seen_by("JY")["state"]["stage"] == "acknowledged"
    again = offered.attempt("JY", "object-to-referral", reason="再次异议", occurred_at=FRIDAY)
    assert (again.status_code, again.json()["code"]) == (409, "not-to-be-objected-to")

    offered.act("JY", "accept-referral", occurred_at=FRIDAY)
    assert str(truth(case).holder) == body("JY")


def test_an_objection_that_the_sender_agrees_to_brings_the_material_back(county):
    case = noted(lying_at(county, "XF"), "petition", occurred_at=MONDAY)
    offered = offer(case, "transfer", "JY", occurred_at=TUESDAY)
    offered.act("JY", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("JY", "object-to-referral", reason="属于城管职权范围", occurred_at=THURSDAY)

    offered.act("XF", "decide-objection", agreed=True, occurred_at=FRIDAY)

    assert offered.seen_by("XF")["state"]["stage"] == "upheld"
    assert (truth(case).offers, truth(case).bounces, str(truth(case).holder)) == ({}, 1, body("XF"))


@pytest.mark.parametrize(("inviter", "guest"), [("LW", "JY"), ("JY", "LW"), ("LW", "SQ"), ("GA", "LW"), ("FY", "LW")])
def test_an_invited_body_mediates_along_and_the_inviters_clock_goes_on(county, inviter, guest):
    case = lying_at(county, inviter)
    case.act("accept-case", occurred_at=MONDAY)
    clock = truth(case).mediations[1].conclude

    offered = offer(case, "invite", guest, occurred_at=TUESDAY)
    assert offered.seen_by(guest)["state"]["answer_by"] is None
    offered.act(guest, "accept-referral", occurred_at=WEDNESDAY)

    state = truth(case)
    assert (state.mediations[1].conclude, str(state.holder)) == (clock, body(inviter))
    assert [str(one) for one in state.mediations[1].joint] == [body(guest)]
    assert state.active_mediation.number == 1
    assert list(state.mediations) == [1]

    there = as_seen_from(case, guest)
    there.act("propose-mediator", mediation=1, mediator=members(there), occurred_at=WEDNESDAY)
    here = as_seen_from(case, inviter)
    here.act("end-mediation", mediation=1, because="failed", remedies_told=True, occurred_at=FRIDAY)

    assert offered.seen_by(inviter)["state"]["stage"] == "returned"
    assert not truth(case).handed


def test_committees_of_several_villages_mediate_together_and_one_agreement_names_them_all(county):
    """人民调解委员会组织条例 7."""
    case = lying_at(county, "LW")
    case.act("accept-case", occurred_at=MONDAY)
    refused = attempt_offer(case, "invite", "SQ", consented=[], occurred_at=TUESDAY)
    assert "人民调解委员会组织条例" in refused.json()["basis"]
    for guest in ("SQ", "HK"):
        offer(refresh(case), "invite", guest, occurred_at=WEDNESDAY).act(
            guest, "accept-referral", occurred_at=WEDNESDAY
        )

    agree(case, "SQ", 1, THURSDAY)

    assert {str(one) for one in truth(case).mediations[1].joint} == {body("SQ"), body("HK")}
    for path in ("", "/print/agreement"):
        told = desk(county, "LW").get(f"/cases/{case.id}{path}", {"Accept": "text/html"}).text
        assert [one for one in ("柳湾村", "石桥村", "河口镇") if f"{one}人民调解委员会" not in told] == []


@pytest.mark.parametrize("guide", ["FY", "GA"])
def test_guidance_is_one_entry_of_the_case_without_answer_or_clock(county, guide):
    case = lying_at(county, guide)
    before = county.events()

    case.act("guide-parties", to=body("LW"), occurred_at=TUESDAY)

    assert county.events() == before + 1
    assert (truth(case).offers, str(truth(case).holder)) == ({}, body(guide))
    refused = case.attempt("guide-parties", to=body("JY"), occurred_at=TUESDAY)
    assert refused.json()["code"] == "guided-to-committees"


def test_who_is_neither_court_nor_police_does_not_guide(county):
    case = lying_at(county, "LW")

    refused = case.attempt("guide-parties", occurred_at=TUESDAY)

    assert (refused.status_code, refused.json()["code"]) == (422, "only-court-or-police-guide")


def test_a_wrong_channel_is_re_routed_in_one_step_with_its_reason_and_a_clock_of_its_own(county):
    case = lying_at(county, "JY")
    offered = offer(case, "transfer", "LW", occurred_at=TUESDAY)
    offered.act("LW", "acknowledge-referral", occurred_at=WEDNESDAY)
    offered.act("LW", "reject-referral", because="wrong-channel", reason="应由石桥村办理", occurred_at=THURSDAY)
    events = county.events()

    told = offered.act(
        "JY",
        "reroute-referral",
        kind="transfer",
        to=[body("SQ")],
        content={"parties": case.parties},
        consented=case.parties,
        reason="当事人居住地在石桥村",
        occurred_at=FRIDAY,
    )

    new = county.as_("shi.qiao").get(f"/api/cases/{case.id}/referrals/{told['id']}").json()
    # three working days from Friday 6 March: Monday, Tuesday, Wednesday
    assert new["state"]["answer_by"]["day"] == "2026-03-11"
    assert offered.seen_by("LW")["state"]["stage"] == "rerouted"  # who had it is told
    assert any("rerouted" in line["name"] for line in offered.seen_by("LW")["timeline"])
    assert county.events() > events
    assert truth(case).bounces == 1


def test_a_moved_case_takes_its_parties_papers_days_and_open_offers_along(county):
    """B14."""
    case = lying_at(county, "LW")
    case.act("file-paper", paper="application", sha256="a" * 64, occurred_at=MONDAY)
    offered = offer(case, "transfer", "JY", occurred_at=TUESDAY)
    before = truth(case)

    up = begin(case, "LW", "request-escalation", to=body("HK"), because="too-complex", occurred_at=WEDNESDAY)
    up.act("HK", "accept-escalation", occurred_at=THURSDAY)

    after = truth(case)
    assert (str(after.holder), after.level) == (body("HK"), "township")
    assert (after.parties, after.papers, after.offers) == (before.parties, before.papers, before.offers)
    assert after.held_until.since.isoformat() == THURSDAY or after.held_until.day > before.held_until.day
    offered.version = offered.seen_by("HK")["version"]
    offered.act("HK", "withdraw-referral", reason="由镇里办理", occurred_at=FRIDAY)  # the new holder answers for it
    assert truth(case).offers == {}


def reception(offered, code):
    return offered.seen_by(code)["state"]["receptions"][body(code)]
