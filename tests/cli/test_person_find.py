"""tiaojie person find: who asks to be forgotten is never told that nothing is held while it is held."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
import pytest

from infrastructure.read_models.case import CaseTables
from tests.cli.test_person import operated, wide
from tests.privacy.conftest import ADDRESS, BASIS, NAME, NUMBER, PHONE
from tests.shared.test_one_person import SPELLINGS

__all__ = ["operated", "wide"]


def count(told: str) -> int:
    return next(int(line.split()[0]) for line in told.splitlines() if line.endswith(" cases"))


def held(run: Any, text: str) -> int:
    code, told = run("person", "find", "--number", text)
    assert code == 0, told
    return count(told)


def registered(operated: Any, **party: str) -> Any:
    case, _ = operated
    return case.county.as_("li.ming").register(parties=[{"side": "applicant", "name": "钱七", **party}])


IN_EVERY_SPELLING = (
    NAME,
    "欧 阳\u3000慕雪",
    "欧阳慕雪\u200b",
    PHONE,
    f"+86 {PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}",
    NUMBER,
    f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
    NUMBER[:6] + NUMBER[8:17],
    ADDRESS,
    f"{ADDRESS[:3]} {ADDRESS[3:]}",
)


def test_a_name_a_number_and_an_address_are_found_in_every_spelling(operated):
    case, run = operated
    for asked in IN_EVERY_SPELLING:
        code, told = run("person", "find", "--number", asked)

        assert (code, count(told), str(case.id) in told) == (0, 1, True), (asked, told)
    assert held(run, "无此人某") == 0


@pytest.mark.skipif(not SPELLINGS.is_file(), reason="the spellings that failed once (REAL_DATA) are not here")
def test_spellings_that_failed_once_are_found(operated):
    _, run = operated
    with SPELLINGS.open(encoding="utf-8", newline="") as file:
        told = [row for row in csv.DictReader(file) if row["must"].startswith("found")]
    for row in told:
        registered(operated, **{row["field"]: row["stored"]})

    assert {row["asked"]: held(run, row["asked"]) > 0 for row in told} == {row["asked"]: True for row in told}


def test_whoever_is_restricted_is_still_held(operated):
    case, run = operated
    case.restrict()

    assert (held(run, NAME), held(run, PHONE)) == (1, 1)


def test_what_was_corrected_or_struck_out_is_still_held(operated):
    case, run = operated
    made = registered(operated, name="旧写法", phone="13811112222")
    made.act("correct-party", party=made.parties[0], name="新写法", phone="13833334444")
    entry = made.act("write-note", note="另有划去 某在场")
    made.act("strike-entry", entries=[entry], reason="误登")
    case.county.parts.projector.catch_up()

    for text in ("旧写法", "新写法", "13811112222", "138 3333 4444", "划 去某"):
        assert held(run, text) == 1, text


def test_whoever_speaks_for_a_party_or_is_only_told_of_is_held(operated):
    _, run = operated
    made = registered(operated)
    made.act("represent-party", party=made.parties[0], name="公孙·律师", phone="13855556666", capacity="entrusted")
    made.act("write-note", note="邻居 司徒\u3000某 说，电话 138-7777-8888")

    for text in ("公孙律师", "13855556666", "司徒某", "13877778888"):
        assert held(run, text) == 1, text


def test_referrals_and_escalations_that_tell_of_somebody_are_told_by_their_case(operated):
    case, run = operated
    made, other, desk = registered(operated), registered(operated), case.county.as_("li.ming")
    register = case.county.parts.system.registers.register
    up = {"to": str(register.body_by_code("HK")), "because": "too-complex", "account": "因诸葛 某不同意"}
    seen = {"If-Match": f'"{made.version}"'}
    assert desk.post(f"/api/cases/{made.id}/escalations/request-escalation", seen, **up).status_code == 201
    over = {"kind": "invite", "to": [str(register.body_by_code("SQ"))], "content": {"parties": other.parties}}
    seen, path = {"If-Match": f'"{other.version}"'}, f"/api/cases/{other.id}/referrals"
    told = desk.post(f"{path}/offer-referral", seen, consented=other.parties, **over)
    assert told.status_code == 201, told.text
    question = {"question": "闻人•某也在场吗？"}
    seen = {"If-Match": f'"{told.json()["version"]}"'}
    told = case.county.as_("shi.qiao").post(f"{path}/{told.json()['id']}/ask-back", seen, **question)
    assert told.status_code == 200, told.text

    for text, of in (("诸葛某", made), ("闻人某", other)):
        code, told = run("person", "find", "--number", text)
        assert (code, count(told), of.id in told) == (0, 1, True), told


def test_tables_that_are_behind_parked_or_empty_hide_nobody(operated, monkeypatch):
    case, run = operated

    def failing(self: CaseTables, page: Any, to: Any) -> None:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(CaseTables, "apply", failing)
        registered(operated, name="停放某")
        assert held(run, "停放某") == 1
        assert case.county.parts.projector.parked()
    with psycopg.connect(case.county.url, autocommit=True) as emptied:
        emptied.execute("TRUNCATE case_board, case_number")
    assert (held(run, "停放某"), held(run, NAME)) == (1, 1)


def test_a_case_that_the_lists_do_not_show_yet_is_not_said_not_to_be(operated, monkeypatch):
    case, run = operated

    def failing(self: CaseTables, page: Any, to: Any) -> None:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(CaseTables, "apply", failing)
        made = case.county.as_("li.ming").register(foreign_number="信访20260909")
        code, told = run("person", "list", "信访20260909")
        assert (code, "有的事件流尚未列入" in told) == (1, True), told
        assert run("person", "list", made.id)[0] == 0
    case.county.parts.projector.retry()
    assert run("person", "list", "信访20260909")[0] == 0
    assert "尚未列入" not in run("person", "list", "信访无此号1")[1]


def test_what_cannot_be_read_is_told_and_not_taken_for_nothing(operated):
    """The key of one person is missing, as after a restore without its keys."""
    case, run = operated
    made = registered(operated, name="失钥某")
    (person,) = made.parties
    with closing(sqlite3.connect(case.county.state / "keys.db")) as keys, keys:
        gone = keys.execute("DELETE FROM key WHERE owner = ?", [UUID(person).bytes]).rowcount
    assert gone == 1

    code, told = run("person", "find", "--number", "失钥某")

    assert (code, "有 1 个事件流无法读取" in told, made.id in told) == (1, True, True), told


def test_once_erased_nothing_is_held(operated):
    case, run = operated
    assert run("person", "erase", str(case.id), str(case.person), "--basis", BASIS, "--yes")[0] == 0

    assert [held(run, text) for text in (NAME, PHONE, NUMBER, ADDRESS)] == [0, 0, 0, 0]


def test_nothing_is_no_question(operated):
    _, run = operated

    code, told = run("person", "find", "--number", "  ")

    assert (code, "没有填写要查的内容" in told) == (1, True)


def test_the_erasure_replaces_every_spelling_in_texts(operated):
    case, run = operated
    made = registered(operated, name="艾力•买买提", phone="138 0000 1111", identity_number="110101 19900307 803x")
    made.act("write-note", note="找艾力·买买提（电话13800001111，证件11010119900307803X）未果")
    made.act("decline-case", because="not-civil", reason="不属受理范围", remedies_told=True)
    case.county.clock.forward(days=90)
    (person,) = made.parties

    code, told = run("person", "erase", made.id, person, "--basis", BASIS, "--yes")

    assert code == 0, told
    assert [held(run, text) for text in ("艾力・买买提", "+8613800001111", "11010119900307803X")] == [0, 0, 0]
