"""Every correction, strike and late entry is on one list, by body and day, of the cases that the reader sees whole."""

from __future__ import annotations

from datetime import timedelta

from domain.jurisdiction.body import body_id


def listed(county, login="auditor", **asked):
    county.parts.projector.catch_up()
    told = county.as_(login).get("/api/amendments", **asked)
    assert told.status_code == 200, told.text
    return told.json()


def test_what_was_corrected_struck_or_late_is_listed_with_its_body_and_day(county, mediator):
    case = mediator.register()
    county.clock.forward(days=20)
    late = (county.clock() - timedelta(days=15)).isoformat()
    case.act("write-note", note="迟记。", occurred_at=late)
    noted = case.version
    case.act("correct-entry", entry=1, changes={"category": "forest-land"}, reason="录错")
    case.act("strike-entry", entries=[noted], reason="重复")

    found = [one for one in listed(county)["amendments"] if one["case_id"] == case.id]

    assert [one["kind"] for one in found] == ["strike", "correction", "late"]
    assert {one["body"] for one in found} == {str(body_id("LW"))}
    assert (found[-1]["version"], found[-1]["days"]) == (noted, 15)


def test_the_list_is_filtered_and_counted_by_body_kind_and_day(county, mediator):
    day = county.clock().date()
    case = mediator.register()
    case.act("correct-entry", entry=1, changes={"category": "forest-land"}, reason="录错")

    told = listed(county, kind="correction", body=str(body_id("LW")), since=day.isoformat())

    assert {one["kind"] for one in told["amendments"]} == {"correction"}
    assert sum(one["entries"] for one in told["counts"]) == len(told["amendments"])
    assert listed(county, until=(day - timedelta(days=999)).isoformat())["amendments"] == []


def test_who_does_not_see_a_case_finds_nothing_of_it_on_the_list(county, mediator):
    case = mediator.register()
    case.act("correct-entry", entry=1, changes={"category": "forest-land"}, reason="录错")

    for login in ("ping.tou", "admin"):
        assert case.id not in {one["case_id"] for one in listed(county, login)["amendments"]}
    assert case.id in {one["case_id"] for one in listed(county, "li.ming")["amendments"]}


def test_the_page_of_the_list_leads_to_the_entry(county, mediator):
    case = mediator.register()
    case.act("correct-entry", entry=1, changes={"category": "forest-land"}, reason="录错")
    county.parts.projector.catch_up()

    told = county.as_("auditor").get("/amendments", {"Accept": "text/html"})

    assert told.status_code == 200, told.text
    assert f"/cases/{case.id}?version=" in told.text
