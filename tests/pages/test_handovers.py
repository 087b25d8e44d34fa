"""A case between desks in the browser, without JavaScript: offered, answered, sent back, taken up, called up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.conftest import Case, County
from tests.pages.conftest import Visitor, served
from tests.referral.offices import DESKS, body, case_at, desk, open_desks, refresh

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("desks")) as made:
        yield made


@pytest.fixture(scope="module")
def address(county: County) -> Iterator[str]:
    with served(county) as url:
        yield url


def looked_at(visitor: Visitor, name: str) -> None:
    """A picture for whoever asks for pictures; and what every page holds to."""
    visitor.page.wait_for_load_state()
    if folder := os.environ.get("PICTURES"):
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    visitor.page.wait_for_function("document.documentElement !== null")  # a click may still be changing the page
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "Undefined" not in visitor.text()


def caught_up(county: County) -> None:
    county.parts.projector.catch_up()


def offered(visit: Visit, county: County, phone: bool = False) -> tuple[Case, str]:
    """The court delegates a dispute to the village in the browser. Answers the case and the referral's address."""
    case = case_at(county, "FY", facts="两家为滴水争吵，诉前到法院。")
    caught_up(county)
    court = visit(DESKS["FY"], phone=phone)
    court.go(f"/cases/{case.id}")
    court.page.click('.actions a[href$="/refer"]')
    looked_at(court, f"verbs{phone}")
    court.page.click('a[href$="/refer/delegate"]')
    receiver = court.page.locator(f'input[name="to"][value="{body("LW")}"]')
    if not receiver.is_visible():
        court.page.locator("details", has=receiver).locator("summary").click()
    receiver.check()
    court.tick_all("consented")
    court.tick_all("content.contacts")
    looked_at(court, f"offer{phone}")
    court.submit()
    court.saved()
    looked_at(court, f"offered{phone}")
    caught_up(county)
    return case, court.page.url.split("?")[0].removeprefix(court.address)


def test_a_delegation_is_offered_seen_by_its_slice_and_accepted(visitor: Visit, county: County):
    case, referral = offered(visitor, county)
    village = visitor(DESKS["LW"], phone=True)
    village.go("/")
    looked_at(village, "today")
    assert "两家为滴水争吵" in village.text()
    village.go("/referrals")
    looked_at(village, "box")
    village.page.click(f'a[href="{referral}"]')
    looked_at(village, "referral")
    village.page.click('.actions a[href$="/do/accept-referral"]')
    looked_at(village, "accept")
    village.submit()
    village.saved()
    caught_up(county)
    village.go(f"/cases/{case.id}")
    looked_at(village, "taken-over")
    assert village.page.locator('.actions a[href*="/do/"]').count() > 0


def test_what_is_rejected_names_its_ground_and_is_rerouted_in_one_step(visitor: Visit, county: County):
    _, referral = offered(visitor, county, phone=True)
    village = visitor(DESKS["LW"])
    village.go(f"{referral}/do/reject-referral")
    village.page.evaluate("document.forms[1].noValidate = true")
    village.submit()
    assert village.page.locator(".field .error").count() == 2
    village.fill(because="wrong-channel", reason="属于行政机关职权。")
    village.submit()
    village.saved()
    court = visitor(DESKS["FY"])
    court.go(referral)
    assert "渠道不当" in court.text()
    court.page.click('.actions a[href$="/do/reroute-referral"]')
    court.page.click('a[href$="/delegate"]')
    court.page.locator(f'input[name="to"][value="{body("JY")}"]').check()
    court.tick_all("consented")
    court.fill(reason="渠道不当，改由行政机关调解。")
    court.submit()
    court.saved()
    looked_at(court, "rerouted")
    assert court.page.url.split("?")[0].removeprefix(court.address) != referral


def test_an_offer_without_the_consent_that_the_law_asks_keeps_what_was_typed(visitor: Visit, county: County):
    case = case_at(county, "JY")
    caught_up(county)
    organ = visitor(DESKS["JY"])
    before = county.events()
    organ.go(f"/cases/{case.id}/refer/transfer")
    organ.page.locator(f'input[name="to"][value="{body("LW")}"]').check()
    organ.fill(note="请村里先做工作。")
    organ.submit()
    looked_at(organ, "no-consent")
    assert "各方当事人同意" in organ.page.locator(".error").first.inner_text()
    assert organ.page.input_value('[name="note"]') == "请村里先做工作。"
    assert organ.page.locator(f'input[name="to"][value="{body("LW")}"]').is_checked()
    assert county.events() == before


