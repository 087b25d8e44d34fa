"""tiaojie person: listed without names, restricted, and erased once the file was kept long enough."""

from __future__ import annotations

import json
import logging
from threading import Timer
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.cli.console import out
from application.streams import CASES
from domain.shared.values import CaseId
from infrastructure.projection.rebuilding import REBUILD_LOCK
from infrastructure.read_models.erasures import ErasureTables
from tests.api.conftest import open_county
from tests.cli.test_imports import runner
from tests.privacy.conftest import BASIS, NAME, PARTIES, SECRETS, kept

SHORT = """
area = "990101"
name = "kept-for-a-month"
in_force_from = 2026-01-01

[[limit]]
code = "FILE_KEPT"
length = 1
unit = "months"
effect = "warn"
law = "某县矛盾纠纷档案管理办法"
article = "第九条"
"""
"""A county's own rule: the example in the code is ten years."""


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """A screen on which no row is folded."""
    monkeypatch.setattr(out, "_width", 200)


@pytest.fixture
def operated(tmp_path, make_database):
    """A case that was closed months ago, in a county that keeps files for one; and the command line on its ledger."""
    url = make_database()
    run, pack = runner(url, tmp_path), tmp_path / "pack.toml"
    pack.write_text(SHORT, encoding="utf-8")
    with open_county(url, tmp_path) as county:
        case = kept(county)
        code, told = run("rules", "load", str(pack))
        assert code == 0, told
        yield case, run


def test_names_are_listed_only_with_a_purpose(operated):
    case, run = operated

    code, told = run("person", "list", str(case.id))
    _, named = run("person", "list", str(case.id), "--purpose", "核对申请")

    assert (code, NAME in told, str(case.person) in told) == (0, False, True)
    assert NAME in named


def test_the_list_tells_in_the_readers_language_what_somebody_is_and_what_is_held(operated, monkeypatch):
    case, run = operated

    rows = {
        "zh": ("当事人 · 申请人", "姓名（名称）、联系电话"),
        "en": ("Party · Applicant", "Name, Telephone, Address, Identity number"),
    }
    for language, expected in rows.items():
        monkeypatch.setenv("TIAOJIE_LANGUAGE", language)
        told = run("person", "list", str(case.id))[1]
        assert [one for one in expected if one not in told] == [], told
        assert "PartyDetails" not in told


def test_on_a_narrow_screen_an_id_is_still_whole(operated, monkeypatch):
    case, run = operated
    monkeypatch.setattr(out, "_width", 80)

    assert str(case.person) in run("person", "list", str(case.id))[1]


def test_a_case_is_given_by_its_code_and_a_person_by_the_row(operated):
    case, run = operated
    code = case.county.parts.ledger.history(CASES, case.id).state.code
    row = next(line for line in run("person", "list", code)[1].splitlines() if str(case.person) in line)
    number = row.split("│")[1].strip()

    assert run("person", "restrict", code, number, "--basis", BASIS, "--yes")[0] == 0

    assert case.county.parts.ledger.history(CASES, case.id).state.restricted == {case.person}
    for given in ((code, "9"), (code, "0"), (code, "first"), (code[:-1], "1"), ("x", "1")):
        answer, told = run("person", "restrict", *given, "--basis", BASIS, "--yes")
        assert (answer, "Traceback" in told) == (1, False), told


def test_a_case_is_given_by_the_number_that_another_organ_gave_it_where_that_is_one(operated):
    case, run = operated
    desk = case.county.as_("li.ming")
    for number in ("信访20260101", "信访20260102", "信访20260102"):
        made = desk.register(foreign_number=number)
    case.county.parts.projector.catch_up()

    code, told = run("person", "list", "信访20260101")
    assert (code, told.count("当事人")) == (0, 2), told
    code, told = run("person", "list", "信访20260102")
    assert (code, "有 2 件案件" in told) == (1, True), told
    made.consented()
    case.county.parts.projector.catch_up()
    (mediation,) = case.county.parts.ledger.history(CASES, UUID(made.id)).state.mediations.values()
    assert run("person", "list", mediation.file_number)[0] == 0


def test_a_person_is_restricted_and_then_erased(operated, tmp_path):
    case, run = operated
    person = [str(case.id), str(case.person), "--basis", BASIS, "--yes"]

    assert run("person", "restrict", *person) == (0, "restricted\n''")
    assert "已限制" in run("person", "list", str(case.id))[1]
    code, told = run("person", "erase", *person)

    assert (code, told.endswith("erased\n''")) == (0, True), told
    told = run("person", "list", str(case.id), "--purpose", "核对")[1]
    assert [one for one in SECRETS if one in told] == []
    assert "已删除" in told
    assert run("person", "finish")[0] == 0
    assert run("verify")[0] == 0


