"""tiaojie person: listed without names, restricted, and erased once the file was kept long enough."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from domain.shared.values import CaseId
from tests.api.conftest import open_county
from tests.cli.test_imports import runner
from tests.privacy.conftest import BASIS, NAME, SECRETS, kept

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


def test_a_person_is_restricted_and_then_erased(operated, tmp_path):
    case, run = operated
    person = [str(case.id), str(case.person), "--basis", BASIS, "--yes"]

    assert run("person", "restrict", *person) == (0, "restricted\n''")
    assert "restricted" in run("person", "list", str(case.id))[1]
    code, told = run("person", "erase", *person)

    assert (code, told.endswith("erased\n''")) == (0, True), told
    told = run("person", "list", str(case.id), "--purpose", "核对")[1]
    assert [one for one in SECRETS if one in told] == []
    assert "erased" in told
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
    assert case.county.parts.system.privacy.people(CaseId(UUID(case.case.id)))
