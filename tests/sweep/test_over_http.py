"""Over HTTP: grids and villages report for themselves, everybody sees their own area, a find is a case at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import BOTH, County, merge

VILLAGE, GRID, NEXT_VILLAGE, TOWN = "990101101201", "990101101201001", "990101101202", "990101101"


def due(county: County, login: str, **query: Any) -> Any:
    county.parts.projector.catch_up()
    answer = county.as_(login).get("/api/sweeps", **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def zero(county: County, login: str, code: str, **content: Any) -> Any:
    return county.as_(login).post("/api/sweeps/report-zero", unit=str(county.area(code)), **content)


def find(county: County, facts: str = "两家为田埂争吵。") -> dict[str, Any]:
    return {"place": str(county.area(GRID)), "facts": facts, "parties": BOTH}


def test_a_grid_worker_reports_zero_and_whoever_answers_for_the_area_sees_it(county: County):
    before = due(county, "town")
    reported = zero(county, "grid", GRID)
    after = due(county, "town")

    assert reported.status_code == 201, reported.text
    assert [before["total"][one] for one in ("due", "reported", "zero")] == [3, 0, 0]
    assert [after["total"][one] for one in ("due", "reported", "zero", "late")] == [3, 1, 1, 0]
    assert [one["name"] for one in after["units"]][-1] == "第一网格"
    assert {one["name"]: (one["due"], one["reported"]) for one in after["places"]} == {
        "柳湾村": (2, 1),
        "石桥村": (1, 0),
    }


def test_a_report_that_is_sent_twice_is_recorded_once(county: County):
    key = {"Idempotency-Key": "once"}
    first, second = (
        county.as_("grid").post("/api/sweeps/report-zero", key, unit=str(county.area(GRID))) for _ in range(2)
    )

    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    county.as_("grid").refused(zero(county, "grid", GRID), 409, "reported-already")


def test_a_zero_of_an_earlier_day_is_late_and_both_days_are_kept(county: County):
    swept = county.clock() - timedelta(days=2)
    zero(county, "grid", GRID, occurred_at=swept.isoformat())
    told = due(county, "grid", day=swept.date().isoformat())

    assert (told["units"][0]["found"], told["units"][0]["late_days"]) == (0, 2)
    assert due(county, "grid")["total"]["reported"] == 0


@pytest.mark.parametrize(
    ("login", "unit", "status", "code"),
    [
        ("grid", VILLAGE, 403, "not-your-unit"),
        ("li.ming", NEXT_VILLAGE, 403, "not-your-unit"),
        ("town", VILLAGE, 403, "not-your-right"),
        ("leader", VILLAGE, 403, "not-your-right"),
        ("hk2", TOWN, 422, "no-daily-sweep"),
    ],
)
def test_a_unit_reports_for_itself(county: County, login: str, unit: str, status: int, code: str):
    county.as_(login).refused(zero(county, login, unit), status, code)


def test_a_village_reports_for_all_its_units_at_once_and_those_with_finds_are_passed_over(county: County):
    village = county.as_("li.ming")
    units = [str(county.area(VILLAGE)), str(county.area(GRID))]
    found = county.as_("grid").post("/api/sweeps/report-finds", unit=units[1], finds=[find(county)])
    batch = village.post("/api/sweeps/report-zeros", units=units)
    again = village.post("/api/sweeps/report-zeros", units=units)

    assert (found.status_code, batch.status_code) == (201, 201), (found.text, batch.text)
    total = due(county, "li.ming")["total"]
    assert [total[one] for one in ("due", "reported", "zero", "found")] == [2, 2, 1, 1]
    village.refused(again, 409, "reported-already")


def test_a_find_is_a_case_of_its_grid_and_the_sweep_says_which(county: County):
    answer = county.as_("grid").post(
        "/api/sweeps/report-finds", unit=str(county.area(GRID)), finds=[find(county), find(county, "界石被移动。")]
    )
    county.parts.projector.catch_up()
    cases = county.as_("li.ming").get("/api/cases", source="grid-sweep").json()["cases"]
    opened = [county.as_("li.ming").get(f"/api/sweeps/cases/{one['id']}").json() for one in cases]

    assert len(cases) == 2
    assert answer.json()["numbers"] == [one["code"] for one in cases if one["id"] == answer.json()["id"]]
    assert [(one["unit"], one["day"]) for one in opened] == [(str(county.area(GRID)), "2026-03-03")] * 2
    stranger = county.as_("shi.qiao")
    stranger.refused(stranger.get(f"/api/sweeps/cases/{cases[0]['id']}"), 404, "unknown-stream")


def test_a_find_that_cannot_be_registered_leaves_no_report(county: County):
    elsewhere = find(county) | {"place": str(county.area(NEXT_VILLAGE))}
    before = county.events()
    answer = county.as_("grid").post(
        "/api/sweeps/report-finds", unit=str(county.area(GRID)), finds=[find(county), elsewhere]
    )

    county.as_("grid").refused(answer, 422, "place-elsewhere")
    assert county.events() == before


def test_a_wrong_report_is_withdrawn_and_the_right_one_counts(county: County):
    grid, unit = county.as_("grid"), str(county.area(GRID))
    day = county.clock().date().isoformat()
    zero(county, "grid", GRID)
    withdrawn = grid.post("/api/sweeps/withdraw-report", unit=unit, day=day, because="find-missed")
    assert withdrawn.status_code == 200, withdrawn.text
    assert due(county, "grid")["total"]["reported"] == 0

    grid.post("/api/sweeps/report-finds", unit=unit, finds=[find(county)])
    assert grid.get(f"/api/sweeps/units/{unit}").json()["days"] == [{"day": day, "found": 1, "late_days": 0}]


def test_what_lies_elsewhere_is_not_told(county: County):
    answer = county.as_("grid").get("/api/sweeps", area=str(county.area(NEXT_VILLAGE)))

    county.as_("grid").refused(answer, 404, "unknown-stream")


def test_where_nobody_ever_reported_nobody_is_due(county: County):
    county.parts.projector.catch_up()

    assert county.parts.system.deciding.sweeps.duties.look(county.clock()) == 0
    (row,) = county.as_("leader").get("/api/figures").json()["rows"]
    assert (row["sweep_coverage_of"], row["sweep_coverage_share"]) == (0, None)


def test_the_clock_opens_each_month_once_and_figures_count_who_was_due(county: County):
    duties = county.parts.system.deciding.sweeps.duties
    zero(county, "grid", GRID)
    county.parts.projector.catch_up()

    assert (duties.look(county.clock()), duties.look(county.clock())) == (3, 0)

    county.clock.forward(days=1)
    zero(county, "grid", GRID, occurred_at=(county.clock() - timedelta(hours=1)).isoformat())
    zero(county, "li.ming", VILLAGE, occurred_at=(county.clock() - timedelta(days=1)).isoformat())
    county.parts.projector.catch_up()
    (row,) = county.as_("leader").get("/api/figures").json()["rows"]

    assert (row["sweep_coverage"], row["sweep_coverage_of"]) == (3, 8)
    assert (row["zero_share"], row["zero_share_of"]) == (3, 3)
    assert (row["reported_late"], row["reported_late_of"]) == (1, 3)
    (mine,) = county.as_("grid").get("/api/figures").json()["rows"]
    assert (mine["sweep_coverage"], mine["sweep_coverage_of"]) == (2, 2)


def missed(county: County) -> tuple[Any, Any]:
    county.parts.projector.catch_up()
    (row,) = county.as_("leader").get("/api/figures").json()["rows"]
    return row["missed_finds"], row["missed_finds_of"]


def test_a_matter_that_the_police_saw_first_was_missed_where_the_grid_had_reported_nothing_but_zero(county: County):
    zero(county, "grid", GRID)
    county.clock.forward(days=3)
    village = county.as_("li.ming")
    village.register(GRID, source="police-110")
    village.register(VILLAGE, source="hotline-12345")
    village.register(GRID, source="party")

    assert missed(county) == (1, 2)

    county.clock.forward(days=1)
    county.as_("grid").post("/api/sweeps/report-finds", unit=str(county.area(GRID)), finds=[find(county)])
    county.clock.forward(days=1)
    village.register(GRID, source="police-110")

    assert missed(county) == (1, 3)
    earlier = (county.clock() - timedelta(days=2)).date().isoformat()
    (row,) = county.as_("leader").get("/api/figures", day=earlier).json()["rows"]
    assert (row["missed_finds"], row["missed_finds_of"]) == (1, 2)


def test_the_rows_behind_coverage_are_the_reports(county: County):
    zero(county, "grid", GRID)
    county.parts.projector.catch_up()
    told = county.as_("leader").get("/api/figures/rows", figure="sweep_coverage").json()

    assert told["number"] == len(told["rows"]) == 1
    assert told["rows"][0]["place"] == str(county.area(GRID))


def test_a_unit_that_ended_is_not_due_any_more(county: County):
    duties = county.parts.system.deciding.sweeps.duties
    zero(county, "grid", GRID)
    county.parts.projector.catch_up()
    duties.look(county.clock())
    county.clock.forward(days=3)
    merge(county, NEXT_VILLAGE, VILLAGE)

    assert duties.look(county.clock()) == 1
    assert "石桥村" not in [one["name"] for one in due(county, "town")["units"]]
    (row,) = county.as_("leader").get("/api/figures").json()["rows"]
    assert row["sweep_coverage_of"] == 4 * 3 + 3


def test_a_meeting_charges_a_body_which_tells_that_it_is_done_and_the_meeting_assesses_it(county: County):
    village, town = county.as_("li.ming"), county.as_("town")
    hk = county.parts.system.registers.register.body_by_code("HK")
    case = village.register()
    day = (county.clock() + timedelta(days=9)).date().isoformat()
    point = {"raised": "路灯坏了", "decided": "镇里修", "follows_up": str(hk), "do_by": day}
    held = village.post(
        "/api/sweeps/meetings/hold-meeting",
        unit=str(county.area(VILLAGE)),
        form="yard",
        attended=12,
        agenda=["路灯"],
        cases=[case.id],
        points=[point, {"raised": "水费"}],
    )
    assert held.status_code == 201, held.text
    address = held.headers["location"]
    county.parts.projector.catch_up()
    listed = town.get("/api/sweeps/meetings").json()

    assert [one["number"] for one in listed["open_points"]] == [1]
    assert [one["open_points"] for one in listed["meetings"]] == [1]
    done = town.post(f"{address}/follow-up-point", {"If-Match": '"1"'}, point=1, done="换了灯泡")
    assert done.status_code == 200, done.text
    meddled = town.post(f"{address}/assess-point", {"If-Match": '"2"'}, point=1, assessment="partly")
    town.refused(meddled, 403, "not-your-area")
    assessed = village.post(f"{address}/assess-point", {"If-Match": '"2"'}, point=1, assessment="satisfied")
    assert assessed.status_code == 200, assessed.text
    told = village.get(address).json()
    assert [one["name"] for one in told["timeline"]] == [
        "sweep.meeting_held",
        "sweep.point_followed_up",
        "sweep.point_assessed",
    ]
    village.refused(county.as_("shi.qiao").get(address), 404, "unknown-stream")


def test_a_meeting_names_no_case_that_those_who_hold_it_do_not_see(county: County):
    case = county.as_("shi.qiao").register(NEXT_VILLAGE)
    answer = county.as_("li.ming").post(
        "/api/sweeps/meetings/hold-meeting",
        unit=str(county.area(VILLAGE)),
        form="review",
        attended=3,
        cases=[case.id],
    )

    county.as_("li.ming").refused(answer, 404, "unknown-stream")


def test_a_campaign_is_launched_from_above_and_shows_who_has_reported(county: County):
    town = county.as_("town")
    today = county.clock().date()
    launched = town.post(
        "/api/sweeps/campaigns/launch-campaign",
        unit=str(county.area(TOWN)),
        title="岁末欠薪排查",
        first_day=today.isoformat(),
        last_day=(today + timedelta(days=20)).isoformat(),
        targets=[str(county.area(one)) for one in (VILLAGE, NEXT_VILLAGE, GRID)],
    )
    assert launched.status_code == 201, launched.text
    address = launched.headers["location"]
    county.parts.projector.catch_up()
    told = county.as_("grid").post(
        f"{address}/report-on-campaign", {"If-Match": "*"}, unit=str(county.area(GRID)), looked_at=14, found=1
    )
    county.parts.projector.catch_up()

    assert told.status_code == 200, told.text
    (seen,) = town.get("/api/sweeps/campaigns").json()["campaigns"]
    assert [seen[one] for one in ("targets", "reported", "looked_at", "found")] == [3, 1, 14, 1]
    (mine,) = county.as_("grid").get("/api/sweeps/campaigns").json()["campaigns"]
    assert (mine["targets"], mine["reported"]) == (1, 1)
    assert [one["name"] for one in town.get(address).json()["targets"]] == ["柳湾村", "石桥村", "第一网格"]
    county.as_("grid").refused(
        county.as_("grid").post(f"{address}/end-campaign", {"If-Match": '"2"'}), 403, "not-your-right"
    )
    assert town.post(f"{address}/end-campaign", {"If-Match": '"2"'}).status_code == 200


def test_what_a_rebuild_makes_is_what_was_there(county: County):
    zero(county, "grid", GRID)
    county.as_("grid").post("/api/sweeps/report-finds", unit=str(county.area(GRID)), finds=[find(county)])
    before = due(county, "town")
    county.parts.projector.rebuild(["sweep", "figures"])

    assert due(county, "town") == before
