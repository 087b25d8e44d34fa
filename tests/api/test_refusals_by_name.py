"""A page tells by name whose consent, signature or paper is missing; an answer of the API tells it by id alone."""

from __future__ import annotations


def test_a_page_names_whose_consent_is_missing_and_the_api_gives_the_id(county):
    desk = county.as_("li.ming")
    case = desk.register("990101101201")
    known = case.under_way()
    case.act("add-party", side="third", name="欧阳慕雪")
    (newcomer,) = set(case.parties) - set(known)

    told = case.attempt("hold-session", mediation=1, attended=known, record="双方陈述")

    assert "所涉：欧阳慕雪" in desk.get(f"/cases/{case.id}").text
    assert told.json()["parties"] == [newcomer]
    assert "欧阳慕雪" not in told.text


def test_a_page_names_the_signs_that_are_missing(county):
    desk = county.as_("li.ming")
    case = desk.register("990101101201")
    parties = case.under_way()
    case.act("reach-agreement", mediation=1, form="written", terms="各退一步。", obligations=[])
    for party in parties:
        case.act("sign-agreement", mediation=1, party=party)

    refusal = case.attempt("close-case", result="agreement-written").json()

    assert (refusal["code"], refusal["mediator"], refusal["seal"]) == ("signatures-missing", True, True)
    assert "调解员签字、委员会印章" in desk.get(f"/cases/{case.id}").text
