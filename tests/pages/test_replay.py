"""An auditor goes from a name in a complaint to what changed on a day, verified, with the bundle in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest

from domain.jurisdiction.body import body_id
from tests.api.conftest import County
from tests.referral.offices import begin, case_at, open_desks


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("state")) as made:
        made.clock.moment = max(made.clock.moment, datetime(2026, 6, 30, 4, 0, tzinfo=UTC))
        yield made


@pytest.fixture(scope="module")
def matter(county: County) -> str:
    case = case_at(
        county, "LW", parties=[{"side": "applicant", "name": "喻晓棠"}, {"side": "respondent", "name": "吴小河"}]
    )
    county.clock.forward(days=3)
    case.act("correct-entry", entry=1, changes={"category": "forest-land"}, reason="类别录错")
    county.clock.forward(days=1)
    up = begin(case, "LW", "request-escalation", to=str(body_id("HK")), because="mass-matter")
    county.clock.forward(days=1)
    up.act("HK", "accept-escalation")
    county.parts.projector.catch_up()
    county.parts.proof.seal()
    return case.id


def test_an_auditor_gets_from_a_name_to_the_verified_difference_and_the_bundle_in_ten_clicks(visitor, matter, tmp_path):
    page, clicks = visitor("auditor").page, 0

    def click(name: str, role: str = "link") -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    click("案件")
    page.locator('[name="party"]').fill("喻晓棠")
    click("筛选", "button")
    clicks += 1
    page.locator("table.cases a").first.click()
    click("回放")
    click("上一步")
    assert page.locator(".difference tbody tr").count() > 0
    assert "已核验" in page.inner_text("main")
    with page.expect_download() as told:
        click("下载存证包")
    told.value.save_as(tmp_path / "matter.zip")

    assert clicks <= 10
    with ZipFile(tmp_path / "matter.zip") as bundle:
        assert "喻晓棠" in bundle.read("readable/matter.json").decode()


@pytest.mark.parametrize("script", [True, False])
def test_one_goes_from_step_to_step_by_key_and_without_script_by_link(visitor, matter, script):
    auditor = visitor("auditor", script=script)
    auditor.go(f"/cases/{matter}/replay?at=2")
    for key, link, step in (("ArrowRight", "next", 3), ("ArrowLeft", "prev", 2)):
        if script:
            auditor.page.keyboard.press(key)
        else:
            auditor.page.click(f'a[rel="{link}"]')
        auditor.page.wait_for_url(f"**at={step}*")


def test_a_phone_shows_a_replay_without_scrolling_sideways(visitor, matter):
    auditor = visitor("auditor", phone=True)
    auditor.go(f"/cases/{matter}/replay")

    wide, screen = auditor.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen
