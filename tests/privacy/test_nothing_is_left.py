"""After an erasure: every proof still verifies, and nobody finds the person anywhere, whoever looks with what."""

from __future__ import annotations

from pathlib import Path

import psycopg

from domain.shared.values import ERASED
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from tests.privacy.conftest import NAME, NUMBER, PHONE, SECRETS, Place, kept
from tests.proof.bundles import Bundle, by_script


def test_before_it_the_text_stands_in_a_table_and_never_in_the_log_of_the_database(place: Place):
    with place.opened() as county:
        for _ in range(3):  # what stands in one row alone is no common value, and is not sampled
            kept(county)
        with psycopg.connect(place.url, autocommit=True) as connection:
            connection.execute("ANALYZE")

        found = place.holds(*SECRETS)

        assert found, "the search itself finds what is there"
        assert [file for file in found if "pg_wal" in file or "county" in file] == []
        with psycopg.connect(place.url) as connection:
            ((sampled,),) = connection.execute("SELECT string_agg(s::text, '') FROM pg_statistic s").fetchall()
        assert [one for one in SECRETS if one in sampled] == []


def test_after_it_no_file_of_the_cluster_or_beside_it_holds_the_person(place: Place):
    with place.opened() as county:
        case = kept(county)
        case.erase()

        assert place.holds(*SECRETS) == {}
        dumped = place.dumped()
        assert [one for one in SECRETS if one in dumped] == []
        assert "吴小河" in dumped, "the other party is still there"


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
