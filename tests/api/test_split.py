"""A part that is split off is a case like any other: what stood in the way of the whole stands in its way."""

from uuid import UUID

from application.streams import CASES


def test_a_refusal_with_its_reason_goes_along(county, mediator):
    case = mediator.register()
    applicant, respondent = case.parties
    case.act("refuse-mediation", party=respondent, reason="不愿意")
    case.act("note-proceedings", organ="police", reference="河公(2026)1号")
    before = {one["id"] for one in mediator.get("/api/cases").json()["cases"]}

    case.act("split-case", parties=[applicant, respondent], facts="另一块地", reason="两件事")

    (new,) = {one["id"] for one in mediator.get("/api/cases").json()["cases"]} - before
    state = county.parts.ledger.history(CASES, UUID(new)).state
    assert state.refusals == {(list(state.parties)[1], "people")}
    assert [one.organ for one in state.proceedings] == ["police"]
    assert "不愿意" in mediator.get(f"/api/cases/{new}").text
