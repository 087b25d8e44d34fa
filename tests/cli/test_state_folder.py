"""Where records and keys live: who only looks makes nothing, and keys never go without the records, nor stay alone."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.settings import CHECKOUT, Settings, usual_state
from api.wiring_ledgers import database, prepared
from application.unfit import KeysAbsent, NoLedgerHere
from infrastructure.postgres.embedded import EmbeddedPostgres

LOOKS = (
    ["status"],
    ["check"],
    ["verify"],
    ["rules", "list"],
    ["projections", "list"],
    ["proof", "key"],
    ["proof", "checkpoints"],
    ["person", "find", "--number", "13800001111"],
    ["backup", "copy"],
    ["follow"],
    ["import", "cases", "cases.ndjson", "--dry-run", "--report", "report.csv"],
)


@pytest.fixture
def state(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIAOJIE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_a_verb_that_only_looks_makes_nothing_where_there_is_no_ledger(state, words):
    Path("cases.ndjson").write_text("{}\n")

    done = CliRunner().invoke(app, words)

    assert isinstance(done.exception, NoLedgerHere), done.output
    assert not state.exists()
    assert not Path("report.csv").exists()


@pytest.mark.parametrize("words", [one for one in LOOKS if one[0] != "backup"], ids=" ".join)
def test_a_verb_that_only_looks_makes_nothing_in_a_database_without_a_ledger(monkeypatch, make_database, state, words):
    monkeypatch.setenv("DATABASE_URL", url := make_database())
    Path("cases.ndjson").write_text("{}\n")

    done = CliRunner().invoke(app, words)

    assert isinstance(done.exception, NoLedgerHere), done.output
    assert not state.exists()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


@pytest.mark.parametrize("more", [[], ["--keys-only"]], ids=["all", "keys only"])
def test_a_backup_of_a_folder_without_keys_is_none_and_says_so(monkeypatch, state, more):
    monkeypatch.setenv("DATABASE_URL", "postgresql://tiaojie@db.example/tiaojie")

    done = CliRunner().invoke(app, ["backup", "copy", *more])

    assert isinstance(done.exception, KeysAbsent), done.output
    assert not Path("copy").exists()


def test_a_checkout_keeps_its_state_in_itself_and_an_installed_program_where_its_user_keeps_data(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert usual_state() == CHECKOUT / ".run"

    monkeypatch.setattr("api.settings.CHECKOUT", tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert usual_state() == tmp_path / "data" / "tiaojie"


def test_a_ledger_is_discarded_with_its_keys_and_another_one_begins(processes, state):
    settings = Settings()
    with database(settings, makes=True) as url:
        prepared(settings, url)
    (state / "mine.txt").write_text("nobody else's")

    done = CliRunner().invoke(app, ["discard", "--really"])

    assert done.exit_code == 0, done.output
    assert {path.name for path in state.iterdir()} <= {"mine.txt", "run.lock"}
    server = EmbeddedPostgres(state)
    assert not server.place.root.exists()
    try:
        with database(settings, makes=True) as url:
            prepared(settings, url)
    finally:
        server.place.remove()


def test_nothing_is_discarded_without_an_answer_nor_of_a_database_of_ones_own(state, monkeypatch):
    assert CliRunner().invoke(app, ["discard"], input="n\n").exit_code == 1
    monkeypatch.setenv("DATABASE_URL", "postgresql:///x")
    assert "这里不删除它" in CliRunner().invoke(app, ["discard", "--really"]).output
