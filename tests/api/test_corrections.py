"""A correction over the API is held to the same as what it corrects: a problem, never a 500, and nothing recorded."""

from uuid import uuid4

import pytest

from tests.api.conftest import merge


@pytest.fixture
def case(mediator):
    return mediator.register()


def corrected(case, **changes):
    return case.attempt("correct-entry", entry=1, reason="笔误", changes=changes)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("place", str(uuid4()), "unknown-area"),
        ("place", "柳湾村", "unfit-content"),
        ("place", 7, "unfit-content"),
        ("facts", "有\x00空", "unfit-content"),
        ("facts", "长" * 20_001, "unfit-content"),
        ("facts", "  ", "unfit-content"),
        ("facts", {"id": str(uuid4()), "text": "抄来的"}, "unfit-content"),
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
