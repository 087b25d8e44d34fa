"""Who asks the organ above and the court for one dispute is noticed: on the case, over the API, on the bridge."""

from __future__ import annotations

from api.labels import labels
from tests.api.conftest import Case, County

TOLD = str(labels("zh")["page"]["two_remedies"])
PAGE = {"Accept": "text/html"}


def noted(county: County, *organs: dict[str, str]) -> Case:
    case = county.as_("li.ming").register()
    for organ in organs:
        case.act("note-proceedings", **organ)
    county.parts.projector.catch_up()
    return case


def row(case: Case) -> str:
    page = case.desk.get("/bridge", PAGE).text
    return next((part for part in page.split("<tr>") if case.id in part), "")


APPEAL = {"organ": "administrative", "step": "appeal-above"}
SUIT = {"organ": "court", "step": "suit-received"}


def test_an_appeal_to_the_organ_above_beside_a_suit_is_noticed(county: County) -> None:
    case = noted(county, APPEAL, SUIT)

    assert case.desk.get(f"/api/cases/{case.id}").json()["two_remedies"] == ["administrative", "court"]
    assert TOLD in case.desk.get(f"/cases/{case.id}", PAGE).text
    assert TOLD in row(case)


def test_any_other_two_organs_are_shown_and_are_no_two_remedies(county: County) -> None:
    case = noted(county, {"organ": "police"}, SUIT)

    assert case.desk.get(f"/api/cases/{case.id}").json()["two_remedies"] == []
    assert TOLD not in case.desk.get(f"/cases/{case.id}", PAGE).text
    assert row(case)
    assert TOLD not in row(case)
