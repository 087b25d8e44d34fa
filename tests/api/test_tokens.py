"""Service tokens over HTTP: each scope opens its routes and no other, whatever is added; and it ends when it should."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from api import scopes
from application.office import OFFICERS
from domain.office.appointments import RevokeAppointment
from domain.office.officer import DisableOfficer, EnableOfficer, officer_id
from domain.office.scopes import TokenScope
from tests.api.conftest import BOTH, County

COOKIE = "tiaojie-session-80"
REGISTERS = {"GET /api/me", "GET /api/areas", "GET /api/areas/{id}/bodies", "GET /api/bodies/{id}/members"}
READ = {"GET /api/rules", "GET /api/cases", "POST /api/cases/search", "GET /api/cases/{id}"}
READ |= {f"GET /api/cases/{{id}}/{one}" for one in ("actions", "history", "diff")}
READ |= {f"GET /api/{one}" for one in ("referrals", "escalations")}
READ |= {f"GET /api/cases/{{case}}/{one}{id}" for one in ("referrals", "escalations") for id in ("", "/{id}")}
OPENED = {
    TokenScope.READ: REGISTERS | READ,
    TokenScope.FIGURES: REGISTERS | {"GET /api/figures", "GET /api/figures/moving", "GET /api/figures/flow"},
    TokenScope.RECORD: REGISTERS
    | {f"POST /api/cases/{one}" for one in ("receive-request", "register-case", "{id}/register-case")},
}
"""Said a second time, by hand: a route that is added is in none of them."""
OPEN_TO_ALL = ("/health/", "/metrics", "/static", "/language/", "/api/openapi.json")
"""Where nobody is looked up."""


def issued(county: County, login: str, *scopes: TokenScope, **other: Any) -> dict[str, Any]:
    wanted = {
        "label": "数据平台",
        "scopes": [*scopes],
        "appointment": 1,
        "ends_on": (county.clock().date() + timedelta(days=30)).isoformat(),
    }
    told = county.as_("admin").post(f"/api/officers/{officer_id(login)}/tokens", **wanted | other)
    assert told.status_code == 201, told.text
    return dict(told.json())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def listed(county: County, login: str) -> list[dict[str, Any]]:
    told = county.as_("admin").get(f"/api/officers/{officer_id(login)}/tokens").json()["tokens"]
    return list(told)


def all_routes(county: County) -> list[tuple[str, str]]:
    found = []
    for one in iter_route_contexts(county.http.app.routes):  # type: ignore[attr-defined]
        if one.path and not isinstance(one.original_route, Mount):
            found += [(method, str(one.path)) for method in one.methods or {"GET"}]
    return [one for one in found if not one[1].startswith(OPEN_TO_ALL)]


@pytest.mark.parametrize("scope", TokenScope)
def test_a_scope_opens_its_routes_and_no_other(county, scope):
    token, routes = issued(county, "town", scope)["token"], all_routes(county)
    opened, id = set(), str(uuid4())
    for method, path in routes:
        where = path
        for name in ("{id}", "{case}"):
            where = where.replace(name, id)
        where = where.replace("{number:path}", "0").replace("{", "").replace("}", "")
        answer = county.http.request(method, where, headers=bearer(token), follow_redirects=False)
        if answer.status_code != 403 or "out-of-scope" not in answer.text:
            opened.add(f"{method} {path}")

    assert len(routes) > 150
    assert opened == OPENED[scope]


def test_every_route_that_is_named_is_there():
    assert {scope: set(named) for scope, named in scopes.OPENED.items()} == OPENED


def test_a_path_that_is_written_out_later_is_no_id(county):
    token = issued(county, "town", TokenScope.READ)["token"]

    for path in ("/api/cases/secrets", f"/api/cases/{uuid4()}/", f"/api/cases/{uuid4()}/bundle"):
        assert county.http.get(path, headers=bearer(token)).json()["code"] == "out-of-scope"


def test_a_token_never_changes_passwords_officers_rules_or_tokens(county):
    """Also an administrator's, with all scopes."""
    token, id = issued(county, "admin", *TokenScope)["token"], officer_id("admin")
    asked = [
        "/api/me/password",
        "/api/session",
        f"/api/officers/{id}/tokens",
        f"/api/officers/{id}/end-token",
        f"/api/officers/{id}/disable-officer",
        "/api/officers/register-officer",
        "/api/rules/publish-holidays",
        "/api/rules/publish-rule-pack",
        "/api/areas/found-area",
    ]
    before = county.events()

    codes = [county.http.post(path, json={}, headers=bearer(token)).json()["code"] for path in asked]

    assert codes == ["out-of-scope"] * len(asked)
    assert county.events() == before


