"""What was published stays as it was told: it is computed again to the same bytes, whatever was recorded since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from application.figures import definitions
from domain.jurisdiction.lineage import MergeArea
from tests.api.conftest import County, open_county

MAY = {"since": "2026-05-01", "until": "2026-05-31"}


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        made.clock.moment = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)
        yield made


@pytest.fixture(scope="module")
def cases(county: County) -> list[Any]:
    """Four of May, two of them settled, on two villages."""
    found = []
    for place in ("990101101201", "990101101202", "990101102201", "990101101201"):
        desk = {"990101101201": "li.ming", "990101101202": "shi.qiao", "990101102201": "ping.tou"}[place]
        found.append(county.as_(desk).register(place=place))
        county.clock.forward(hours=1)
    for case in found[:2]:
        case.act("close-case", result="self-settled")
    county.clock.moment = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)
    return found


@pytest.fixture(scope="module")
def edition(county: County, cases: list[Any]) -> Any:
    told = county.as_("leader").post("/api/publications/publish-figures", **MAY)
    assert told.status_code == 201, told.text
    (one,) = county.as_("leader").get("/api/publications").json()["editions"]
    return one


def checked(county: County, one: Any) -> Any:
    return county.as_("leader").get(f"/api/publications/{one['id']}/{one['edition']}/check").json()


def registered(one: Any) -> float:
    return next(n["period"] for n in one["table"]["rows"][0]["numbers"] if n["figure"] == "registered")


def test_a_leader_publishes_the_figures_of_the_own_area_with_every_place_in_it(edition):
    assert registered(edition) == 4
    assert {row["area_name"] for row in edition["table"]["rows"]} >= {"青溪县", "河口镇", "柳湾村"}
    assert edition["table"]["day"] == "2026-05-31"


def test_whoever_does_not_answer_for_a_place_publishes_nothing_and_reads_no_publication(county, edition):
    assert county.as_("li.ming").post("/api/publications/publish-figures", **MAY).status_code == 403
    address = f"/api/publications/{edition['id']}/{edition['edition']}"
    assert county.as_("li.ming").get(address).status_code == 403
    assert county.as_("town").get(address).status_code == 403, "the county's is not the town's"
    assert county.as_("town").get("/api/publications").json()["editions"] == []


def test_a_period_that_goes_on_or_turns_round_is_not_published(county, edition):
    for since, until in (("2026-06-01", "2026-06-30"), ("2026-05-31", "2026-05-01")):
        told = county.as_("leader").post("/api/publications/publish-figures", since=since, until=until)
        assert told.status_code == 422, told.text


def test_it_is_computed_again_to_the_same_bytes_after_all_that_came_later(county, cases, edition):
    assert checked(county, edition)["holds"]

    reopened, struck = cases[0], cases[1]
    reopened.act("reopen-case", reason="一方反悔。")
    struck.act("classify-case", category="labour", subcategory="欠薪")
    county.clock.forward(days=1)
    late = county.as_("li.ming").post(
        "/api/cases/register-case",
        place=str(county.area("990101101201")),
        facts="五月的事，六月才补录。",
        parties=[{"side": "applicant", "name": "周大山"}, {"side": "respondent", "name": "吴小河"}],
        occurred_at="2026-05-20T10:00:00+08:00",
    )
    assert late.status_code == 201, late.text
    merge = MergeArea(into=county.area("990101101202"), in_force_from=date(2026, 5, 10))
    county.parts.system.administering.areas.change(county.asked(), county.area("990101101201"), merge)
    county.parts.projector.catch_up()
    assert checked(county, edition)["holds"], "a village that is said to have been merged in May was not then"

    county.parts.projector.rebuild()
    assert checked(county, edition)["holds"], "after a rebuild"


def test_what_is_known_now_is_another_edition_beside_it_and_says_why(county, edition):
    leader = county.as_("leader")
    assert leader.post("/api/publications/publish-figures", **MAY).json()["code"] == "second-edition-needs-reason"
    told = leader.post("/api/publications/publish-figures", **MAY, reason="六月补录了一件")
    assert told.status_code == 201, told.text

    editions = {one["edition"]: one for one in leader.get("/api/publications").json()["editions"]}
    assert sorted(editions) == [1, 2]
    assert (registered(editions[1]), registered(editions[2])) == (4, 5)
    assert editions[1]["digest"] == edition["digest"]
    assert leader.post("/api/publications/publish-figures", **MAY, reason="又一次").status_code == 409


def test_a_newer_definition_does_not_touch_what_an_older_one_told(county, edition, monkeypatch):
    old = definitions.FIGURES["registered"]
    newer = replace(definitions.FIGURES["resolved"], key="registered", version=2)
    monkeypatch.setitem(definitions.FIGURES, "registered", newer)
    monkeypatch.setattr(definitions, "FORMER", (old,))

    assert checked(county, edition)["holds"]


def test_the_page_shows_what_is_known_now_beside_what_was_told(county, edition):
    leader = county.as_("leader")
    page = leader.get(f"/publications/{edition['id']}/1", {"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert "逐字节相同" in page.text
    assert 'class="differs"' in page.text
    assert leader.get("/publications", {"Accept": "text/html"}).status_code == 200
