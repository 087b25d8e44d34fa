"""What happened in a village that was merged stays in sight of its township, and in the figures of the board."""

import pytest

from tests.api.conftest import merge

TAIL, SHIQIAO = "9901011012010", "990101101202"


@pytest.fixture(scope="module")
def told(county):
    """One case settled before the merger, and one registered before it and settled after it."""
    town = county.as_("town")
    cases = [town.register(TAIL), town.register(TAIL)]
    before = figures(county)
    cases[0].act("close-case", result="self-settled")
    county.clock.forward(days=1)
    merge(county, TAIL, SHIQIAO)
    cases[1].act("close-case", result="self-settled")
    return cases, before


def figures(county, login="town", **query):
    rows = county.as_(login).get("/api/figures", **query).json()["rows"]
    return {row["key"]: (row["registered"], row["resolved"], row["cohort_resolved"]) for row in rows}


def test_the_township_still_sees_them_and_lists_them(county, told):
    cases, _ = told

    for login in ("town", "leader"):
        desk = county.as_(login)
        listed = {one["id"] for one in desk.get("/api/cases").json()["cases"]}
        assert {case.id for case in cases} <= listed
        assert all(desk.get(f"/api/cases/{case.id}").status_code == 200 for case in cases)


def test_the_board_keeps_its_figures(county, told):
    _, before = told
    township, village = str(county.area("990101101")), str(county.area(SHIQIAO))

    assert before["all"][0] == 2
    for login in ("town", "leader", "auditor"):
        assert figures(county, login)["all"] == (2, 2, 2)
        assert figures(county, login, area=township)["all"] == (2, 2, 2)
        assert figures(county, login, by="township") == {township: (2, 2, 2)}
    assert figures(county, area=village)["all"] == (0, 1, 0), "what is resolved after the merger is resolved there"


def test_who_keeps_the_old_village_alone_sees_it_no_more_than_before(county, told):
    cases, _ = told

    assert county.as_("ping.tou").get(f"/api/cases/{cases[0].id}").status_code == 404
