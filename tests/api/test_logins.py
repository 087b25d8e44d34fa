"""Logins over HTTP: what ends them, where a change may come from, and that nothing is read of whoever is unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from api.web import pages
from api.web.sending import sender
from domain.office.officer import officer_id
from tests.api.conftest import BOTH, PASSWORD, County

OF_NO_OFFICER = {"/login", "/logout"}
EVIL = "http://evil.example"


def token_of(county: County, login: str) -> str:
    told = county.http.post("/api/session", json={"login": login, "password": PASSWORD})
    assert told.status_code == 200, told.text
    return str(told.json()["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def is_in(county: County, token: str) -> bool:
    return county.http.get("/api/me", headers=bearer(token)).status_code == 200


def test_signing_out_ends_the_token(county):
    token = token_of(county, "sq2")

    assert county.http.delete("/api/me/session", headers=bearer(token)).status_code == 204
    assert not is_in(county, token)


def test_one_ends_ones_own_sessions_and_nobody_elses(county):
    here, there, stranger = token_of(county, "sq2"), token_of(county, "sq2"), token_of(county, "sq3")
    listed = county.http.get("/api/me/sessions", headers=bearer(here)).json()["sessions"]
    other = county.http.get("/api/me/sessions", headers=bearer(there)).json()["sessions"]
    id = next(one["id"] for one in other if one["this"])

    assert id in {one["id"] for one in listed}
    assert county.http.delete(f"/api/me/sessions/{id}", headers=bearer(stranger)).status_code == 404
    assert county.http.delete(f"/api/me/sessions/{id}", headers=bearer(here)).status_code == 204
    assert (is_in(county, here), is_in(county, there)) == (True, False)


def test_a_new_password_asks_for_the_old_one_and_ends_the_other_sessions(county):
    here, there = token_of(county, "pt3"), token_of(county, "pt3")
    wrong = {"old": "not this one", "new": "another password"}
    right = {"old": PASSWORD, "new": "another password"}

    assert county.http.post("/api/me/password", json=wrong, headers=bearer(here)).status_code == 422
    assert is_in(county, there)
    assert county.http.post("/api/me/password", json=right, headers=bearer(here)).status_code == 204
    assert (is_in(county, here), is_in(county, there)) == (True, False)
    assert county.http.post("/api/session", json={"login": "pt3", "password": PASSWORD}).status_code == 401


def test_the_operators_new_password_ends_every_session(county):
    token = token_of(county, "hk3")
    county.parts.system.access.passwords.set(county.asked(), officer_id("hk3"), PASSWORD)

    assert not is_in(county, token)


def test_an_ended_appointment_and_a_disabled_officer_are_out_at_once_and_come_back_by_the_api(county):
    admin, id = county.as_("admin"), officer_id("hk2")
    token = token_of(county, "hk2")
    ended = {"number": 1, "in_force_until": (county.clock().date() + timedelta(days=1)).isoformat()}
    assert admin.post(f"/api/officers/{id}/revoke-appointment", **ended).status_code == 200
    assert not is_in(county, token)

    token = token_of(county, "hk2")
    assert admin.post(f"/api/officers/{id}/disable-officer").status_code == 200
    assert not is_in(county, token)
    assert admin.post(f"/api/officers/{id}/enable-officer").status_code == 200
    county.parts.projector.catch_up()
    assert not is_in(county, token)
    assert is_in(county, token_of(county, "hk2"))


def test_only_administrators_change_officers(county):
    desk = county.as_("li.ming")

    desk.refused(desk.post(f"/api/officers/{officer_id('lw2')}/disable-officer"), 403, "not-your-right")


@pytest.mark.parametrize("until", ["infinity", "2999-01-01"])
def test_a_session_that_was_ended_is_revived_by_nobody_who_writes_into_its_row(county, until):
    token = token_of(county, "sq2")
    county.http.delete("/api/me/session", headers=bearer(token))
    with psycopg.connect(county.url) as superuser:
        superuser.execute("UPDATE session SET ended_at = NULL, ended_by = NULL, ends_at = %s::timestamptz", [until])

    assert county.http.get("/api/me", headers=bearer(token)).status_code == 401


def test_a_session_whose_row_is_gone_is_no_session(county):
    token = token_of(county, "sq2")
    with psycopg.connect(county.url) as connection:
        connection.execute("DELETE FROM session WHERE officer_id = %s", [officer_id("sq2")])

    assert not is_in(county, token)


@pytest.mark.parametrize("path", ["/login", "/logout", "/new", "/cases", "/act-for", "/account/password"])
@pytest.mark.parametrize(
    ("said", "comes_in"),
    [
        ({}, False),
        ({"Origin": EVIL}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://testserver:81"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": EVIL, "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
    ],
)
def test_a_change_by_cookie_comes_from_a_page_of_ours(county, path, said, comes_in):
    cookie = {"Cookie": f"tiaojie-session-80={token_of(county, 'sq2')}"}

    answer = county.http.post(path, headers={**cookie, **said, "Accept": "text/html"}, follow_redirects=False)

    assert (answer.status_code != 403) is comes_in
    if not comes_in:
        assert "不是从本系统的页面发出的" in answer.text


def test_a_foreign_page_does_not_sign_its_victim_in(county):
    sent = {"login": "sq2", "password": PASSWORD}

    answer = county.http.post("/login", data=sent, headers={"Origin": EVIL}, follow_redirects=False)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_behind_tls_cookies_are_of_this_host_alone_and_the_browser_stays_with_tls(county):
    sent, said = {"login": "sq2", "password": PASSWORD}, {"Origin": "https://testserver"}
    answer = county.http.post("https://testserver/login", data=sent, headers=said, follow_redirects=False)
    cookie = answer.headers["set-cookie"]

    assert cookie.startswith("__Host-tiaojie-session=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))
    assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_behind_tls_a_page_of_the_same_name_that_came_without_is_another_sites(county, path):
    said = {"Origin": "http://testserver", "Accept": "text/html"}

    answer = county.http.post(f"https://testserver{path}", data={"login": "sq2"}, headers=said, follow_redirects=False)

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/api/cases/register-case", "/api/cases/search", "/new", "/cases"])
def test_nothing_is_read_of_whoever_was_never_signed_in(county, path):
    def content():
        raise AssertionError("it was read")
        yield b""

    answer = county.http.post(path, content=content(), headers={"Accept": "text/html"}, follow_redirects=False)

    assert answer.status_code in {401, 303}


def test_a_form_of_a_cookie_without_its_sender_records_nothing(county):
    case, before = county.as_("li.ming").register(), county.events()
    cookie = f"tiaojie-session-80={token_of(county, 'li.ming')}"
    headers = {"Cookie": cookie, "Origin": "http://testserver", "Accept": "text/html"}
    sent = {"note": "没有署名", "version": str(case.version)}

    answer = county.http.post(f"/cases/{case.id}/do/write-note", data=sent, headers=headers)

    assert (answer.status_code, county.events()) == (409, before)
    assert "没有署名" in answer.text


def asks_for(call: object, dependant: Any) -> bool:
    """By itself, or by what it depends on."""
    return any(one.call is call or asks_for(call, one) for one in dependant.dependencies)


def test_every_page_that_changes_anything_asks_who_sends_the_form():
    routes = [route for page in pages.PAGES for route in page.router.routes if "POST" in route.methods]
    asking = {route.path for route in routes if asks_for(sender, route.dependant)}

    assert len(asking) > 8
    assert {route.path for route in routes} - asking == OF_NO_OFFICER


@pytest.mark.parametrize(("ahead", "status"), [(5, 201), (60, 201), (61, 422)])
def test_a_clock_that_is_a_minute_ahead_is_forgiven(county, mediator, ahead, status):
    told = (county.clock() + timedelta(seconds=ahead)).isoformat()
    content = {"place": str(county.area("990101101201")), "facts": "钟快了", "parties": BOTH, "occurred_at": told}

    answer = mediator.post("/api/cases/register-case", **content)

    assert answer.status_code == status
    if status == 201:
        line = mediator.get(f"/api/cases/{answer.json()['id']}").json()["timeline"][0]
        assert datetime.fromisoformat(line["occurred_at"]) == county.clock()
