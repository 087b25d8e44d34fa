"""tiaojie verify: whoever changed a stored byte is found, and the exit code says so."""

from __future__ import annotations

from pathlib import Path

import psycopg

from api.console import asked
from api.settings import Settings
from api.wiring import wired
from domain.office.officer import RegisterOfficer
from tests.cli.test_imports import runner


def record_two(url: str, state: Path) -> None:
    """Sealed after each, as the worker does."""
    with wired(Settings(state=state), url) as parts:
        for number in range(2):
            parts.system.officers.register(asked(), RegisterOfficer(login=f"somebody{number}", display_name="某人"))
            assert parts.proof.seal() == 1


def test_the_ledger_is_verified_and_whoever_changed_it_is_found(tmp_path, make_database):
    url = make_database()
    run = runner(url, tmp_path)
    record_two(url, tmp_path)

    code, told = run("verify")
    assert (code, "2 events, 2 checkpoints, 0 not sealed yet" in told) == (0, True), told

    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("UPDATE stored_events SET state = state || ' ' WHERE notification_id = 1")
    code, told = run("verify")
    assert (code, "changed at 1" in told) == (1, True), told