def test_a_token_sees_what_its_officer_sees_and_no_more(county, mediator):
    case = mediator.register()
    hers, others = issued(county, "li.ming", TokenScope.READ), issued(county, "ping.tou", TokenScope.READ)

    assert county.http.get(f"/api/cases/{case.id}", headers=bearer(hers["token"])).status_code == 200
    assert county.http.get(f"/api/cases/{case.id}", headers=bearer(others["token"])).status_code == 404
    assert county.http.get("/api/me", headers=bearer(hers["token"])).json()["role"] == "mediator"


def test_a_leaders_token_records_nothing_for_the_leader_does_not(county):
    token = issued(county, "leader", TokenScope.RECORD)["token"]
    content = {"place": str(county.area("990101101201")), "facts": "无权登记", "parties": BOTH}

    answer = county.http.post("/api/cases/register-case", json=content, headers=bearer(token))

    assert (answer.status_code, answer.json()["code"]) == (403, "not-your-right")


def test_what_is_recorded_by_a_token_says_by_whom_and_that_it_came_by_a_token(county, mediator):
    made = issued(county, "li.ming", TokenScope.RECORD)
    content = {"place": str(county.area("990101101201")), "facts": "由平台登记", "parties": BOTH}
    told = county.http.post("/api/cases/register-case", json=content, headers=bearer(made["token"]))
    assert told.status_code == 201, told.text

    line = mediator.get(f"/api/cases/{told.json()['id']}").json()["timeline"][0]
    own = mediator.get(f"/api/cases/{mediator.register().id}").json()["timeline"][0]

    assert (line["as"]["officer"], line["as"]["role"], line["as"]["token"]) == ("李明", "mediator", made["number"])
    assert "token" not in own["as"]
    stored = county.parts.ledger.feed(told.json()["position"] - 1, 1)[0].stamp.acting
    assert stored
    assert stored.token == made["number"], "read from what is stored, not from memory"
    page = county.http.get(f"/cases/{told.json()['id']}", headers=bearer(county.tokens["li.ming"]))
    assert f"（服务令牌{made['number']}）" in page.text


