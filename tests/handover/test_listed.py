"""What a registration lists is found by it and told of it; a body that was handed a part sees only the frame of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.case.opening.listed import LISTED_FIELDS
from tests.case.histories import told_otherwise
from tests.referral.offices import case_at, desk, offer

EACH = pytest.mark.parametrize("one", LISTED_FIELDS.values(), ids=lambda one: one.name)


def found(county: Any, code: str, **wanted: Any) -> dict[str, Any]:
    """Cases by id, as the desk of this body finds them."""
    county.parts.projector.catch_up()
    told = desk(county, code).post("/api/cases/search", **wanted, limit=200)
    assert told.status_code == 200, told.text
    return {line["id"]: line for line in told.json()["cases"]}


def told_by(one: Any) -> str:
    return str(told_otherwise(one))


@EACH
def test_a_case_is_found_by_it_and_shows_it(county, one):
    told, other = case_at(county, "LW", **{one.name: told_by(one)}), case_at(county, "LW")

    lines = found(county, "LW", **{one.name: told_by(one)})

    assert other.id not in lines
    assert lines[told.id][one.name] == told_by(one)
    assert desk(county, "LW").get(f"/api/cases/{told.id}").json()[one.name] == told_by(one)
    assert desk(county, "LW").get(f"/api/cases/{other.id}").json()[one.name] == one.usual


@EACH
def test_who_was_handed_a_part_finds_and_reads_only_what_is_of_the_frame(county, one):
    case = case_at(county, "JY", **{one.name: told_by(one)})
    offered = offer(case, "transfer", "LW")
    for step in ("acknowledge-referral", "accept-referral"):
        offered.act("LW", step)
    expected = told_by(one) if one.framed else one.nothing

    assert (case.id in found(county, "LW", **{one.name: told_by(one)})) is one.framed
    assert case.id in found(county, "JY", **{one.name: told_by(one)})
    assert found(county, "LW")[case.id][one.name] == expected
    assert desk(county, "LW").get(f"/api/cases/{case.id}").json()[one.name] == expected


@EACH
def test_a_text_is_asked_for_in_no_address_and_anything_else_in_both_ways(county, one):
    asked = desk(county, "LW").get("/api/cases", **{one.name: told_by(one)})

    assert asked.status_code == (422 if one.is_text else 200)
    assert not one.is_code or desk(county, "LW").get("/api/cases", **{one.name: "no-such-code"}).status_code == 422


@EACH
def test_pages_show_it_and_the_list_has_a_place_to_ask_for_it(county, one):
    case = case_at(county, "LW", **{one.name: told_by(one)})
    browser, me = county.http, desk(county, "LW")
    cookie = {"Cookie": f"tiaojie-session-80={county.tokens[me.login]}"}
    county.parts.projector.catch_up()

    listed = browser.get("/cases", headers=cookie).text
    shown = browser.get(f"/cases/{case.id}", headers=cookie).text

    assert f'name="{one.name}"' in listed
    mark = f"{one.name}-{told_by(one)}" if one.is_code else told_by(one)
    assert mark in listed
    assert mark in shown
