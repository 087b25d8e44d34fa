"""A time that no calendar can count from is refused, and nothing is recorded: neither a 500 nor a broken board."""

import pytest

from tests.api.conftest import BOTH

EARLY, LATE = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"


@pytest.fixture
def unchanged(county):
    before = county.events()
    yield
    assert county.events() == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("moment", [EARLY, LATE])
@pytest.mark.parametrize("field", ["occurred_at", "requested_at"])
def test_a_case_is_not_registered_at_the_ends_of_time(county, mediator, field, moment):
    place = str(county.area("990101101201"))

    answer = mediator.post("/api/cases/register-case", place=place, facts="争执", parties=BOTH, **{field: moment})

    told = mediator.refused(answer, 422, "unfit-request")
    assert told["errors"][0]["pointer"] == f"/{field}"
    assert "?" not in told["errors"][0]["detail"]
    assert mediator.get("/api/cases").status_code == 200


@pytest.mark.parametrize("name", ["as_of", "effective_at"])
@pytest.mark.parametrize("moment", [EARLY, LATE])
def test_nothing_is_read_as_of_the_ends_of_time(mediator, name, moment):
    case = mediator.register()

    answer = mediator.get(f"/api/cases/{case.id}", **{name: moment})

    mediator.refused(answer, 422, "unfit-request")


@pytest.mark.parametrize("path", ["/api/cases", "/api/figures", "/api/figures/flow"])
@pytest.mark.parametrize("query", [{"since": "0001-01-01"}, {"until": "9999-12-31"}])
def test_no_window_reaches_to_the_ends_of_time(mediator, path, query):
    mediator.refused(mediator.get(path, **query), 422, "unfit-request")


def test_a_page_says_so_too(mediator):
    case = mediator.register()

    assert mediator.get(f"/cases/{case.id}", as_of="0001-01-01T00:00").status_code == 422
    assert mediator.get("/cases", since="0001-01-01").status_code == 422
    assert mediator.get("/dashboard", until="9999-12-31").status_code == 422
