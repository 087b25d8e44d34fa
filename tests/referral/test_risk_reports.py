"""风险报告: a possible crime that is reported reaches the desk of the police, is answered, and stands on the case."""

from __future__ import annotations

from tests.referral.offices import as_seen_from, body, desk, truth
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