def test_a_browser_never_sends_a_token(county):
    token = issued(county, "li.ming", TokenScope.READ)["token"]

    assert county.http.get("/api/me", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401
    assert county.http.get("/cases", headers=bearer(token), follow_redirects=False).status_code == 403


def is_in(county: County, token: str) -> bool:
    return bool(county.http.get("/api/me", headers=bearer(token)).status_code == 200)


def test_a_token_ends_at_once_with_its_end_its_officer_and_its_appointment(county):
    officers, admin = county.parts.system.administering.officers, county.as_("admin")
    made = issued(county, "sq2", TokenScope.READ)
    assert is_in(county, made["token"])
    ended = admin.post(f"/api/officers/{officer_id('sq2')}/end-token", number=made["number"])
    assert ended.status_code == 200, ended.text
    assert not is_in(county, made["token"])

    disabled = issued(county, "sq2", TokenScope.READ)["token"]
    assert is_in(county, disabled)
    officers.change(county.asked(), officer_id("sq2"), DisableOfficer())
    assert not is_in(county, disabled)
    officers.change(county.asked(), officer_id("sq2"), EnableOfficer())
    assert not is_in(county, disabled)

    revoked = issued(county, "sq3", TokenScope.READ)["token"]
    assert is_in(county, revoked)
    until = county.clock().date() + timedelta(days=5)
    officers.change(county.asked(), officer_id("sq3"), RevokeAppointment(number=1, in_force_until=until))
    assert not is_in(county, revoked)


def test_a_token_ends_with_its_day(county):
    tomorrow = county.clock().date() + timedelta(days=1)
    token = issued(county, "pt2", TokenScope.READ, ends_on=tomorrow.isoformat())["token"]
    assert is_in(county, token)
    before = county.clock.moment
    county.clock.forward(days=1)
    try:
        assert not is_in(county, token)
    finally:
        county.clock.moment = before


def test_only_its_mark_is_kept_and_its_use_is_told(county):
    made = issued(county, "pt3", TokenScope.FIGURES)
    assert [one["seen_at"] for one in listed(county, "pt3")] == [None]
    assert is_in(county, made["token"])
    told = listed(county, "pt3")

    assert [(one["number"], one["is_live"], one["scopes"]) for one in told] == [(1, True, ["figures"])]
    assert told[0]["seen_at"]
    assert made["token"] not in str(told)
    secret = made["token"].removeprefix("tiaojie_")
    with psycopg.connect(county.url) as connection:
        kept = connection.execute("SELECT convert_from(state, 'utf8') FROM stored_events").fetchall()
    assert not [one for (one,) in kept if secret in one or secret[24:60] in one]


@pytest.mark.parametrize(
    "forge", [lambda told: told[:-2] + "A=", lambda told: told[:-8], lambda _: "tiaojie_x", str.upper]
)
def test_a_token_that_was_never_issued_is_none(county, forge):
    assert not is_in(county, forge(issued(county, "lw3", TokenScope.READ)["token"]))


def test_a_token_is_of_its_officer_alone(county, monkeypatch):
    """The secret of one under the name of another; also where somebody has copied its mark to the other's events."""
    told = urlsafe_b64decode(issued(county, "auditor", TokenScope.READ)["token"].removeprefix("tiaojie_"))
    forged = "tiaojie_" + urlsafe_b64encode(officer_id("admin").bytes + told[16:]).decode()
    assert not is_in(county, forged)

    copied = county.parts.ledger.history(OFFICERS, officer_id("auditor")).state
    monkeypatch.setattr(county.parts.logins.tokens._issued, "of", lambda _: copied)
    assert not is_in(county, forged)


@pytest.mark.parametrize("login", ["li.ming", "leader", "auditor"])
def test_only_administrators_issue_list_and_end_tokens(county, login):
    desk, id = county.as_(login), officer_id(login)
    until = (county.clock().date() + timedelta(days=3)).isoformat()
    wanted = {"label": "平台", "scopes": ["read"], "appointment": 1, "ends_on": until}

    desk.refused(desk.post(f"/api/officers/{id}/tokens", **wanted), 403, "not-your-right")
    desk.refused(desk.get(f"/api/officers/{id}/tokens"), 403, "not-your-right")
    desk.refused(desk.post(f"/api/officers/{id}/end-token", number=1), 403, "not-your-right")


def test_a_token_without_a_scope_or_for_longer_than_a_year_is_refused(county):
    admin, id, day = county.as_("admin"), officer_id("li.ming"), county.clock().date()
    wanted = {"label": "平台", "scopes": ["read"], "appointment": 1, "ends_on": (day + timedelta(days=9)).isoformat()}

    assert admin.post(f"/api/officers/{id}/tokens", **wanted | {"scopes": []}).status_code == 422
    assert admin.post(f"/api/officers/{id}/tokens", **wanted | {"scopes": ["admin"]}).status_code == 422
    late = admin.post(f"/api/officers/{id}/tokens", **wanted | {"ends_on": (day + timedelta(days=367)).isoformat()})
    admin.refused(late, 422, "token-lasts")
