"""After an erasure: every proof still verifies, and nobody finds the person anywhere, whoever looks with what."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg

from domain.shared.values import ERASED
from infrastructure.privacy.table_keys import TableKeys
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from infrastructure.read_models.case import GENERATION
from tests.privacy.conftest import NAME, NUMBER, PHONE, SECRETS, Place, kept
from tests.proof.bundles import Bundle, by_script


def test_before_it_the_text_stands_in_plain_in_no_file_no_table_and_no_log_of_the_database(place: Place):
    with place.opened() as county:
        for _ in range(3):  # what stands in one row alone is no common value, and is not sampled
            case = kept(county)
        with psycopg.connect(place.url, autocommit=True) as connection:
            connection.execute("ANALYZE")

        code = case.case.state()["code"]
        assert {"base", "pg_wal"} <= {part for file in place.holds(code) for part in Path(file).parts}, "it is searched"
        assert place.holds(*SECRETS) == {}
        assert county.as_("auditor").post("/api/cases/search", party=NAME).json()["cases"]


def test_what_an_old_log_or_copy_holds_of_the_tables_opens_no_more(place: Place):
    with place.opened() as county:
        case = kept(county)
        row = f"SELECT {GENERATION}, applicants FROM case_board WHERE id = %s AND reader IS NULL"
        with psycopg.connect(place.url) as connection:
            ((generation, sealed),) = connection.execute(row, [case.id]).fetchall()
        vault, id = county.parts.ledger.coder.cipher.vault, UUID(str(case.id))
        assert NAME in TableKeys(vault).of(generation).open(sealed, id, "applicants")

        case.erase()

        assert TableKeys(vault).of(generation).open(sealed, id, "applicants") == ERASED
        with psycopg.connect(place.url) as connection:
            ((now, _),) = connection.execute(row, [case.id]).fetchall()
        assert now == generation + 1


def test_tables_that_a_restore_brings_back_under_a_destroyed_key_are_made_anew(place: Place):
    with place.opened() as county:
        case = kept(county)
        case.erase()
        with psycopg.connect(place.url) as connection:
            connection.execute(f"UPDATE case_board SET {GENERATION} = {GENERATION} - 1")
        assert "吴小河" not in county.as_("auditor").get("/api/cases").text

        county.parts.projector.prepare()

        assert "吴小河" in county.as_("auditor").get("/api/cases").text


def test_after_it_no_file_of_the_cluster_or_beside_it_holds_the_person(place: Place):
    with place.opened() as county:
        case = kept(county)
        case.erase()

        assert place.holds(*SECRETS) == {}
        dumped = place.dumped()
        assert [one for one in SECRETS if one in dumped] == []
        assert "吴小河" not in dumped, "nor is the other party told in plain"
        assert "吴小河" in county.as_("auditor").get("/api/cases").text


def test_after_it_no_page_no_answer_and_no_search_tells_of_the_person(place: Place):
    with place.opened() as county:
        case = kept(county)
        case.erase()
        for login in ("li.ming", "auditor", "town", "leader"):
            desk = county.as_(login)
            paths = (f"/api/cases/{case.id}", f"/cases/{case.id}", "/api/cases", "/cases", "/today")
            told = "".join(desk.get(path).text for path in paths)
            told += "".join(desk.get(f"/api/cases/{case.id}", version=version).text for version in range(1, 6))
            assert [one for one in SECRETS if one in told] == []
            assert ERASED in told or login == "leader"
        for word in (NAME, PHONE, NUMBER):
            assert county.as_("auditor").post("/api/cases/search", party=word).json()["cases"] == []
            assert county.as_("auditor").post("/api/cases/search", words=word).json()["cases"] == []


def test_every_receipt_and_every_proof_verifies_as_before(place: Place, tmp_path: Path):
    with place.opened() as county:
        case = kept(county)
        county.parts.proof.seal()
        auditor, desk = county.as_("auditor"), ProofDesk(place.url, LogFiles.of(place.state))
        key = county.http.get("/api/log/key").text.strip()
        before = [_receipt(auditor, case.id, version) for version in range(1, 6)]

        case.erase()
        county.parts.proof.seal()

        after = [_receipt(auditor, case.id, version) for version in range(1, 6)]
        for number, text in enumerate([*before, *after]):
            (file := tmp_path / f"receipt-{number}").write_text(text)
            assert by_script(file, key)[0] == 0, text
        assert desk.verify([], lambda done: None).outcome == 0
        desk.export(tmp_path / "bundle", lambda done: None)
        assert by_script(tmp_path / "bundle", key)[0] == 0
        bundle = Bundle.read(tmp_path / "bundle")
        whole = b"".join([*bundle.entries, *bundle.rest.values(), str(bundle.about).encode()]).decode()
        assert [one for one in SECRETS if one in whole] == []


def test_what_is_spoilt_after_an_erasure_is_still_found(place: Place, tmp_path: Path):
    with place.opened() as county:
        case = kept(county)
        county.parts.proof.seal()
        key = county.http.get("/api/log/key").text.strip()
        case.erase()
        spoilt = _receipt(county.as_("auditor"), case.id, 1).replace("extra ", "extra A", 1)
        (tmp_path / "spoilt").write_text(spoilt)

        assert by_script(tmp_path / "spoilt", key)[0] == 1


def _receipt(desk, id, version):
    told = desk.get(f"/api/cases/{id}/entries/{version}/receipt")
    assert told.status_code == 200, told.text
    return told.text