def test_the_due_date_is_counted_anew_from_the_time_that_was_typed(visitor: Visit, county: County):
    case = case_at(county, "FY", occurred_at="2026-02-12T09:00:00+08:00")
    court = visitor(DESKS["FY"])
    court.go(f"/cases/{case.id}/refer/delegate")
    court.page.locator("details.more summary").click()
    court.fill(occurred_at="2026-02-13T10:00")
    court.page.click('button[name="choose"]')
    assert "2026-02-25" in court.page.locator("#due").inner_text()  # worked: 2-14, 2-24, 2-25


def test_a_case_goes_up_is_sent_back_and_called_up_on_the_levels_board(visitor: Visit, county: County):
    case = case_at(county, "LW", facts="两村为水渠多次争吵。")
    caught_up(county)
    village = visitor(DESKS["LW"])
    village.go(f"/cases/{case.id}/refer")
    village.page.click('a[href$="/do/request-escalation"]')
    village.fill(to=body("ZZ"), because="several-villages", account="已经调解两次。")
    looked_at(village, "request")
    village.submit()
    village.saved()
    caught_up(county)
    centre = visitor(DESKS["ZZ"])
    centre.go("/levels")
    looked_at(centre, "levels")
    centre.page.click(f'a[href*="/cases/{case.id}/escalations/"]')
    looked_at(centre, "escalation")
    centre.page.click('.actions a[href$="/do/send-back-escalation"]')
    centre.fill(because="not-mediated-yet", reason="请先在村里调解。")
    centre.submit()
    centre.saved()
    caught_up(county)
    phone = visitor(DESKS["ZZ"], phone=True)
    phone.go("/levels")
    looked_at(phone, "levels-phone")
    phone.page.click(f'a[href="/cases/{case.id}/escalations/do/call-up-case"]')
    phone.fill(because="risk", reason="有激化风险。")
    phone.submit()
    phone.saved()
    assert desk(county, "ZZ").get(f"/api/cases/{refresh(case).id}").json()["state"]["level"] == "township"


def test_nobody_else_learns_of_an_offer(visitor: Visit, county: County):
    _, referral = offered(visitor, county)
    other = visitor(DESKS["SQ"])
    assert other.go(referral).status == 404
    assert other.go(f"{referral}/do/accept-referral").status == 404
    other.go("/referrals")
    assert referral not in other.page.content()


def test_the_bridge_shows_what_went_to_an_organ_and_warns_where_a_mediation_goes_on_beside_it(
    visitor: Visit, county: County
):
    delegated, _ = offered(visitor, county)
    beside = case_at(county, "LW", facts="调解中派出所也已处理。")
    beside.act("accept-case")
    beside.act("note-proceedings", organ="police", settled=True)
    caught_up(county)
    coordinator = visitor(DESKS["QX"])
    coordinator.go("/bridge")
    looked_at(coordinator, "bridge")
    row = coordinator.page.locator("tr", has=coordinator.page.locator(f'a[href="/cases/{beside.id}"]'))
    assert "调解正在进行" in row.inner_text()
    assert coordinator.page.locator(f'a[href^="/cases/{delegated.id}/referrals/"]').count() == 1


def test_the_day_of_the_answer_follows_what_is_chosen_and_receivers_are_found_by_typing(visitor: Visit, county: County):
    case = case_at(county, "FY")
    caught_up(county)
    court = visitor(DESKS["FY"], script=True)
    court.go(f"/cases/{case.id}/refer/delegate")
    found = court.page.locator('input[data-filters="receivers"]')
    if found.count() and found.is_visible():
        found.fill("柳湾")
        assert court.page.locator("#receivers label:visible").all_inner_texts() == ["柳湾村人民调解委员会"]
    receiver = court.page.locator(f'input[name="to"][value="{body("LW")}"]')
    if not receiver.is_visible():
        court.page.locator("details", has=receiver).locator("summary").click()
    with court.page.expect_response(lambda told: told.request.method == "POST"):
        receiver.check()
    court.page.wait_for_load_state("networkidle")
    assert court.page.locator("#due").count() == 1
    assert receiver.is_checked()
