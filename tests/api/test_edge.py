"""What HTTP asks of every answer: HEAD, Allow, weights, marked versions, keys told once, redirects that stay."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.routing import iter_route_contexts

from api.addresses import own_path, redirected
from api.conditional import is_among, unpacked
from api.main import create_app
from api.negotiation import refuses, wants_page
from api.settings import Settings
from tests.api.conftest import BOTH, County

CHANGING = {"date", "set-cookie"}
ADDRESSES = ("/health/live", "/login", "/static/style.css", "/api/openapi.json", "/api/log/key", "/api/cases", "/cases")


@pytest.mark.parametrize("path", ADDRESSES)
def test_head_is_answered_as_get_is_without_the_body(mediator, path):
    headers = {**mediator._headers(None), "Accept": "text/html, */*;q=0.1"}
    whole, head = mediator.county.http.get(path, headers=headers), mediator.county.http.head(path, headers=headers)

    def told(answer):
        return {name: value for name, value in answer.headers.items() if name not in CHANGING}

    assert (whole.status_code, bool(whole.content)) == (200, True)
    assert (head.status_code, head.content) == (200, b"")
    assert told(head) == told(whole)


def test_whatever_can_be_read_can_be_asked_for_its_head_and_tells_both_as_allowed(county: County):
    """Every route with GET, those of later as well: a path with ids is asked with ids that there are not."""
    app = county.http.app
    paths = {one.path for one in iter_route_contexts(app.routes) if one.path and "GET" in (one.methods or ())}
    assert len(paths) > 60

    for template in sorted(paths):
        path = re.sub(r"\{[^}]*\}", "00000000-0000-0000-0000-000000000000", template)
        assert county.http.head(path, follow_redirects=False).status_code != 405, path
        allowed = county.http.options(path)
        assert allowed.status_code == 204, path
        assert {"GET", "HEAD", "OPTIONS"} <= set(allowed.headers["Allow"].split(", ")), path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/cases", "GET, HEAD, OPTIONS, POST"),
        ("GET", "/api/cases/search", "OPTIONS, POST"),
        ("PATCH", "/static/style.css", "GET, HEAD, OPTIONS"),
        ("GET", "/api/cases/register-case", "OPTIONS, POST"),
        ("GET", "/api/cases/00000000-0000-0000-0000-000000000000/accept-case", "OPTIONS, POST"),
        ("PUT", "/health/live", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_a_path_has_not_is_refused_with_all_that_it_has(mediator, method, path, allowed):
    answer = mediator.county.http.request(method, path, headers=mediator._headers(None))

    mediator.refused(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == allowed


def test_a_path_that_there_is_not_has_no_methods(county: County):
    assert county.http.options("/api/nothing").status_code == 404


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/*", True),
        ("*/*", False),
        ("", False),
        ("application/json", False),
        ("text/html;q=0", False),
        ("text/html;q=0.1, application/json", False),
        ("text/html;q=0.0, */*", False),
        ("application/json;q=0.2, text/html;q=0.3", True),
        ("TEXT/HTML ; Q=1.0", True),
        ("text/html;q=much", True),
    ],
)
def test_a_page_is_for_whoever_would_rather_have_one_by_the_weights(county: County, accept, page):
    assert wants_page(accept) is page
    answer = county.http.get("/nothing-here", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html" if page else "application/problem+json")


@pytest.mark.parametrize(
    ("accept", "refused"),
    [
        ("application/json;q=0", True),
        ("application/*;q=0, */*", True),
        ("*/*;q=0", True),
        ("*/*;q=0, application/json", False),
        ("application/json;q=0.001", False),
        ("text/html", False),
        ("text/html;q=0, */*", False),
    ],
)
def test_what_a_client_refuses_with_a_weight_of_nothing_is_not_sent_to_it(mediator, accept, refused):
    answer = mediator.get("/api/cases", {"Accept": accept})

    assert refuses(accept, "application/json") is refused
    assert (answer.status_code == 406) is refused
    if refused:
        mediator.refused(answer, 406, "not-acceptable")


def test_what_was_recorded_is_told_whatever_the_client_refuses(mediator):
    case = mediator.register()

    assert mediator.post(f"/api/cases/{case.id}/accept-case", {"If-Match": "2", "Accept": "*/*;q=0"}).status_code == 412


@pytest.mark.parametrize(
    ("wish", "chinese"),
    [
        ("en;q=0.1, zh;q=0.9", True),
        ("zh;q=0.1, en;q=0.9", False),
        ("en;q=0, *", True),
        ("fr, en-GB;q=0.5", False),
        ("zh-CN, en", True),
        ("en, zh", False),
        ("en;q=0", True),
        ("", True),
    ],
)
def test_a_problem_is_in_the_language_that_is_wished_for_most(county: County, wish, chinese):
    title = county.http.get("/api/nothing", headers={"Accept-Language": wish}).json()["title"]

    assert (title == "没有这个页面。") is chinese


@pytest.mark.parametrize("mark", ["-gzip", "--gzip", ";gzip", "-br", "-zstd"])
@pytest.mark.parametrize("weak", ["", "W/"])
def test_a_version_that_a_proxy_has_marked_is_still_the_version(mediator, mark, weak):
    case = mediator.register()
    path = f"/api/cases/{case.id}"
    tag = mediator.get(path).headers["ETag"]
    marked = f'{weak}{tag[:-1]}{mark}"'

    assert mediator.get(path, {"If-None-Match": f'"other", {marked}'}).status_code == 304
    assert mediator.get(path, {"If-None-Match": '"other"'}).status_code == 200
    assert mediator.post(f"{path}/accept-case", {"If-Match": marked}).status_code == 200


@pytest.mark.parametrize("header", ['"1.ab"', 'W/"1.ab"', '"x", "1.ab"', "*", '"1.ab-gzip"'])
def test_versions_are_compared_weakly(header):
    assert is_among('"1.ab"', unpacked(header))
    assert is_among('W/"1.ab"', unpacked(header))


@pytest.mark.parametrize("header", [None, "", '"1.a"', '"1.abc"', "1.ab", '"1.ab-gzip-2"'])
def test_another_version_is_another_one(header):
    assert not is_among('"1.ab"', unpacked(header) if header else header)


ABROAD = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "//user@evil.example/",
    "user@evil.example",
    "/..//evil.example",
    "/../other-program",
    "/cases/%2e%2e/%2e%2e/other-program",
    "/cases/../../other",
    "/cases\x00",
    "http://[::1",
    "",
]


@pytest.mark.parametrize("path", ABROAD)
def test_no_word_in_an_address_leads_to_another_host_or_out_of_the_prefix(county: County, path):
    answer = county.http.get("/language/en", params={"next": path}, follow_redirects=False)

    assert own_path(path) == "/"
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/cases?status=open&words=a//b", "/cases/1?version=3#v3", "/new", "/"])
def test_an_address_of_ours_is_where_one_comes_back_to(path):
    assert own_path(path) == path


@pytest.mark.parametrize("location", [*ABROAD, "https://evil.example/a/b?c=d", "//evil.example/a/b?c=d"])
@pytest.mark.parametrize("root", ["", "/tiaojie"])
def test_whatever_a_route_says_a_redirect_stays_on_this_server(location, root):
    try:
        led = redirected(location, root)
    except ValueError:
        return

    assert re.fullmatch(rf"{root}/(?!/)[^\\\s]*", led)
    assert ".." not in led


def test_the_slash_that_is_too_much_leads_to_this_server_whatever_host_is_asked_for(county: County):
    answer = county.http.get("/cases/", headers={"Host": "evil.example"}, follow_redirects=False)

    assert (answer.status_code, answer.headers["Location"]) == (307, "/cases")


TWICE = [
    ('{"facts": "一", "facts": "二"}', ["/facts"]),
    ('{"parties": [{"name": "a", "name": "b"}]}', ["/parties/0/name"]),
    ('{"a": 1, "a": 2, "b": {"c": [{"d": 1, "d": 1}]}}', ["/a", "/b/c/0/d"]),
    ('{"a/b": 1, "a/b": 1}', ["/a~1b"]),
    ('{"a": 1, "\\u0061": 2}', ["/a"]),
]


@pytest.mark.parametrize(("body", "pointers"), TWICE)
@pytest.mark.parametrize("path", ["/api/cases/register-case", "/api/cases/search", "/api/session"])
def test_a_key_that_stands_twice_is_refused_by_its_place_and_nothing_is_recorded(mediator, path, body, pointers):
    before = mediator.county.events()
    headers = mediator._headers({"Content-Type": "application/json"})

    told = mediator.refused(
        mediator.county.http.post(path, content=body.encode(), headers=headers), 422, "unfit-request"
    )

    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [(one, "key_twice") for one in pointers]
    assert mediator.county.events() == before


def test_the_same_key_in_two_objects_is_no_fault(mediator):
    assert json.dumps(BOTH).count("name") > 1
    mediator.register(facts='他说"facts", "facts"')


def test_a_prefix_that_is_the_beginning_of_a_path_of_ours_is_refused(county: County):
    with pytest.raises(SystemExit, match="TIAOJIE_ROOT_PATH=/cases"):
        create_app(county.parts.system, Settings(state=county.state, root_path="/cases"))


@pytest.mark.parametrize("told", ["tiaojie", "/a/../b", "/a//b", "/ä", "/a?b", "//a", "/a b", "/."])
def test_what_is_no_prefix_is_refused_at_the_start(told):
    with pytest.raises(ValueError, match="prefix"):
        Settings(root_path=told)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("https://Tiaojie.example:443/", "https://tiaojie.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://10.0.0.1:80", "http://10.0.0.1"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(told, read):
    assert Settings(origin=told).origin == read


@pytest.mark.parametrize("told", ["tiaojie.example", "https://tiaojie.example/prefix", "ftp://a"])
def test_what_is_no_origin_is_refused_at_the_start(told):
    with pytest.raises(ValueError, match="origin"):
        Settings(origin=told)
