"""A correction over the API is held to the same as what it corrects: a problem, never a 500, and nothing recorded."""

from uuid import UUID

import pytest

from tests.api.conftest import merge

NOBODYS = str(UUID(int=7))


@pytest.fixture
def case(mediator):
    return mediator.register()


def corrected(case, **changes):
    return case.attempt("correct-entry", entry=1, reason="笔误", changes=changes)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("place", NOBODYS, "unknown-area"),
        ("place", "柳湾村", "unfit-content"),
        ("place", 7, "unfit-content"),
        ("facts", "有\x00空", "unfit-content"),
        ("facts", "长" * 20_001, "unfit-content"),
        ("facts", "  ", "unfit-content"),
        ("facts", {"id": NOBODYS, "text": "抄来的"}, "unfit-content"),
    ],
)
def test_what_could_not_have_been_registered_is_not_corrected_to(county, case, field, value, code):
    before = county.events()

    case.desk.refused(corrected(case, **{field: value}), 422, code)

    assert county.events() == before


def test_a_place_that_had_ended_by_then_is_refused_and_one_that_stood_is_taken(county, case):
    grid, gone = str(county.area("990101101201001")), str(county.area("9901011012010"))
    merge(county, "9901011012010", "990101101202")

    case.desk.refused(corrected(case, place=gone), 422, "area-not-in-force")
    assert corrected(case, place=grid).status_code == 200


def test_a_dispute_is_registered_where_it_arose_or_by_those_above(county, mediator):
    place = str(county.area("990101101202"))
    content = {"place": place, "facts": "争执"}

    mediator.refused(mediator.post("/api/cases/register-case", **content), 422, "place-elsewhere")
    assert county.as_("grid").post("/api/cases/register-case", **content).status_code == 422
    assert county.as_("shi.qiao").post("/api/cases/register-case", **content).status_code == 201


def test_its_place_is_corrected_no_further_than_that(county, case):
    case.desk.refused(corrected(case, place=str(county.area("990101101202"))), 422, "place-elsewhere")


def lines_of(case):
    return {line["version"]: line for line in case.desk.get(f"/api/cases/{case.id}").json()["timeline"]}


@pytest.mark.parametrize("changes", [{"facts": "两家为滴水檐争吵。"}, {"category": "other"}, {}])
def test_a_correction_to_the_same_words_is_refused(county, case, changes):
    case.desk.refused(corrected(case, **changes), 422, "nothing-changes")


def test_a_party_is_not_corrected_to_what_is_known_and_a_correction_says_what_was(county, case):
    party = case.parties[0]
    case.desk.refused(case.attempt("correct-party", party=party), 422, "nothing-to-correct")

    case.act("correct-party", party=party, phone="13900002222", reason="换号")

    told = lines_of(case)[case.version]["changed"]
    assert (told["fields"]["phone"]["is"], told["reason"]) == ("13900002222", "换号")
    assert told["fields"]["phone"]["was"] != "13900002222"
    assert "换号" in case.desk.get(f"/cases/{case.id}", {"Accept": "text/html"}).text


def test_a_correction_that_was_corrected_or_struck_no_longer_stands_as_valid(county, case):
    case.act("write-note", note="原文")
    note = case.version
    for text in ("更正一", "更正二"):
        case.act("correct-entry", entry=note, reason="笔误", changes={"note": text})
    told = lines_of(case)
    first, second = sorted(version for version, line in told.items() if line["replaces"] == note)

    assert (told[note]["corrected_by"], told[first]["corrected_by"]) == (first - 1, second - 1)
    assert told[second]["corrected_by"] is None
    page = case.desk.get(f"/cases/{case.id}", {"Accept": "text/html"}).text
    assert page.count(f"do/correct-entry?entry={note}") == 1

    case.act("strike-entry", entries=[note], reason="作废")
    told = lines_of(case)
    assert all(told[version]["struck"] for version in (note, first, second))
