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
