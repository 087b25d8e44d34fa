"""Sweeps in the browser, on a phone and without script: two taps for a zero, one submit for a village's grids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.api.conftest import County, open_county
from tests.pages.conftest import Visitor, served

Visit = Callable[..., Visitor]
GRID, VILLAGE = "990101101201001", "990101101201"


@pytest.fixture
def county(make_database: Callable[[], str], tmp_path: Path) -> Iterator[County]:
    """One of its own for each test: who has reported is what they are about."""
    with open_county(make_database(), tmp_path / "state") as made:
        yield made


@pytest.fixture
def address(county: County) -> Iterator[str]:
    with served(county) as url:
        yield url


def looks_well(one: Visitor) -> None:
    """Nothing to scroll sideways for."""
    assert one.page.evaluate("document.documentElement.scrollWidth") <= one.page.viewport_size["width"]


def test_a_grid_worker_reports_zero_with_two_taps_on_a_phone(visitor: Visit, county: County):
    phone = visitor("grid", phone=True)
    taps = 0
    for tap in ('nav a[href="/sweeps"]', "button.big"):
        phone.page.click(tap)
        taps += 1

    assert taps == 2
    assert "已零报告" in phone.text()
    assert county.parts.system.reading.sweeps.total(county.area(GRID), county.clock().date()).zero == 1


def test_a_form_that_is_sent_twice_reports_once(visitor: Visit, county: County):
    phone = visitor("grid", phone=True)
    phone.go("/sweeps")
    other = phone.context.new_page()
    other.goto(phone.address + "/sweeps")
    phone.page.click("button.big")
    before = county.events()
    other.click("button.big")

    assert "已经报告" in other.inner_text("body")
    assert county.events() == before


def test_a_village_reports_for_its_grids_at_once_and_the_one_with_a_find_is_left_out(visitor: Visit, county: County):
    phone = visitor("li.ming", phone=True)
    phone.go("/sweeps")
    assert phone.page.locator('input[name="units"][type=checkbox]').count() == 1
    phone.page.locator('form:has(input[type=checkbox]) a[href*="report-finds"]').click()
    phone.fill(facts="两家为滴水檐争吵。", parties__0__name="周大山", parties__1__name="吴小河")
    phone.submit()
    phone.saved()
    phone.page.click("button.big")

    total = county.parts.system.reading.sweeps.total(county.area(VILLAGE), county.clock().date())
    assert (total.due, total.reported, total.zero, total.found) == (2, 2, 1, 1)
    assert phone.page.locator('input[name="units"][type=checkbox]').count() == 0
    assert "应报的都已报告" in phone.text()


def test_a_day_that_was_forgotten_is_reported_late_and_a_wrong_report_is_withdrawn(visitor: Visit, county: County):
    phone = visitor("grid", phone=True)
    phone.go("/sweeps")
    phone.page.locator(".chips a").first.click()
    phone.page.click("button.big")
    assert "迟报 1 天" in phone.text()

    phone.page.locator('a[href*="withdraw-report"]').first.click()
    phone.fill(because="wrong-day")
    phone.submit()
    phone.saved()
    yesterday = county.clock().date() - timedelta(days=1)
    assert county.parts.system.reading.sweeps.total(county.area(GRID), yesterday).reported == 0


def test_a_meeting_is_recorded_its_point_done_and_assessed(visitor: Visit, county: County):
    phone = visitor("li.ming", phone=True)
    phone.go("/sweeps/meetings")
    phone.page.click('a[href="/sweeps/meetings/hold-meeting"]')
    looks_well(phone)
    for more in phone.page.locator("fieldset.rows details").all():
        more.locator("summary").click()
    body = county.parts.system.registers.register.body_by_code("LW")
    phone.fill(
        form="yard",
        attended="12",
        agenda="路灯\n水费",
        points__0__raised="路灯坏了",
        points__0__decided="村里修",
        points__0__follows_up=str(body),
        points__0__do_by=(county.clock().date() + timedelta(days=9)).isoformat(),
    )
    phone.submit()
    phone.saved()
    assert "路灯坏了" in phone.text()
    looks_well(phone)
    phone.page.click('a[href*="follow-up-point"]')
    phone.fill(done="换了灯泡")
    phone.submit()
    phone.saved()
    phone.page.click('a[href*="assess-point"]')
    phone.fill(assessment="satisfied")
    phone.submit()
    phone.saved()

    assert "换了灯泡" in phone.text()
    assert "满意" in phone.text()


def test_a_campaign_is_launched_and_shows_its_progress(visitor: Visit, county: County):
    desk = visitor("town")
    desk.go("/sweeps/campaigns/launch-campaign")
    desk.fill(title="岁末欠薪排查", last_day=(county.clock().date() + timedelta(days=9)).isoformat())
    desk.page.check(f'input[name="targets"][value="{county.area(VILLAGE)}"]')
    desk.submit()
    desk.saved()
    assert "已报 0／1" in desk.text()

    phone = visitor("li.ming", phone=True)
    phone.go("/sweeps/campaigns")
    phone.page.click("table a")
    phone.page.click('a[href*="report-on-campaign"]')
    phone.fill(looked_at="14", found="0")
    phone.submit()
    phone.saved()
    assert "已报 1／1" in phone.text()
    looks_well(phone)


@pytest.mark.parametrize("login", ["grid", "li.ming", "town", "leader"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_pages_of_sweeps_fit_a_phone_in_both_languages(visitor: Visit, login: str, language: str):
    phone = visitor(login, phone=True, language=language, script=True)
    for path in ("/sweeps", "/sweeps/meetings", "/sweeps/campaigns"):
        assert phone.go(path).status == 200
        looks_well(phone)
        found = Axe().run(phone.page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_the_rows_behind_a_figure_of_sweeps_name_their_units(visitor: Visit, county: County):
    county.as_("grid").post("/api/sweeps/report-zero", unit=str(county.area(GRID)))
    county.parts.projector.catch_up()
    desk = visitor("leader")
    desk.go("/dashboard/rows?figure=sweep_coverage")

    assert "第一网格" in desk.text()
    assert "不能查看" not in desk.text()
