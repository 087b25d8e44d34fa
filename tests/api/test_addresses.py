"""What an address may ask: a name that nobody knows, a name twice, and digits for a time, are refused on every path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts

from api.commanding import CommandRoute
from api.main import create_app
from api.settings import Settings
from api.web.session_sign_on import BACK
from tests.api.conftest import County, Desk, open_county


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


def routes(county: County) -> Iterator[tuple[str, str, bool]]:
    """Each with its method, and whether it carries out a command."""
    for one in iter_route_contexts(create_app(county.parts.system, Settings(state=county.state)).routes):
        for method in one.methods or ():
            yield method, one.path, isinstance(one.original_route, CommandRoute)


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", str(uuid4()), path)


def test_a_name_that_no_route_knows_is_refused_on_every_path(county):
    found = sorted(set(routes(county)))
    passed = []
    for method, path, _ in found:
        told = county.http.request(method, f"{filled(path)}?as_off=2026-03-01", headers=_signed_in(county))
        if told.status_code != 422:
            passed.append((method, path, told.status_code))

    assert len(found) > 150
    assert {command for *_, command in found} == {True, False}
    assert passed == [("GET", BACK, 404)], "where a county's sign-on sends people back with what it likes; here is none"


def _signed_in(county: County) -> dict[str, str]:
    county.as_("li.ming")
    return {"Authorization": f"Bearer {county.tokens['li.ming']}"}


def test_a_name_that_is_asked_twice_is_refused(county, mediator):
    told = county.http.get("/api/cases?status=open&status=closed", headers=_signed_in(county))

    mediator.refused(told, 422, "unfit-request")


@pytest.mark.parametrize("moment", ["20260301", "1772323200", "1772323200.5", "-1"])
@pytest.mark.parametrize("name", ["as_of", "effective_at"])
def test_digits_are_no_time(mediator, moment, name):
    case = mediator.register()

    told = mediator.get(f"/api/cases/{case.id}", **{name: moment})

    mediator.refused(told, 422, "unfit-request")


@pytest.mark.parametrize("moment", [1772323200, 1772323200.5, "1772323200", "20260303"])
def test_a_number_is_no_time_at_which_something_happened(mediator: Desk, moment):
    case = mediator.register()

    told = case.attempt("accept-case", occurred_at=moment)

    mediator.refused(told, 422, "unfit-request")


@pytest.mark.parametrize("day", [20260303, "20260303", 1772323200])
def test_a_number_is_no_day(mediator, day):
    mediator.refused(mediator.get("/api/areas", day=day), 422, "unfit-request")


def test_times_are_told_as_they_are_read_here(mediator):
    case = mediator.register()

    told = mediator.get(f"/api/cases/{case.id}").json()

    moments = [told["state"]["registered_at"], *(line[name] for line in told["timeline"] for name in LINE)]
    assert {one[-6:] for one in moments} == {"+08:00"}


LINE = ("occurred_at", "recorded_at", "happened_at")


@pytest.mark.parametrize("digits", ["1772323200", "0", "-86400", "1772323200.0"])
def test_digits_are_no_day_on_any_path(county, digits):
    for path, name in (("/api/rules", "day"), ("/api/cases", "since"), ("/api/amendments", "until")):
        assert county.as_("auditor").get(path, **{name: digits}).status_code == 422, (path, name)


@pytest.mark.parametrize("path", ["/cases", "/amendments", "/dashboard", "/levels", "/rules"])
def test_a_page_refuses_a_name_that_it_does_not_know_and_never_answers_something_else(county, path):
    told = county.as_("auditor").get(path, {"Accept": "text/html"}, as_off="2026-03-01")

    assert told.status_code == 422


def test_a_page_number_beyond_all_numbers_is_refused(county):
    told = county.as_("auditor").get("/amendments", {"Accept": "text/html"}, before="99999999999999999999")

    assert told.status_code == 422


def test_there_is_no_version_nought_and_no_moment_to_come(county, mediator):
    case = mediator.register()
    late = "2062-01-01T00:00:00+08:00"
    for page in (True, False):
        path, headers = (f"/cases/{case.id}", {"Accept": "text/html"}) if page else (f"/api/cases/{case.id}", None)
        for moment in ({"version": "0"}, {"as_of": late}, {"effective_at": late}):
            assert mediator.get(path, headers, **moment).status_code == 422, (path, moment)
