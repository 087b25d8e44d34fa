"""Bad input gets a problem in the reader's language, and nothing is recorded."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.conftest import BOTH, County, Desk, merge


@pytest.fixture
def unchanged(county: County):
    before = county.events()
    yield
    assert county.events() == before


REGISTER = "/api/cases/register-case"


@pytest.mark.usefixtures("unchanged")
def test_who_is_not_signed_in_is_asked_to(county):
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
        answer = county.http.post(REGISTER, json={}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "login-needed")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(county):
    wrong = county.http.post("/api/session", json={"login": "sq2", "password": "wrong password"})
    unknown = county.http.post("/api/session", json={"login": "nobody", "password": "wrong password"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


@pytest.mark.parametrize(
    ("accepted", "title"),
    [
        ("zh-CN,zh;q=0.9", "没有这个区域"),
        ("en", "There is no such area"),
        ("fr, en;q=0.5", "There is no such area"),
        ("", "没有这个区域"),
    ],
)
def test_a_problem_is_told_in_the_readers_language(mediator, accepted, title):
    answer = mediator.post(REGISTER, {"Accept-Language": accepted}, place=str(uuid4()), facts="争执")

    told = mediator.refused(answer, 422, "unknown-area")
    assert told["title"].startswith(title)
    assert told["type"] == "/problems/unknown-area"
    assert told["instance"] == REGISTER


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        ({"facts": ""}, "/facts", "string_too_short"),
        ({"facts": "长" * 20_001}, "/facts", "string_too_long"),
        ({"facts": "有\u0000空字符"}, "/facts", "value_error"),
        ({"facts": "有\u001b控制符"}, "/facts", "value_error"),
        ({"facts": "   "}, "/facts", "value_error"),
        ({"parties": [{"side": "applicant", "name": "两\n行"}]}, "/parties/0/name", "value_error"),
        ({"parties": [{"side": "nobody", "name": "甲"}]}, "/parties/0/side", "enum"),
        (
            {"parties": [{"side": "applicant", "name": "甲", "head_count": 0}]},
            "/parties/0/head_count",
            "greater_than_equal",
        ),
        ({"place": "990101101201"}, "/place", "uuid_parsing"),
        ({"unheard_of": 1}, "/unheard_of", "extra_forbidden"),
        ({"occurred_at": "2026-03-03T10:00:00"}, "/occurred_at", "timezone_aware"),
    ],
)
def test_unfit_content_is_refused_field_by_field(county, mediator, content, pointer, code):
    place = {"place": str(county.area("990101101201")), "facts": "争执", "parties": BOTH}

    answer = mediator.post(REGISTER, **{**place, **content})

    told = mediator.refused(answer, 422, "unfit-request")
    assert (told["errors"][0]["pointer"], told["errors"][0]["code"]) == (pointer, code)
    assert told["errors"][0]["detail"]


def test_what_was_sent_is_not_repeated_in_the_answer(county, mediator):
    secret = "身份证四二零五八一"
    content = {"place": str(county.area("990101101201")), "facts": secret + "\u0000", "parties": BOTH}

    assert secret not in mediator.post(REGISTER, **content).text


@pytest.mark.usefixtures("unchanged")
def test_a_body_that_is_no_json_is_refused(county):
    headers = {**county.as_("li.ming")._headers({"Content-Type": "application/json"})}

    for body in (b"{", b"\xff\xfe", b"[]", b"null", b'{"facts": "\xb0\xa1"}'):
        assert county.http.post(REGISTER, content=body, headers=headers).status_code == 422


@pytest.mark.usefixtures("unchanged")
def test_every_route_that_reads_a_body_declares_that_it_may_be_too_large(county):
    huge = json.dumps({"words": "x" * 1_100_000}).encode()
    headers = county.as_("li.ming")._headers({"Content-Type": "application/json"})
    operations = county.http.get("/api/openapi.json").json()["paths"]
    reading = [path for path, methods in operations.items() if "post" in methods]

    for path in reading:
        answer = county.http.post(re.sub(r"{\w+}", str(uuid4()), path), content=huge, headers=headers)
        assert (path, answer.status_code) == (path, 413)
        assert "413" in operations[path]["post"]["responses"]

    assert "/api/cases/search" in reading


@pytest.mark.usefixtures("unchanged")
def test_a_body_of_ten_megabytes_is_not_read(county):
    huge = json.dumps({"facts": "x" * 10_000_000}).encode()

    answer = county.http.post(REGISTER, content=huge, headers=county.as_("li.ming")._headers(None))

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.usefixtures("unchanged")
def test_the_future_is_not_recorded(county, mediator):
    later = (county.clock() + timedelta(hours=1)).isoformat()
    place = str(county.area("990101101201"))

    mediator.refused(mediator.post(REGISTER, place=place, facts="争执", occurred_at=later), 422, "in-the-future")


def test_a_merged_area_takes_no_new_disputes(county, mediator):
    old = str(county.area("9901011012010"))
    merge(county, "9901011012010", "990101101202")
    before = county.events()

    answer = mediator.post(REGISTER, place=old, facts="争执", parties=BOTH)

    mediator.refused(answer, 422, "area-not-in-force")
    assert county.events() == before


def test_an_unknown_page_and_method_are_problems_too(mediator):
    mediator.refused(mediator.get("/api/no-such-thing"), 404, "no-such-page")
    mediator.refused(mediator.get(REGISTER), 405, "method-not-allowed")
    mediator.refused(mediator.post("/api/figures"), 405, "method-not-allowed")


@pytest.mark.parametrize("query", [{"category": "no"}, {"limit": 0}, {"limit": 201}, {"unheard": 1}, {"area": "4205"}])
def test_a_list_does_not_overlook_what_it_does_not_understand(mediator, query):
    mediator.refused(mediator.get("/api/cases", **query), 422, "unfit-request")


def test_a_list_of_an_unknown_area_is_refused(mediator):
    mediator.refused(mediator.get("/api/cases", area=str(uuid4())), 422, "unknown-area")
    mediator.refused(mediator.get("/api/figures", area=str(uuid4())), 422, "unknown-area")


def test_a_cursor_that_was_never_given_is_refused(mediator):
    for cursor in ("x", "AAAA", "%%%"):
        mediator.refused(mediator.get("/api/cases", after=cursor), 422, "unknown-cursor")


def test_one_character_is_too_little_to_search(mediator):
    mediator.refused(mediator.post("/api/cases/search", words="墙"), 422, "too-short-to-search")


@pytest.mark.parametrize("path", ["/api/cases", "/api/figures", "/api/figures/flow"])
@pytest.mark.parametrize("query", [{"words": "滴水"}, {"party": "周大山"}])
def test_a_name_is_not_searched_for_in_an_address(mediator, path, query):
    mediator.refused(mediator.get(path, **query), 422, "not-in-an-address")


def test_officers_without_the_right_are_told_so(county):
    place = str(county.area("990101101201"))
    for login in ("leader", "auditor", "admin"):
        desk: Desk = county.as_(login)
        assert desk.post(REGISTER, place=place, facts="争执", parties=BOTH).status_code == 403