def test_what_cannot_be_done_is_refused_with_its_facts(operated, tmp_path):
    case, run = operated
    stranger = "00000000-0000-0000-0000-000000000001"
    copies = tmp_path / "copies.json"
    copies.write_text(json.dumps({}))

    assert run("person", "list", stranger)[0] == 1
    assert run("person", "restrict", str(case.id), stranger, "--basis", BASIS, "--yes")[0] == 1
    person = [str(case.id), str(case.person), "--basis", BASIS]
    code, told = run("person", "erase", *person, "--texts", str(copies), "--yes")

    assert (code, "narratives" in told) == (1, True), told
    assert case.county.parts.system.deciding.privacy.people(CaseId(UUID(case.case.id)))


def test_who_looked_at_names_and_why_is_kept(operated, tmp_path):
    case, run = operated

    run("person", "list", str(case.id))
    run("person", "list", str(case.id), "--purpose", "核对申请")

    (line,) = (tmp_path / "exports.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["what"] == f"names of {case.id}: 核对申请"
    assert NAME not in line


def test_copies_that_cannot_be_read_are_refused_in_words(operated, tmp_path):
    case, run = operated
    copies = tmp_path / "copies.json"
    person = [str(case.id), str(case.person), "--basis", BASIS, "--yes", "--texts", str(copies)]

    for content in (b"{", '{"甲"}'.encode("gbk")):
        copies.write_bytes(content)
        code, told = run("person", "erase", *person)
        assert (code, "copies.json 不是 UTF-8 编码的 JSON" in told) == (1, True), told


def test_an_erasure_that_cannot_be_read_yet_is_not_said_to_be_done(operated, monkeypatch):
    case, run = operated
    person = [str(case.id), str(case.person), "--basis", BASIS, "--yes"]

    def failing(self: ErasureTables, page: Any, to: Any) -> None:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(ErasureTables, "apply", failing)
        code, told = run("person", "erase", *person)
        assert (code, "ErasureWaits" in told, "erased\n" in told) == (1, True, False), told
        assert "ErasureWaits" in run("person", "finish")[1]
        assert NAME in run("person", "list", str(case.id), "--purpose", "核对")[1]

    assert run("person", "finish")[0] == 0
    told = run("person", "list", str(case.id), "--purpose", "核对")[1]
    assert [one for one in SECRETS if one in told] == []


def test_an_erasure_waits_for_whoever_makes_tables_anew(operated):
    case, run = operated
    with psycopg.connect(case.county.url, autocommit=True) as busy:
        busy.execute("SELECT pg_advisory_lock(%s)", [REBUILD_LOCK])
        ends = Timer(1.5, busy.execute, ["SELECT pg_advisory_unlock_all()"])
        ends.start()
        code, told = run("person", "erase", str(case.id), str(case.person), "--basis", BASIS, "--yes")
        ends.join()

    assert (code, told.endswith("erased\n''")) == (0, True), told


def test_where_somebody_elses_address_names_the_person_the_officer_is_told(operated):
    case, _ = operated
    beside = {"side": "respondent", "name": "吴小河", "address": f"{NAME}家东侧"}
    other = case.county.as_("li.ming").register(parties=[PARTIES[0], beside])
    history = case.county.parts.ledger.history(CASES, UUID(other.id))
    (person,) = (id for id, party in history.state.parties.items() if party.details.name == NAME)
    (entry,) = (one for one in history.entries if NAME in str(one.event) and "家东侧" in str(one.event))

    assert case.county.parts.system.deciding.privacy.plain_entries(CaseId(UUID(other.id)), person) == [entry.version]


def test_no_log_of_an_erasure_tells_of_the_person(operated, monkeypatch, caplog):
    case, run = operated
    person = [str(case.id), str(case.person), "--basis", BASIS, "--yes"]

    with caplog.at_level(logging.DEBUG):
        with monkeypatch.context() as broken:
            broken.setattr(ErasureTables, "apply", lambda self, page, to: int(NAME))
            run("person", "erase", *person)
        run("person", "finish")

    assert "stream parked" in caplog.text
    assert [one for one in SECRETS if one in caplog.text] == []
