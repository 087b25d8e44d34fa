"""Under writers every answer is of one moment: what is a part of something is never more than that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.api.conftest import Case, County, open_county
from tests.effort import times

WRITERS = 8
AT_MOST = [
    ("grid", "village"),
    ("village", "township"),
    ("township", "county"),
    ("county", "resolved"),
    ("cohort_resolved", "cohort"),
    ("cohort_village", "cohort_resolved"),
    ("cohort_open", "cohort"),
    ("success", "concluded"),
    ("accepted", "referred"),
    ("returned", "accepted"),
]
"""The first is never more than the second."""


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


def work(county: County, stop: threading.Event) -> None:
    """Registers, closes and opens again, as fast as it can."""
    desk = county.as_("li.ming")
    while not stop.is_set():
        case: Case = desk.register()
        with suppress(AssertionError):
            case.act("close-case", result="self-settled")
            case.act("reopen-case", reason="一方反悔。")
            case.act("close-case", result="self-settled")


def follow(county: County, stop: threading.Event) -> None:
    while not stop.is_set():
        county.parts.projector.catch_up()
        stop.wait(0.01)


def test_every_answer_under_writers_is_of_one_moment_and_is_given_again(county):
    county.as_("li.ming").register()
    county.as_("auditor")
    stop = threading.Event()
    threads = [threading.Thread(target=work, args=(county, stop)) for _ in range(WRITERS)]
    threads.append(threading.Thread(target=follow, args=(county, stop)))
    for one in threads:
        one.start()
    try:
        answers = [ask(county) for _ in range(times(test=60, soak=10_000))]
    finally:
        stop.set()
        for one in threads:
            one.join()

    assert len({one["position"] for one in answers}) > len(answers) / 10, "it was written meanwhile"
    for one in answers:
        (row,) = one["rows"]
        assert [(less, more) for less, more in AT_MOST if row[less] > row[more]] == []
    for one in answers[:: max(1, len(answers) // 10)]:
        again = ask(county, position=one["position"], day=one["day"])
        assert (again["rows"], again["position"]) == (one["rows"], one["position"]), "asked again, it is the same"


def ask(county: County, **moment: Any) -> dict[str, Any]:
    told = county.as_("auditor").get("/api/figures", **moment)
    assert told.status_code == 200, told.text
    answer: dict[str, Any] = told.json()
    return answer
