"""/api/rules and /rules: everybody reads what holds where they are; administrators alone change it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from infrastructure.read_models.remembered import FOR
from tests.api.conftest import County, Desk

LOCAL = {
    "code": "ADM_CONCLUDE_DEFAULT",
    "length": 20,
    "counted_in": "working-days",
    "effect": "escalate",
    "law": "某县行政调解办法",
    "article": "第十二条",
}


@pytest.fixture
def admin(county: County) -> Desk:
    return county.as_("admin")


def publish(desk: Desk, area: str, name: str, **changes: Any) -> Any:
    content = {"area": str(desk.county.area(area)), "pack_name": name, "in_force_from": "2026-03-01"}
    return desk.post("/api/rules/publish-rule-pack", **content, limits=[LOCAL | changes])


def clock(desk: Desk, code: str, **query: Any) -> dict[str, Any]:
    told = desk.get("/api/rules", **query)
    assert told.status_code == 200, told.text
    return next(one for one in told.json()["clocks"] if one["code"] == code)


def test_everybody_reads_every_clock_with_its_article(county):
    for login in ("li.ming", "leader", "auditor", "grid"):
        found = clock(county.as_(login), "JC_APPLY")
        assert (found["length"], found["counted_in"], found["effect"]) == (30, "days", "lapse")
        assert found["basis"] == "《中华人民共和国民事诉讼法》第二百零五条"


@pytest.mark.parametrize("login", ["li.ming", "town", "leader", "auditor"])
def test_only_an_administrator_changes_rules(county, login):
    desk, before = county.as_(login), county.events()

    desk.refused(publish(desk, "990101", "不行"), 403, "not-your-right")
    day = {"day": "2026-05-04", "counts_as": "work", "because": "不行"}
    desk.refused(desk.post("/api/rules/amend-holidays", **day), 403, "not-your-right")
    assert county.events() == before


def test_a_countys_pack_holds_in_its_villages_from_its_day_on_and_the_towns_own_goes_before(county, admin):
    assert publish(admin, "990101", "县规则").status_code == 200
    assert publish(admin, "990101101", "镇规则", length=10).status_code == 200
    county.parts.projector.catch_up()

    in_town, elsewhere = county.as_("li.ming"), county.as_("ping.tou")
    assert (clock(in_town, LOCAL["code"])["length"], clock(elsewhere, LOCAL["code"])["length"]) == (10, 20)
    assert clock(in_town, LOCAL["code"])["local"]["footing"] == "local"
    assert clock(in_town, LOCAL["code"], day="2026-02-28")["local"] is None


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "NO_SUCH"}, 422, "unknown-clock"),
        ({"code": "JC_APPLY"}, 422, "clock-of-law"),
        ({"length": 0}, 422, "length-too-short"),
        ({"soft": True}, 422, "soft-only-flags"),
        ({}, 409, "clocks-overlap"),
    ],
)
def test_a_pack_against_a_rule_is_refused_and_nothing_recorded(county, admin, changes, status, code):
    publish(admin, "990101", "县规则")
    before = county.events()

    told = admin.refused(publish(admin, "990101", "又一个", **changes), status, code)

    assert county.events() == before
    if code == "clock-of-law":
        assert told["article"] == "《中华人民共和国民事诉讼法》第二百零五条"


def test_a_date_is_counted_with_the_calendar_and_the_pack_of_the_day_and_stays(county, admin):
    desk = county.as_("li.ming")
    one = desk.register()
    one.act("accept-case")
    first = one.state()["mediations"]["1"]["conclude"]
    assert first["calendar"].startswith("CN-2026-holidays-")
    assert first["day"] == "2026-04-03"

    amended = {"day": "2026-04-03", "counts_as": "free", "because": "暴雨停工"}
    assert admin.post("/api/rules/amend-holidays", **amended).status_code == 200
    told = admin.get("/api/rules").json()["calendar"]
    county.parts.projector.catch_up()
    time.sleep(FOR + 0.1)

    other = desk.register(facts="另一件。", parties=[{"side": "applicant", "name": "郑一"},
                                                   {"side": "respondent", "name": "冯二"}])  # fmt: skip
    other.act("accept-case")
    second = other.state()["mediations"]["1"]["conclude"]
    assert (second["day"], second["calendar"]) == ("2026-04-07", f"{first['calendar']}+1")
    assert one.state()["mediations"]["1"]["conclude"] == first
    assert told["version"] == second["calendar"]


def test_the_next_years_notice_moves_the_end_of_what_is_known(county, admin):
    notice = {"year": 2027, "holidays": ["2027-01-01"], "make_up_workdays": [], "notice": "国办发明电〔2026〕7号"}

    assert admin.post("/api/rules/publish-holidays", **notice).status_code == 200

    calendar = admin.get("/api/rules").json()["calendar"]
    assert calendar["published_until"] == "2027-12-31"
    assert [one["year"] for one in calendar["years"]] == [2027]
    admin.refused(admin.post("/api/rules/publish-holidays", **notice), 409, "year-published-already")


def test_a_withdrawn_pack_is_shown_with_its_end(county, admin):
    assert publish(admin, "990101102", "乡规则", length=5).status_code == 200
    area = str(county.area("990101102"))

    content = {"area": area, "pack_name": "乡规则", "in_force_until": "2026-03-02"}
    assert admin.post("/api/rules/withdraw-rule-pack", **content).status_code == 200

    packs = admin.get("/api/rules").json()["packs"]
    assert [one["in_force_until"] for one in packs if one["pack_name"] == "乡规则"] == ["2026-03-02"]
    assert clock(county.as_("ping.tou"), LOCAL["code"])["length"] != 5


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_every_clock_the_packs_and_the_calendar(county, admin, language):
    publish(admin, "990101", "县规则")

    told = admin.get("/rules", {"Accept": "text/html", "Accept-Language": language})

    assert told.status_code == 200
    assert all(text in told.text for text in ("JC_APPLY", "第二百零五条", "县规则", "CN-202"))
    assert "Undefined" not in told.text
