"""查阅记录: who looked at which case is recorded before it is shown, on every path; nobody changes it unnoticed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
import pytest

from api import deps
from application.looks import LooksAsked
from application.ports import StoreAway
from domain.office.officer import officer_id
from tests.api.conftest import Case, County

PAGE = {"Accept": "text/html"}
ONE_CASE = {
    "/api/cases/{id}": "GET /api/cases/{id}",
    "/api/cases/{id}?version=1": "GET /api/cases/{id}",
    "/api/cases/{id}/actions": "GET /api/cases/{id}/actions",
    "/api/cases/{id}/history": "GET /api/cases/{id}/history",
    "/api/cases/{id}/diff?from=1&to=2": "GET /api/cases/{id}/diff",
    "/api/cases/{id}/entries/1/receipt": "GET /api/cases/{id}/entries/{version}/receipt",
    "/api/cases/{id}/referrals": "GET /api/cases/{case}/referrals",
    "/api/cases/{id}/escalations": "GET /api/cases/{case}/escalations",
    "/api/cases/{id}/looks": "GET /api/cases/{id}/looks",
    "/cases/{id}": "GET /cases/{id}",
    "/cases/{id}/replay": "GET /cases/{id}/replay",
    "/cases/{id}/print/rights": "GET /cases/{id}/print/{paper}",
    "/cases/{id}/do/write-note": "GET /cases/{id}/do/{name}",
    "/cases/{id}/record-meeting": "GET /cases/{id}/record-{what}",
    "/cases/{id}/refer": "GET /cases/{id}/refer",
    "/cases/{id}/looks": "GET /cases/{id}/looks",
    "/cases/{id}/readers": "GET /cases/{id}/readers",
}
"""Paths on which one case is read, and how they are called in the log."""
LISTS = ("/api/cases", "/cases", "/", "/cases?queue=accept", "/api/cases?queue=accept")


@pytest.fixture
def case(mediator: Any) -> Case:
    made: Case = mediator.register()
    made.desk.county.parts.projector.catch_up()
    return made


def asked(case: Case, address: str) -> Any:
    """A page as a browser asks for it, or an answer of the API."""
    path, _, query = address.partition("?")
    return case.desk.get(path, None if path.startswith("/api") else PAGE, **dict(parse_qsl(query)))


def lines(county: County, case: Case | None = None) -> list[Any]:
    log = county.parts.system.looks
    return list(reversed(log.looks(LooksAsked(case=None if case is None else _id(case), limit=200))))


def _id(case: Case) -> Any:
    return UUID(case.id)


@pytest.mark.parametrize(("path", "through"), ONE_CASE.items())
def test_whoever_reads_a_case_stands_in_the_log_once_with_the_path(county, case, path, through):
    county.parts.proof.seal()
    before = len(lines(county, case))
    answer = asked(case, path.format(id=case.id))
    assert answer.status_code == 200, answer.text[:300]

    found = lines(county, case)[before:]
    assert [(one.through, one.officer, one.role) for one in found] == [(through, officer_id("li.ming"), "mediator")]
    assert [str(one) for one in found[0].cases] == [case.id]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_one_line_with_the_cases_that_it_showed(county, case, path):
    before = len(lines(county))
    told = asked(case, path)

    (line,) = lines(county)[before:]
    shown = {str(one) for one in line.cases}
    if path.startswith("/api"):
        assert shown == {one["id"] for one in told.json()["cases"]}
    else:
        assert shown == {one for one in shown if one in told.text}
        assert shown


def test_what_is_not_shown_is_not_in_the_log(county, case):
    stranger, admin = county.as_("shi.qiao"), county.as_("admin")
    before = len(lines(county))
    assert stranger.get(f"/api/cases/{case.id}").status_code == 404
    assert admin.get(f"/cases/{case.id}", PAGE).status_code == 404
    assert county.http.get(f"/api/cases/{case.id}").status_code == 401
    county.as_("leader").get("/api/figures")

    assert len(lines(county)) == before


def test_a_command_shows_a_receipt_and_is_no_look(county, case):
    before = len(lines(county))
    case.act("write-note", note="记一笔")

    assert len(lines(county)) == before


def test_where_it_cannot_be_recorded_nothing_is_shown(county, case, monkeypatch):
    def away(*_: Any) -> None:
        raise StoreAway

    monkeypatch.setattr(type(county.parts.logins.looks), "add", away)
    answer = case.desk.get(f"/api/cases/{case.id}")

    assert answer.status_code == 503
    assert "滴水" not in answer.text


def test_a_path_that_forgets_to_ask_who_reads_shows_nothing(county, case, monkeypatch):
    monkeypatch.setattr(deps, "asked_by", lambda looker: None)
    answer = case.desk.get(f"/api/cases/{case.id}")

    assert answer.status_code == 500
    assert "滴水" not in answer.text


def test_auditors_read_all_of_it_and_a_holder_that_of_its_case(county, case):
    case.desk.get(f"/api/cases/{case.id}")
    auditor, town, leader = (county.as_(one) for one in ("auditor", "town", "leader"))

    assert auditor.get("/api/looks").json()["looks"][0]["role"] == "mediator"
    assert auditor.get(f"/api/cases/{case.id}/looks").status_code == 200
    assert case.desk.get(f"/api/cases/{case.id}/looks").status_code == 200
    for desk in (town, leader):
        desk.refused(desk.get(f"/api/cases/{case.id}/looks"), 403, "not-told-who-looked")
        desk.refused(desk.get("/api/looks"), 403, "not-your-right")
    assert "李明" in auditor.get("/looks", PAGE).text
    assert auditor.get("/looks", PAGE, officer=str(officer_id("li.ming"))).status_code == 200


def test_the_log_is_in_pages_and_loses_none(county, case):
    for _ in range(5):
        case.desk.get(f"/api/cases/{case.id}")
    auditor, seen, before = county.as_("auditor"), [], None
    while True:
        told = auditor.get("/api/looks", limit=3, **({"before": before} if before else {})).json()
        seen += [one["number"] for one in told["looks"]]
        if not (before := told["before"]):
            break

    assert len(seen) == len(set(seen))
    assert sorted(seen)[-5:] == list(range(max(seen) - 4, max(seen) + 1))


CHANGES = {
    "altered": "UPDATE look SET officer_id = gen_random_uuid() WHERE number = (SELECT max(number) - 1 FROM look)",
    "another case": "UPDATE look SET cases = '{}' WHERE number = (SELECT max(number) FROM look)",
    "taken out": "DELETE FROM look WHERE number = (SELECT max(number) - 1 FROM look)",
    "cut off": "DELETE FROM look WHERE number = (SELECT max(number) FROM look)",
    "put in": "INSERT INTO look SELECT number + 1, at, officer_id, body_id, role, through, cases, mark FROM look"
    " ORDER BY number DESC LIMIT 1",
}


@pytest.mark.parametrize("how", CHANGES)
def test_what_a_superuser_changes_in_it_is_told(county, case, how):
    for _ in range(3):
        case.desk.get(f"/api/cases/{case.id}")
    assert list(county.parts.logins.looks.faults()) == []
    with psycopg.connect(county.url) as superuser:
        superuser.execute("ALTER TABLE look DISABLE TRIGGER ALL")
        superuser.execute(CHANGES[how].encode())
        superuser.execute("ALTER TABLE look ENABLE TRIGGER ALL")
    assert list(county.parts.logins.looks.faults()), how
    county.parts.logins.looks.forget()
    _mend(county)


def _mend(county: County) -> None:
    """The next test begins with a log that is whole."""
    with psycopg.connect(county.url) as superuser:
        superuser.execute("SET tiaojie.prunes_looks = 'on'")
        superuser.execute("DELETE FROM look")
        superuser.execute("UPDATE look_end SET first = 1, before_first = '', last = 0, mark = ''")


def test_nothing_in_it_is_changed_by_mistake(county, case):
    case.desk.get(f"/api/cases/{case.id}")
    with psycopg.connect(county.url) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("DELETE FROM look")


def test_what_is_older_than_its_rule_is_thrown_away_and_the_rest_is_still_whole(county, case):
    for _ in range(4):
        case.desk.get(f"/api/cases/{case.id}")
    log = county.parts.logins.looks
    whole = lines(county)
    before, log._days = log._days, 0
    try:
        log.forget()
    finally:
        log._days = before
    case.desk.get(f"/api/cases/{case.id}")

    assert [one.number for one in lines(county)] == [whole[-1].number + 1]
    assert list(log.faults()) == []


def test_who_may_read_it_is_told_with_the_reason_and_by_day(county, case):
    page = case.desk.get(f"/cases/{case.id}/readers", PAGE).text
    for who, why in (("李明", "负责本案"), ("镇协调员", "负责该地区"), ("审计员", "审计"), ("县领导", "负责该地区")):
        assert who in page, who
        assert why in page, why
    assert "石乔" not in page

    before = case.desk.get(f"/cases/{case.id}/readers", PAGE, day="2026-03-01").text
    assert "李明" not in before.partition("<main")[2], "it was not registered then"


def test_nothing_of_it_names_a_person_of_the_case(county, case):
    case.desk.post("/api/cases/search", party="周大山")
    with psycopg.connect(county.url) as owner:
        told = "\n".join(str(row) for row in owner.execute("SELECT look::text FROM look").fetchall())

    assert "周大山" not in told
