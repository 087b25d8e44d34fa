"""Logins, forms and bodies as somebody at a browser has them: two tabs, two people, a login that ends meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest

from domain.office.appointments import AppointOfficer
from domain.office.officer import DisableOfficer, EnableOfficer, Role, officer_id
from domain.shared.values import BodyId
from tests.api.conftest import PASSWORD, SINCE, Case, County
from tests.pages.conftest import Visitor, served

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def case(county: County) -> Case:
    return county.as_("li.ming").register(facts="两家为檐水争吵")


@pytest.fixture
def unchanged(county: County) -> Iterator[None]:
    before = county.events()
    yield
    assert county.events() == before


def expire(county: County) -> None:
    with psycopg.connect(county.url) as connection:
        connection.execute("UPDATE session SET ends_at = now() WHERE in_browser")


def tab(visitor: Visitor) -> Visitor:
    """Another one of the same browser: it has the same cookies."""
    return Visitor(visitor.context, visitor.address)


def body(county: County, code: str) -> BodyId:
    found = county.parts.system.registers.register.body_by_code(code)
    assert found
    return found


@pytest.fixture(scope="module")
def of_two_bodies(county: County) -> str:
    command = AppointOfficer(
        role=Role.MEDIATOR, body=body(county, "HK"), area=county.area("990101101"), in_force_from=SINCE
    )
    county.parts.system.administering.officers.change(county.asked(), officer_id("lw3"), command)
    county.parts.projector.catch_up()
    return "lw3"


def test_a_login_that_ended_while_somebody_typed_brings_the_form_back_filled_in(visitor: Visit, county, case):
    desk = visitor("li.ming")
    desk.go(f"/cases/{case.id}/do/write-note")
    desk.fill(note="来访说好周五见面")
    expire(county)
    before = county.events()

    desk.submit()
    assert desk.page.locator("#password").count() == 1
    assert "还在" in desk.text()
    desk.page.fill("#login", "li.ming")
    desk.page.fill("#password", "not this one")
    desk.page.click("form.card button.main")
    desk.page.fill("#password", PASSWORD)
    desk.page.click("form.card button.main")

    assert desk.page.input_value('[name="note"]') == "来访说好周五见面"
    assert county.events() == before, "nothing is recorded before it is submitted"
    desk.submit()
    desk.saved()
    assert county.events() == before + 1


def test_a_registration_comes_back_filled_in_too(visitor: Visit, county):
    desk = visitor("li.ming")
    desk.go("/new")
    desk.fill(facts="为一堵墙", parties__0__name="墙甲", parties__1__name="墙乙")
    desk.fill(place=str(county.area("990101101201")))
    expire(county)
    desk.submit()
    desk.page.fill("#login", "li.ming")
    desk.page.fill("#password", PASSWORD)
    desk.page.click("form.card button.main")

    assert desk.page.input_value('[name="facts"]') == "为一堵墙"
    assert desk.page.input_value('[name="parties.1.name"]') == "墙乙"
    desk.submit()
    desk.saved()


def test_whoever_else_signs_in_meanwhile_does_not_send_the_form_of_the_first(visitor: Visit, county, case):
    desk = visitor("li.ming")
    desk.go(f"/cases/{case.id}/do/write-note")
    desk.fill(note="李明写的话")
    expire(county)
    before = county.events()
    desk.submit()
    desk.page.fill("#login", "lw2")
    desk.page.fill("#password", PASSWORD)
    desk.page.click("form.card button.main")

    assert "另一个人" in desk.text()
    assert "李明写的话" in desk.text()
    desk.page.click("form.card button.main")
    assert desk.page.input_value('[name="note"]') == "李明写的话"
    assert county.events() == before


@pytest.mark.parametrize("path", ["/cases?status=open", "/dashboard?since=2026-01-01"])
def test_the_login_leads_to_where_one_wanted_with_what_the_address_asks(visitor: Visit, path):
    desk = visitor()
    desk.go(path)
    desk.page.fill("#login", "li.ming")
    desk.page.fill("#password", PASSWORD)
    desk.page.click("form.card button.main")

    assert desk.page.url == desk.address + path


@pytest.mark.usefixtures("unchanged")
def test_a_form_is_not_sent_with_the_cookie_of_whoever_signed_in_since(visitor: Visit, case):
    first = visitor("li.ming")
    first.go(f"/cases/{case.id}/do/write-note")
    first.fill(note="李明看到的")
    tab(first).sign_in("lw2")

    first.submit()

    assert "另一个人" in first.text()
    assert "李明看到的" in first.text()


def test_a_form_is_recorded_for_the_body_that_it_names_whatever_another_tab_chose(visitor, county, of_two_bodies):
    village = visitor(of_two_bodies)
    choose_body(village, "LW", county)
    village.go("/new")
    village.fill(facts="村里的事", parties__0__name="村甲", parties__1__name="村乙")
    village.fill(place=str(county.area("990101101201")))
    township = tab(village)
    choose_body(township, "HK", county)
    township.go("/new")
    assert township.page.input_value("form.dialog [name=sent_for]") == str(body(county, "HK"))

    village.submit()

    village.saved()
    assert "LW-2026-" in village.text()
    township.fill(facts="镇里的事", parties__0__name="镇丙", parties__1__name="镇丁")
    township.fill(place=str(county.area("990101101201")))
    township.submit()
    township.saved()
    assert "HK-2026-" in township.text()


def choose_body(desk: Visitor, code: str, county: County) -> None:
    desk.go("/cases?status=open")
    desk.page.locator(".top select").select_option(str(body(county, code)))
    desk.page.click(".top form button")
    assert desk.page.url.endswith("/cases?status=open")
    assert desk.page.input_value(".top select") == str(body(county, code))


def test_the_body_is_chosen_on_the_form_itself(visitor, county, of_two_bodies):
    desk = visitor(of_two_bodies)
    choose_body(desk, "LW", county)
    desk.go("/new")
    desk.fill(facts="镇里的事", parties__0__name="镇甲", parties__1__name="镇乙")
    desk.page.locator("form.dialog [name=sent_for]").select_option(str(body(county, "HK")))
    desk.page.click('form.dialog button[value="body"]')
    assert desk.page.input_value('[name="facts"]') == "镇里的事"
    desk.fill(place=str(county.area("990101101201")))

    desk.submit()

    desk.saved()
    assert "HK-2026-" in desk.text()


@pytest.mark.usefixtures("unchanged")
def test_what_is_typed_is_kept_where_the_chosen_body_may_not_see_the_case(visitor, county, of_two_bodies, case):
    desk = visitor(of_two_bodies)
    choose_body(desk, "LW", county)
    desk.go(f"/cases/{case.id}/do/write-note")
    desk.fill(note="换了机构再写")
    desk.page.locator("form.dialog [name=sent_for]").select_option(str(body(county, "HK")))
    desk.submit()

    assert "换了机构再写" in desk.page.content()


def test_whoever_has_one_body_is_not_asked_for_which(visitor, case):
    desk = visitor("li.ming")
    desk.go(f"/cases/{case.id}/do/write-note")

    assert desk.page.locator("select[name=sent_for]").count() == 0
    assert desk.page.locator("form.dialog input[name=sent_for]").count() == 1


def test_a_photo_of_twelve_megabytes_is_told_at_its_field_and_the_rest_is_kept(visitor, county, case, tmp_path):
    desk, photo = visitor("li.ming"), tmp_path / "photo.jpg"
    photo.write_bytes(bytes(12_000_000))
    desk.go(f"/cases/{case.id}/do/file-evidence")
    field = desk.page.locator(".field", has=desk.page.locator('input[type="file"]'))
    assert "8" in field.inner_text(), "the limit stands beside the field"
    desk.page.set_input_files('input[type="file"]', str(photo))
    desk.fill(kind="photo", description="滴水的檐口")
    desk.submit()

    field = desk.page.locator(".field", has=desk.page.locator('input[type="file"]'))
    assert "过大" in field.locator(".error").inner_text()
    assert desk.page.input_value('[name="description"]') == "滴水的檐口"
    photo.write_bytes(b"%PDF-" + bytes(7_000_000))
    desk.page.set_input_files('input[type="file"]', str(photo))
    desk.submit()
    desk.saved()


def test_signing_out_ends_the_session_and_not_only_the_cookie(visitor, county):
    desk = visitor("li.ming")
    cookies = desk.context.cookies()
    desk.page.click(".top .who form[action='/logout'] button")
    desk.context.add_cookies(cookies)

    desk.go("/")

    assert desk.page.url.endswith("/login?next=%2F")


def test_one_sees_where_one_is_signed_in_and_ends_any_of_it(visitor, county):
    here, elsewhere = visitor("sq2"), visitor("sq2", phone=True)
    here.page.click('.top a[href="/account"]')
    assert here.page.locator("tbody tr").count() == 2
    here.page.click("tbody button")

    assert here.page.locator("tbody tr").count() == 1
    elsewhere.go("/cases")
    assert "/login" in elsewhere.page.url
    here.go("/cases")
    assert here.page.url.endswith("/cases")


def test_officers_set_their_own_password_and_their_other_logins_end(visitor, county):
    here, elsewhere = visitor("sq3"), visitor("sq3")
    here.go("/account")
    for old, new, told in (("not this", "一个新的密码123", "原密码不正确"), (PASSWORD, "short", "")):
        here.page.fill("#old", old)
        here.page.fill("#new", new)
        here.page.click("form.dialog button.main")
        assert told in here.text()
    here.page.fill("#old", PASSWORD)
    here.page.fill("#new", "一个新的密码123")
    here.page.click("form.dialog button.main")

    assert "密码已更改" in here.text()
    here.go("/cases")
    assert here.page.url.endswith("/cases")
    elsewhere.go("/cases")
    assert "/login" in elsewhere.page.url
    elsewhere.sign_in("sq3", "一个新的密码123")
    assert "/login" not in elsewhere.page.url


def test_a_disabled_officer_is_out_at_once_and_stays_out_when_enabled(visitor, county):
    desk, officers = visitor("pt2"), county.parts.system.administering.officers
    officers.change(county.asked(), officer_id("pt2"), DisableOfficer())
    desk.go("/cases")
    assert "/login" in desk.page.url
    officers.change(county.asked(), officer_id("pt2"), EnableOfficer())
    county.parts.projector.catch_up()

    desk.go("/cases")
    assert "/login" in desk.page.url
    desk.sign_in("pt2")
    assert "/login" not in desk.page.url


def test_two_programs_on_one_host_have_each_their_own_login(visitor, county):
    desk = visitor("li.ming")
    with served(county) as other:
        second = Visitor(desk.context, other).sign_in("lw2")
        second.go("/account")
        assert "/login" not in second.page.url

        desk.go("/account")
        assert desk.page.url.endswith("/account")
        assert len(desk.context.cookies()) >= 2


FORGERIES = {
    "register": "/new",
    "note": "/cases/{case}/do/write-note",
    "sign out": "/logout",
    "sign in": "/login",
    "act for": "/act-for",
    "password": "/account/password",
}


@pytest.fixture(scope="module")
def elsewhere(county: County, address: str) -> Iterator[HTTPServer]:
    """Another program of the same host: its pages are of the same site, and of another origin."""

    class Forging(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            path = self.path.removeprefix("/forge")
            inputs = "".join(
                f'<input name="{name}" value="{value}">'
                for name, value in {
                    "note": "伪造",
                    "facts": "伪造",
                    "login": "lw2",
                    "password": PASSWORD,
                    "version": "1",
                    "sent_by": str(officer_id("li.ming")),
                    "sent_for": str(body(county, "LW")),
                }.items()
            )
            page = f'<a href="{address}{path}">link</a><form method="post" action="{address}{path}">{inputs}<button>'
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Forging)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same site", "another site"])
@pytest.mark.parametrize("what", FORGERIES)
@pytest.mark.usefixtures("unchanged")
def test_no_page_of_somebody_else_changes_anything(visitor, case, elsewhere, host, what):
    desk = visitor("li.ming")
    path = FORGERIES[what].format(case=case.id)
    desk.page.goto(f"http://{host}:{elsewhere.server_port}/forge{path}")
    with desk.page.expect_navigation() as told:
        desk.page.click("button")

    assert told.value.status == 403
    desk.go("/account")
    assert desk.page.url.endswith("/account"), "still signed in, and as the same"
    assert desk.page.locator("tbody .tag").count() == 1


def test_a_link_of_another_site_leads_to_the_page(visitor, case, elsewhere):
    desk = visitor("li.ming")
    desk.page.goto(f"http://localhost:{elsewhere.server_port}/forge/cases/{case.id}")
    desk.page.click("a")

    assert desk.page.url.endswith(f"/cases/{case.id}")
    assert "两家为檐水争吵" in desk.text()
