"""The drill: a backup, then an erasure, then the older backup again. Nobody comes back, and what was lost is told."""

from __future__ import annotations

import json

import psycopg
import pytest

from api.cli.console import out
from api.wiring import wired
from api.wiring_ledgers import database
from application.streams import CASES
from domain.shared.values import ERASED
from infrastructure.postgres.embedded import EmbeddedPostgres
from tests.api.conftest import open_county
from tests.cli.test_person import SHORT
from tests.privacy.conftest import BASIS, SECRETS, Place, kept, wrapped_keys
from tests.proof.test_restoring import machine, open_folder

pytestmark = pytest.mark.usefixtures("processes")

__all__ = ["machine", "open_folder"]
OF_ERASURES = "SELECT count(*) FROM stored_events WHERE topic IN ('case.person_erased', 'case.narrative_erased')"


def erasures(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int(connection.execute(OF_ERASURES).fetchall()[0][0])


def test_who_was_erased_since_a_backup_does_not_come_back_with_it(machine, tmp_path, monkeypatch):
    backup, copies, pack = (tmp_path / name for name in ("backup", "copies.json", "pack.toml"))
    pack.write_text(SHORT, encoding="utf-8")
    with database(machine.settings, makes=True) as url:
        with open_county(url, machine.state) as county:
            case = kept(county)
            erased = {case.person, *(one.narrative for one in case.copies())}
            copies.write_text(json.dumps({str(one.narrative): one.told for one in case.copies()}))
            county.parts.proof.seal()
        person = [str(case.id), str(case.person), "--basis", BASIS, "--yes", "--texts", str(copies)]
        assert machine.run("rules", "load", str(pack))[0] == 0
        assert machine.run("backup", str(backup))[0] == 0
        code, told = machine.run("person", "erase", *person)
        assert code == 0, told
        assert erasures(url) == 3
        with wired(machine.settings, url) as parts:
            parts.proof.seal()

    for one in machine.state.glob("keys.db*"):  # so that the backup's own come back, with the keys of then
        one.unlink()
    assert len(wrapped_keys(backup, *erased)) == 3
    code, told = machine.run("restore", str(backup), "--new-epoch", "--to", "backup")
    assert code == 0, told
    assert wrapped_keys(machine.state, *erased) == set(), "before anything is served"
    assert wrapped_keys(machine.state, case.other)

    with database(machine.settings, makes=True) as url:
        place = Place(machine.folder, EmbeddedPostgres(machine.state), url)
        with wired(machine.settings, url) as parts:
            assert parts.ledger.history(CASES, case.id).state.parties[case.person].details.name == ERASED
        with open_county(url, machine.state) as county:
            county.parts.projector.catch_up()
            assert erasures(url) == 0, "the event is lost, the erasure is not"
            told = "".join(county.as_("li.ming").get(path).text for path in (f"/api/cases/{case.id}", "/cases"))
            assert ([one for one in SECRETS if one in told], ERASED in told) == ([], True)
            for one in SECRETS[:3]:
                assert county.as_("auditor").post("/api/cases/search", party=one).json()["cases"] == []
        assert place.holds(*SECRETS) == {}
        assert [one for one in SECRETS if one in place.dumped()] == []
        assert "3 persons and texts are erased" in machine.run("person", "finish")[1]
        monkeypatch.setattr(out, "_width", 200)
        assert "因恢复备份而缺失" in machine.run("person", "list", str(case.id))[1]

        code, told = machine.run("person", "erase", *person)

        assert code == 0, told
        assert erasures(url) == 3, "recorded anew, with the copies"
        assert "a restore has lost" not in machine.run("person", "finish")[1]
        with open_county(url, machine.state) as county:
            assert "[当事人]不在家" in county.as_("li.ming").get(f"/api/cases/{case.id}").text
        assert machine.run("verify")[0] == 3, "whole, and the restore is told"
