"""今日: each number of the first page, of the menu and of a list is the number of rows behind it, for every role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from application.figures.queues import Queue
from infrastructure.read_models.case import SEALED
from tests.api.conftest import Case, County, Desk
from tests.referral.offices import DESKS, begin, body, case_at, offer, open_desks

TILE = re.compile(r'href="/cases\?queue=([a-z-]+)">\s*<b>(\d+)</b>')
ANSWERS = re.compile(r'href="/(referrals\?box=waiting|levels/requests)">\s*<b>(\d+)</b>')
LOGINS = (*DESKS.values(), "lw2", "grid", "leader", "auditor", "admin")


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("desks")) as made:
        yield made


def rows(desk: Desk, **wanted: Any) -> int:
    """Of all pages of the list, each case once."""
    found: list[str] = []
    after: str | None = None
    while True:
        more = {"after": after} if after else {}
        told = desk.get("/api/cases", limit=200, **wanted, **more).json()
        found += [one["id"] for one in told["cases"]]
        if not (after := told["after"]):
            break
    assert len(found) == len(set(found)), "no row twice"
    return len(found)


def tiles(desk: Desk) -> dict[str, int]:
    page = desk.get("/").text
    return {name: int(number) for name, number in TILE.findall(page)}


def agrees(desk: Desk) -> dict[str, int]:
    """The tiles of the first page, each as long as its list; what has no tile has no row."""
    told = tiles(desk)
    for queue in Queue:
        counted = desk.get("/api/cases", queue=queue.value, count=True, limit=1).json().get("count")
        assert counted == rows(desk, queue=queue.value) == told.get(queue.value, 0), (desk.login, queue)
    return told


def lived(county: County) -> None:
    """Cases of every kind of waiting, on several desks."""
    village = county.as_("li.ming")
    village.register()
    under_way = village.register()
    under_way.under_way()
    under_way.act("schedule-session", mediation=1, at="2026-03-05T09:00:00+08:00")
    agreed = village.register()
    parties = agreed.under_way()
    agreed.act("hold-session", mediation=1, attended=parties, record="谈")
    term = {"obligor": parties[1], "what": "修墙", "due": "2026-03-09"}
    agreed.act("reach-agreement", mediation=1, terms="修墙", obligations=[term])
    failed = village.register()
    failed.under_way()
    failed.act("end-mediation", mediation=1, because="failed", remedies_told=True)
    closed = village.register()
    closed.act("close-case", result="withdrawn")
    begin(village.register(), "LW", "request-escalation", to=body("HK"), because="too-complex")
    back = begin(village.register(), "LW", "request-escalation", to=body("HK"), because="too-complex")
    back.act("HK", "send-back-escalation", because="not-mediated-yet", reason="先在村里做工作")
    court = case_at(county, "FY", facts="到院的纠纷")
    offer(court, "delegate", "LW")
    refused = offer(case_at(county, "FY", facts="另一件"), "delegate", "LW")
    refused.act("LW", "reject-referral", because="wrong-channel", reason="不属村里")
    county.parts.projector.catch_up()


def test_with_nothing_to_do_nothing_is_counted(county):
    for login in LOGINS:
        assert agrees(county.as_(login)) == {}, login


def test_every_number_is_the_length_of_its_list_for_every_role(county):
    lived(county)

    told = {login: agrees(county.as_(login)) for login in LOGINS}
    village = told["li.ming"]
    assert {"accept", "meet", "sessions", "sign", "close", "archive", "came-back"} <= village.keys()
    assert told["lw2"] == village, "of one body all see the same"
    assert told["fa.guan"]["came-back"] == 1, "the court is told of the rejection"
    assert told["leader"] == told["auditor"] == told["admin"] == told["grid"] == {}


def test_what_waits_for_an_answer_is_counted_on_the_page_and_in_the_menu(county):
    for login, path, number in (("li.ming", "referrals?box=waiting", 1), ("town", "levels/requests", 1)):
        page = county.as_(login).get("/").text
        assert dict(ANSWERS.findall(page))[path] == str(number)
        assert page.count(f'<span class="badge">{number}</span>') == 1
    assert county.as_("town").get("/levels/requests").text.count("/escalations/") == 1


def test_a_townships_first_page_has_nothing_that_lies_on_another_desk(county):
    assert tiles(county.as_("town")) == {}
    assert county.as_("town").get("/api/cases", count=True).json()["count"] > 5


def test_what_nobody_accepted_is_overdue_too(county):
    before = tiles(county.as_("li.ming")).get("overdue", 0)
    county.clock.forward(days=9)
    after = agrees(county.as_("li.ming"))

    assert after["overdue"] > before
    assert after["overdue"] >= after["accept"]


@pytest.mark.parametrize("number", [15, 16, 100, 10_001])
def test_a_number_is_its_list_however_long_it_is(county, number):
    desk = county.as_("shi.qiao")
    case = desk.register("990101101202")
    county.parts.projector.catch_up()
    multiplied(county, case, number - tiles(desk).get("accept", 0))

    assert agrees(desk)["accept"] == number
    assert county.as_("shi.qiao").get("/cases", queue="accept").text.count('scope="row"') == min(number, 30)


def multiplied(county: County, case: Case, more: int) -> None:
    """The line of the case in the tables of lists, so many times more; their names are sealed for their own line."""
    with psycopg.connect(county.url) as owner:
        names = [
            name
            for (name,) in owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'case_board'::regclass AND attnum > 0"
                " AND NOT attisdropped AND attname <> ALL(%s)",
                [["id", "code", "registered_at", *SEALED]],
            ).fetchall()
        ]
        same = ", ".join(f'"{name}"' for name in names)
        owner.execute(
            f"INSERT INTO case_board (id, code, registered_at, {', '.join(SEALED)}, {same})"
            " SELECT gen_random_uuid(), code || '/' || n || random(), registered_at + n * interval '1 second',"
            f" '', '', '', {same} FROM case_board,"
            " generate_series(1, %s) n WHERE id = %s AND reader IS NULL".encode(),
            [more, case.id],
        )


def test_while_others_record_a_number_lies_between_its_lists(county):
    desk, stop = county.as_("ping.tou"), Event()

    def record() -> None:
        while not stop.is_set():
            desk.register("990101102201")

    writing = Thread(target=record)
    writing.start()
    try:
        for _ in range(10):
            before = rows(desk, queue="accept")
            told = tiles(desk).get("accept", 0)
            assert before <= told <= rows(desk, queue="accept")
    finally:
        stop.set()
        writing.join()


def test_a_queue_is_a_page_with_the_next_act_in_each_row(county):
    village = county.as_("li.ming")
    page = village.get("/cases", queue="sign").text

    assert "/record-signing" in page
    for name in ("accept", "meet"):
        assert "/record-meeting" in village.get("/cases", queue=name).text
    assert "/record-closing" in village.get("/cases", queue="archive").text


@pytest.mark.parametrize("sort", ["latest", "oldest", "due", "session", "held"])
def test_in_every_order_no_row_stands_twice_and_none_is_lost(county, sort):
    desk = county.as_("li.ming")
    small = list(_in_pages(desk, sort))

    assert len(small) == len(set(small)) == desk.get("/api/cases", count=True).json()["count"]


def _in_pages(desk: Desk, sort: str) -> Iterator[str]:
    after: str | None = None
    while True:
        told = desk.get("/api/cases", limit=2, sort=sort, **({"after": after} if after else {})).json()
        yield from (one["id"] for one in told["cases"])
        if not (after := told["after"]):
            return


def test_a_mark_of_another_order_is_none(county):
    desk = county.as_("li.ming")
    after = desk.get("/api/cases", limit=1, sort="due").json()["after"]

    desk.refused(desk.get("/api/cases", limit=1, sort="held", after=after), 422, "unknown-cursor")
