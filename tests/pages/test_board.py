"""The board as it is looked at: what stayed in the village first, whole pictures on a phone, one screen on a wall."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from tests.api.conftest import Case, County
from tests.pages.conftest import Visitor

Visit = Callable[..., Visitor]
OUTSIDE = """[...document.querySelectorAll('.drawn svg')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.left < 0 || box.right > window.innerWidth + 1);
}).map(one => one.getAttribute('class'))"""
LETTERS = """Math.min(...[...document.querySelectorAll('.drawn svg')].filter(one => one.getBoundingClientRect().width)
    .flatMap(svg => [...svg.querySelectorAll('text')].map(one =>
        parseFloat(getComputedStyle(one).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"""


@pytest.fixture(scope="module")
def cases(county: County) -> list[Case]:
    """Some settled, one under way, in three villages."""
    made = []
    for place, login in {"990101101201": "li.ming", "990101101202": "shi.qiao", "990101102201": "ping.tou"}.items():
        made += [county.as_(login).register(place=place) for _ in range(3)]
    for one in made[::2]:
        one.act("close-case", result="self-settled")
    county.parts.projector.catch_up()
    return made


def test_on_a_phone_the_share_of_the_village_comes_first_and_every_picture_is_whole(visitor: Visit, cases: list[Case]):
    phone = visitor("leader", phone=True)
    phone.go("/dashboard")

    number = phone.page.locator(".lead .number").bounding_box()
    assert number
    assert number["y"] < 300
    assert phone.page.evaluate(OUTSIDE) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.page.evaluate(LETTERS) >= 8.5
    assert phone.page.locator(".flow.narrow").is_visible()
    assert not phone.page.locator(".flow.wide").is_visible()


def test_a_mark_is_reached_by_the_keyboard_and_opens_its_cases(visitor: Visit, cases: list[Case]):
    desk = visitor("leader")
    desk.go("/dashboard")
    mark = desk.page.locator(".flow.wide a").first
    mark.focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/dashboard/rows**")

    assert desk.page.locator("table.cases tbody tr").count() > 0
    desk.page.click("text=返回看板")
    assert "at=" in desk.page.url


def test_a_drawing_can_be_skipped(visitor: Visit, cases: list[Case]):
    desk = visitor("leader")
    desk.go("/dashboard")
    desk.page.locator(".heat .skip").focus()
    desk.page.keyboard.press("Enter")

    assert desk.page.url.endswith("#after-heat")


def test_a_wall_fits_its_screen_without_a_menu(visitor: Visit, cases: list[Case]):
    wall = visitor("leader")
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    wall.go("/dashboard/wall")

    assert wall.page.evaluate("document.documentElement.scrollHeight") <= 1080
    assert wall.page.locator("nav").count() == 0
    assert wall.page.locator(".lead .number").evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > 60
    clipped = """[...document.querySelectorAll('.tile, .wall-pictures section')].filter(one =>
        one.scrollHeight > one.clientHeight + 4).map(one => one.className)"""
    assert wall.page.evaluate(clipped) == []
    wall.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_board_prints_with_its_pictures_and_without_its_menu(visitor: Visit, cases: list[Case]):
    desk = visitor("leader")
    desk.go("/dashboard")

    paper = PdfReader(BytesIO(desk.page.pdf(format="A4")))
    told = [normalize("NFKC", one.extract_text()) for one in paper.pages]  # a font's own forms of some characters
    assert "小事不出村率" in told[0]
    assert "PNG" not in "".join(told)
    assert "退出登录" not in "".join(told)
    assert 3 <= len(told) <= 10


def test_a_title_sorts_the_places_and_turns_them_round(visitor: Visit, cases: list[Case]):
    desk = visitor("leader")
    desk.go("/dashboard")
    names = ".bars tbody th"
    orders = []
    for sort in ("name", "name", "open"):
        desk.page.locator(f'#places thead a[href*="sort={sort}"], #places thead a[href*="sort=-{sort}"]').first.click()
        orders.append(desk.page.locator(f"#places {names}").all_inner_texts())

    assert orders[0] == orders[1][::-1]
    assert sorted(orders[0]) == sorted(orders[2])
    assert desk.page.locator('#places th[aria-sort="descending"]').count() == 1


def test_whoever_publishes_from_the_browser_sees_it_with_everybody(visitor: Visit, county: County, cases: list[Case]):
    county.clock.forward(days=40)
    county.tokens.clear()
    leader = visitor("leader")
    leader.go("/publications")
    leader.fill(since="2026-03-01", until="2026-03-31")
    leader.page.click("form.filters button.main")
    assert leader.page.locator("table.cases tbody tr").count() == 1

    stranger = visitor()
    stranger.go("/public")
    assert "2026-03-01" in stranger.text()
    assert "柳湾村" not in stranger.text()
