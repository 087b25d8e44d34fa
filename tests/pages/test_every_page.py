"""Every page and dialog: at a desk and on a phone, in both languages, by keyboard; figures lead to lists."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from api.labels.names import kebab
from domain.case.lists import COMMANDS
from domain.jurisdiction.area import area_id
from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from tests.api.conftest import SINCE, Case, County
from tests.effort import in_turn
from tests.pages.conftest import Visitor

Visit = Callable[..., Visitor]
DIALOGS = sorted(kebab(one) for one in COMMANDS if kebab(one) != "receive-request" and one.for_officers())
PAGES = ("/", "/cases", "/dashboard", "/rules", "/new", "/cases/{case}", "/cases/{case}/do/hold-session", "/login")


OF_AREAS = ("rename-area", "recode-area", "move-area", "merge-area", "split-area", "abolish-area", "found-area")
ADMIN_PAGES = (
    *("/people", "/people/register-officer", "/people/{officer}", "/people/{officer}/appoint-officer"),
    *("/people/{officer}/revoke-appointment", "/people/{officer}/rename-officer", "/people/{officer}/disable-officer"),
    *("/areas", "/areas/{area}", "/bodies/{body}", "/areas/{area}/found-body"),
    *(f"/areas/{{area}}/{one}" for one in OF_AREAS),
    *(f"/bodies/{{body}}/{one}" for one in ("rename-body", "merge-body", "dissolve-body")),
    *("/rules", "/rules/publish-rule-pack", "/rules/publish-holidays", "/rules/amend-holidays"),
    *("/rules/withdraw-rule-pack", "/import", "/status"),
)
"""Of whoever keeps the service."""


@pytest.fixture(scope="module")
def case(county: County) -> Case:
    """Agreed in writing, with a session held: most dialogs have something to choose from."""
    made = county.as_("li.ming").register(facts="一件走到签字的纠纷")
    parties = made.under_way()
    made.act("hold-session", mediation=1, attended=parties, record="谈成了。")
    promise = {"obligor": parties[1], "what": "道歉", "amount": 5_000}
    made.act("reach-agreement", mediation=1, terms="当面道歉。", obligations=[promise])
    made.act("sign-agreement", mediation=1, party=parties[0])
    county.parts.projector.catch_up()
    return made


@pytest.fixture
def on_phone(visitor: Visit) -> Visitor:
    return visitor("li.ming", phone=True)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_without_scrolling_sideways(on_phone: Visitor, case: Case, path: str):
    assert on_phone.go(path.format(case=case.id)).status == 200

    width = on_phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_a_page_is_in_the_readers_language_with_every_field_labelled(
    visitor: Visit, case: Case, path: str, language: str
):
    desk = visitor("li.ming", language=language)
    desk.go(path.format(case=case.id))

    assert desk.page.get_attribute("html", "lang") == {"zh-CN": "zh-CN", "en-GB": "en"}[language]
    assert desk.page.evaluate(UNLABELLED) == []
    assert not re.search(r"\{\w+\}|Undefined|None\b", desk.text())


def of_the_register(path: str) -> str:
    village = area_id("990101101201", SINCE)
    return path.format(officer=officer_id("li.ming"), area=village, body=body_id("LW"))


def test_the_pages_of_an_administrator_fit_a_phone_and_each_has_one_title(visitor: Visit):
    phone = visitor("admin", phone=True)
    for path in map(of_the_register, ADMIN_PAGES):
        assert phone.go(path).status == 200, path
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert phone.page.locator("h1").count() == 1, path


@pytest.mark.parametrize("language", in_turn(["zh-CN", "en-GB"], of=2))
def test_the_pages_of_an_administrator_are_in_their_language_with_every_field_labelled(visitor: Visit, language: str):
    desk = visitor("admin", language=language)
    for path in map(of_the_register, ADMIN_PAGES):
        desk.go(path)
        assert desk.page.get_attribute("html", "lang") == {"zh-CN": "zh-CN", "en-GB": "en"}[language], path
        assert desk.page.evaluate(UNLABELLED) == [], path
        assert not re.search(r"\{\w+\}|Undefined|None\b", desk.text()), path


UNLABELLED = """[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]
    .filter(one => !one.labels.length && !one.getAttribute('aria-label')).map(one => one.name)"""


@pytest.mark.parametrize("language", in_turn(["zh-CN", "en-GB"], of=2))
def test_every_command_has_a_dialog_with_its_title_and_refuses_what_is_empty(
    visitor: Visit, case: Case, county: County, language: str
):
    desk, before = visitor("li.ming", language=language), county.events()
    for name in DIALOGS:
        if name == "register-case":
            continue
        assert desk.go(f"/cases/{case.id}/do/{name}").status == 200, name
        assert desk.page.locator("h1").count() == 1, name
        assert desk.page.evaluate(UNLABELLED) == [], name
        assert not re.search(r"\{\w+\}|Undefined", desk.text()), name
    assert county.events() == before


def test_a_blocked_step_is_shown_with_its_reason(visitor: Visit, case: Case):
    desk = visitor("li.ming")
    desk.go(f"/cases/{case.id}")
    desk.page.locator(".actions details").nth(1).locator("summary").click()

    reasons = desk.page.locator(".blocked dd").all_inner_texts()
    assert len(reasons) > 5
    assert all(len(reason) > 3 for reason in reasons)


def test_a_dispute_is_registered_by_keyboard_alone(visitor: Visit, county: County):
    desk = visitor("li.ming")
    desk.go("/new")
    _tab_to(desk, "parties.0.name")
    desk.page.keyboard.type("键盘甲")
    _tab_to(desk, "parties.1.name")
    desk.page.keyboard.type("键盘乙")
    _tab_to(desk, "facts")
    desk.page.keyboard.type("只用键盘登记")
    _tab_to(desk, "place")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_timeout(200)
    if "/new" in desk.page.url:
        _tab_to(desk, None)
        desk.page.keyboard.press("Enter")
        desk.page.wait_for_url("**/cases/**")

    assert "只用键盘登记" in desk.text()


def _tab_to(desk: Visitor, name: str | None) -> None:
    """To the field of this name, or to the main button."""
    query = "document.activeElement.name" if name else "document.activeElement.className"
    for _ in range(60):
        if desk.page.evaluate(query) == (name or "main"):
            return
        desk.page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by the Tab key")


def test_the_first_tab_leads_past_the_menu(visitor: Visit):
    desk = visitor("li.ming")
    desk.go("/cases")
    desk.page.keyboard.press("Tab")

    assert desk.page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_every_number_of_the_board_leads_to_as_many_cases(visitor: Visit, county: County, case: Case):
    desk = visitor("leader")
    desk.go("/dashboard")
    links = [(one.inner_text(), one.get_attribute("href")) for one in desk.page.locator('main a[href^="/cases"]').all()]
    numbers = [(int(text), href) for text, href in links if text.strip().isdecimal() and href]

    assert numbers
    for number, href in numbers:
        desk.go(href)
        assert int(re.search(r"\d+", desk.page.inner_text("h1 small"))[0]) == number, href


def test_an_address_that_means_nothing_is_a_page_with_words(visitor: Visit, case: Case):
    desk = visitor("li.ming")
    for path, status in (
        ("/nothing-here", 404),
        ("/cases/not-an-id", 404),
        ("/cases?status=no-such-status", 422),
        ("/dashboard?since=yesterday", 422),
        (f"/cases/{case.id}?as_of=sometime", 422),
        (f"/cases/{case.id}/do/no-such-command", 404),
        (f"/cases/{case.id}/print/nothing", 404),
    ):
        assert desk.go(path).status == status, path
        assert "{" not in desk.text(), path
        assert desk.page.locator("main").count() == 1, path


def test_a_photo_of_ten_megabytes_is_refused_in_words(visitor: Visit, case: Case, tmp_path):
    desk = visitor("li.ming")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(bytes(10_000_000))
    desk.go(f"/cases/{case.id}/do/file-evidence")
    desk.page.set_input_files('input[type="file"]', str(photo))
    desk.fill(kind="photo")
    desk.submit()

    assert "{" not in desk.text()
    assert "过大" in desk.text() or "太大" in desk.text()


def test_text_with_markup_is_shown_as_text(visitor: Visit, county: County):
    made = county.as_("li.ming").register(
        facts="<script>alert(1)</script><b>粗</b>", parties=[{"side": "applicant", "name": "<i>斜</i>"}]
    )
    desk = visitor("li.ming")
    desk.go(f"/cases/{made.id}")

    assert "<script>alert(1)</script><b>粗</b>" in desk.text()
    assert desk.page.locator("main script, main i").count() == 0


@pytest.fixture
def stranger(visitor: Visit) -> Visitor:
    return visitor("shi.qiao")


def test_somebody_elses_case_is_not_there(stranger: Visitor, case: Case):
    for path in ("", "/do/accept-case", "/print/agreement", "?version=1"):
        assert stranger.go(f"/cases/{case.id}{path}").status == 404
    stranger.go("/cases")
    assert "一件走到签字的纠纷" not in stranger.text()


def test_names_are_masked_for_those_who_only_look(visitor: Visit, case: Case):
    leader = visitor("leader")
    leader.go(f"/cases/{case.id}")

    assert "10012345678" not in leader.text()
    assert str(officer_id("li.ming")) not in leader.text()


@pytest.mark.parametrize("path", PAGES)
def test_in_large_letters_a_page_still_fits_a_phone(visitor: Visit, case: Case, path: str):
    phone = visitor("li.ming", phone=True)
    phone.go(path.format(case=case.id))
    before = phone.page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)")
    phone.page.click('a[href^="/text/large"]')
    phone.page.wait_for_selector("html.large")

    assert phone.page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)") > before
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert path.format(case=case.id).partition("?")[0] in phone.page.url
