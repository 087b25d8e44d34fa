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


def test_a_merger_that_is_struck_is_struck_in_both_histories_at_once(county, mediator):
    case, other = mediator.register(), mediator.register()
    case.act("merge-case", into=other.id, reason="同一纠纷")
    merged = case.version

    before = county.events()
    case.act("strike-entry", entries=[merged], reason="误录")

    histories = [county.parts.ledger.history(CASES, UUID(one.id)) for one in (case, other)]
    assert [one.entries[-1].event.name for one in histories] == ["case.entry_struck", "case.entry_struck"]
    assert county.events() == before + 2
    assert histories[0].state.status == "registered"
    assert mediator.get(f"/api/cases/{other.id}").status_code == 200


def test_neither_half_is_struck_from_the_other_side(mediator):
    case, other = mediator.register(), mediator.register()
    case.act("merge-case", into=other.id, reason="同一纠纷")
    taken_in = mediator.get(f"/api/cases/{other.id}").json()["version"]

    answer = other.attempt("strike-entry", version=taken_in, entries=[taken_in], reason="误录")

    mediator.refused(answer, 422, "not-to-be-amended")
