"""风险报告: a possible crime that is reported reaches the desk of the police, is answered, and stands on the case."""

from __future__ import annotations

from tests.referral.offices import as_seen_from, body, desk, offer, refresh, truth
from tests.referral.test_journeys import lying_at

RISKS = 'id="risks"'


def reported(county):
    case = lying_at(county, "LW")
    case.act("rate-risk", risk="red", possible_crime=True)
    case.act("report-risk", recipient="police", recipient_name="河口派出所", recipient_body=body("GA"))
    return case


def first_page(county):
    county.parts.projector.catch_up()
    return desk(county, "GA").get("/").text


def test_it_stands_on_the_first_page_of_the_police_until_they_answer(county):
    case = reported(county)

    assert RISKS in first_page(county)
    there = as_seen_from(case, "GA")
    there.act("answer-risk-report", report=1, answer="已派员到场稳控")
    assert RISKS not in first_page(county)
    told = [line["name"] for line in case.desk.get(f"/api/cases/{case.id}").json()["timeline"]]
    assert told[-1] == "case.risk_report_answered"


def test_it_has_a_clock_and_nobody_else_answers_it(county):
    case = reported(county)

    assert truth(case).risk_reports[1].answer_by.clock == "RISK_ANSWER"
    for code in ("LW", "ZZ", "JY"):
        told = as_seen_from(case, code).attempt("answer-risk-report", report=1, answer="代答")
        assert told.status_code in {403, 404, 422}
        assert not truth(case).risk_reports[1].answered


def told_to_the_police(case):
    return desk(case.desk.county, "GA").get(f"/api/cases/{case.id}").text


def test_who_reads_a_part_shows_the_police_no_more_than_that_part(county):
    case = lying_at(county, "LW", facts="秘密事实")
    first = case.parties[0]
    case.act("accept-case")
    content = {"parties": [first], "facts": False, "amount": False}
    offer(case, "invite", "JY", content=content).act("JY", "accept-referral")

    as_seen_from(case, "JY").act(
        "report-risk", recipient="police", recipient_name="所", recipient_body=body("GA"), account="有人持械"
    )

    told = told_to_the_police(case)
    assert ("有人持械" in told, "周大山" in told, "秘密事实" in told, "吴小河" in told) == (True, True, False, False)
    as_seen_from(case, "GA").act("answer-risk-report", report=1, answer="已处")


def test_the_police_read_on_no_further_once_they_have_answered(county):
    case = reported(county)
    as_seen_from(case, "GA").act("answer-risk-report", report=1, answer="已处")

    refresh(case).act("write-note", note="答复之后的事")

    assert "答复之后的事" not in told_to_the_police(case)


def test_the_police_who_have_a_desk_here_are_reported_to_there(county):
    """人民调解法 25: a name that is typed in reaches nobody."""
    case = lying_at(county, "LW")

    typed = case.attempt("report-risk", recipient="police", recipient_name="河口派出所")

    assert (typed.status_code, typed.json()["code"]) == (422, "desk-to-be-named")
