"""Under a prefix of a proxy nothing leads out of it: no link, form, file, redirect, cookie, address of the API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.edge import PASSED
from api.main import create_app
from api.measured import COUNTED
from api.settings import Settings
from api.web.onward import _OF_THE_LINE
from tests.api.conftest import PASSWORD, Case, County, open_county

ROOT = "/tiaojie"
BROWSER = {"Accept": "text/html", "Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
MAIN = {"/", "/cases", "/new", "/rules", "/dashboard", "/referrals", "/levels", "/account", "/login", "/cases/{}"}
MAIN |= {"/cases/{}/refer", "/cases/{}/replay", "/cases/{}/do/write-note", "/static/style.css", "/language/en"}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Proxy:
    """Hands on what lies under the prefix, with or without it; everything else belongs to another program."""

    def __init__(self, app: ASGIApp, strips: bool) -> None:
        self._app, self._strips = app, strips
        self.outside: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] != ROOT and not scope["path"].startswith(f"{ROOT}/"):
                self.outside.append(scope["path"])
                await PlainTextResponse("another program", 418)(scope, receive, send)
                return
            if self._strips:
                inner = scope["path"].removeprefix(ROOT) or "/"
                scope = {**scope, "path": inner, "raw_path": inner.encode()}
        await self._app(scope, receive, send)


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(name, value or "") for name, value in attrs if name in {"href", "action", "src", "formaction"}]


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture(scope="module")
def case(county: County) -> Case:
    made = county.as_("li.ming").register(facts="前缀之下的纠纷")
    made.under_way()
    county.parts.projector.catch_up()
    return made


@pytest.fixture(params=[True, False], ids=["the proxy takes it off", "the proxy leaves it on"])
def proxy(county: County, request: pytest.FixtureRequest) -> Proxy:
    settings = Settings(state=Path("unused"), root_path=ROOT)
    return Proxy(create_app(county.parts.system, settings), strips=request.param)


def signed_in(proxy: Proxy, login: str) -> TestClient:
    browser = TestClient(proxy, headers=BROWSER, follow_redirects=False)
    answer = browser.post(f"{ROOT}/login", data={"login": login, "password": PASSWORD, "next": "/cases"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ROOT}/cases")
    for cookie in answer.headers.get_list("set-cookie"):
        assert f"Path={ROOT};" in f"{cookie};"
    return browser


@pytest.mark.parametrize("login", ["li.ming", "town", "leader"])
def test_every_link_of_every_page_stays_under_the_prefix(proxy: Proxy, case: Case, login: str):
    browser, waiting, seen = signed_in(proxy, login), [f"{ROOT}/", f"{ROOT}/cases/{case.id}"], set[str]()
    while waiting and len(seen) < 250:
        path = waiting.pop(0)
        shape = ID.sub("{}", path.partition("?")[0])
        if shape in seen:
            continue
        seen.add(shape)
        answer = browser.get(path)
        assert answer.status_code in (200, 303, 403, 404, 422, 503), (path, answer.text[:300])
        if to := answer.headers.get("Location"):
            assert to.startswith(f"{ROOT}/"), (path, to)
            waiting.append(to)
        for name, value in Links(answer.text).found if "html" in answer.headers.get("content-type", "") else ():
            if value.startswith(("#", "?")):
                continue
            assert value.startswith(f"{ROOT}/"), (path, name, value)
            if name in {"href", "src"}:
                waiting.append(value.partition("#")[0])

    wanted = {ROOT + one for one in MAIN}
    if login == "li.ming":
        assert seen >= wanted - {f"{ROOT}/login"}, wanted - seen
    assert not proxy.outside


def test_a_form_is_sent_and_leads_on_under_the_prefix(proxy: Proxy, case: Case):
    browser = signed_in(proxy, "li.ming")
    page = browser.get(f"{ROOT}/cases/{case.id}/do/write-note").text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))

    answer = browser.post(f"{ROOT}/cases/{case.id}/do/write-note", data={**fields, "note": "前缀下的一笔"})

    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith(f"{ROOT}/cases/{case.id}?saved=")
    assert "前缀下的一笔" in browser.get(answer.headers["Location"]).text
    assert not proxy.outside


def test_who_is_not_signed_in_is_led_to_the_login_and_back_under_the_prefix(proxy: Proxy):
    browser = TestClient(proxy, headers=BROWSER, follow_redirects=False)
    to = browser.get(f"{ROOT}/cases?status=open").headers["Location"]
    fields = dict(re.findall(r'name="(next)" value="([^"]*)"', browser.get(to).text))

    answer = browser.post(f"{ROOT}/login", data={"login": "li.ming", "password": PASSWORD, **fields})

    assert urlsplit(to).path == f"{ROOT}/login"
    assert answer.headers["Location"] == f"{ROOT}/cases?status=open"


def test_a_form_that_outlives_its_login_goes_on_after_it_with_the_prefix_once(proxy: Proxy, case: Case, county: County):
    browser = signed_in(proxy, "li.ming")
    page = browser.get(f"{ROOT}/cases/{case.id}/do/write-note").text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    cookie = {one.name: one.value for one in browser.cookies.jar}
    browser.post(f"{ROOT}/logout")
    for name, value in cookie.items():
        browser.cookies.set(name, value, path=ROOT)
    asked = browser.post(f"{ROOT}/cases/{case.id}/do/write-note", data={**fields, "note": "登录断了"})
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))

    answer = browser.post(f"{ROOT}/login", data={**kept, "login": "li.ming", "password": PASSWORD})

    assert (asked.status_code, answer.status_code) == (401, 200), answer.text
    assert "登录断了" in answer.text
    addresses = [value for name, value in Links(answer.text).found if name in {"href", "action"}]
    assert f"{ROOT}/cases/{case.id}/do/write-note" in addresses
    assert not any(one.startswith(ROOT * 2) for one in addresses)


def addresses_in(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield from (one for name, one in value.items() if name in {"href", "instance"} and one)
            for one in value.values():
                yield from addresses_in(one)
        case list():
            for one in value:
                yield from addresses_in(one)


def test_the_addresses_of_the_api_are_under_the_prefix(proxy: Proxy, case: Case, county: County):
    client = TestClient(proxy, headers={"Authorization": f"Bearer {county.tokens['li.ming']}"})
    contract = client.get(f"{ROOT}/api/openapi.json").json()
    listed = client.get(f"{ROOT}/api/cases?limit=1&count=true")
    actions = client.get(f"{ROOT}/api/cases/{case.id}/actions").json()
    missing = client.get(f"{ROOT}/api/nothing").json()
    stale = client.post(f"{ROOT}/api/cases/{case.id}/accept-case", json={}, headers={"If-Match": "1"}).json()
    place = str(county.area("990101101201"))
    made = client.post(
        f"{ROOT}/api/cases/register-case",
        json={"place": place, "facts": "甲", "parties": [{"name": "甲", "side": "applicant"}]},
    )

    assert contract["servers"] == [{"url": ROOT}]
    assert all(one.startswith("/api/") or one.startswith("/health/") for one in contract["paths"])
    found = list(addresses_in([actions, missing, stale]))
    assert len(found) > 20
    assert [one for one in found if not one.startswith(f"{ROOT}/api/")] == []
    case.desk.register()
    county.parts.projector.catch_up()
    listed = client.get(f"{ROOT}/api/cases?limit=1")
    assert listed.headers["Link"].startswith(f"<{ROOT}/api/cases?")
    if made.status_code == 201:
        assert made.headers["Location"].startswith(f"{ROOT}/api/cases/")


def test_behind_tls_the_cookie_is_kept_to_the_prefix_and_named_for_it(county: County):
    settings = Settings(state=Path("unused"), root_path=ROOT, secure_cookies=True)
    browser = TestClient(create_app(county.parts.system, settings), headers=BROWSER, follow_redirects=False)

    answer = browser.post(f"{ROOT}/login", data={"login": "li.ming", "password": PASSWORD})

    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Secure-tiaojie.tiaojie-session=")
    assert {"Secure", f"Path={ROOT}", "HttpOnly"} <= {one.strip() for one in cookie.split(";")}


def test_what_is_sent_on_from_within_is_known_at_the_edge_and_counted_once():
    """Else a redirect that follows a login would have the prefix twice."""
    assert {PASSED, COUNTED} <= set(_OF_THE_LINE)
