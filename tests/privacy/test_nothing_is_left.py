"""After an erasure: every proof still verifies, and nobody finds the person anywhere, whoever looks with what."""

from __future__ import annotations

import psycopg

from domain.shared.values import ERASED
from tests.privacy.conftest import NAME, NUMBER, PHONE, SECRETS, Place, kept


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


def test_every_receipt_and_every_proof_stands_as_before(place: Place):
    with place.opened() as county:
        case = kept(county)
        county.parts.proof.seal()
        auditor = county.as_("auditor")
        before = {version: _receipt(auditor, case.id, version) for version in range(1, 6)}
        case.erase()
        county.parts.proof.seal()

        assert {version: _leaf(_receipt(auditor, case.id, version)) for version in before} == {
            version: _leaf(text) for version, text in before.items()
        }


def _receipt(desk, id, version):
    told = desk.get(f"/api/cases/{id}/entries/{version}/receipt")
    assert told.status_code == 200, told.text
    return told.text


def _leaf(receipt):
    """The entry itself, which no later checkpoint changes: its header and the hash of its bytes."""
    return [line for line in receipt.splitlines() if line.startswith(("index", "extra"))]
