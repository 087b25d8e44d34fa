"""照片与扫描件: what is kept of them, who reads them, and what is refused."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from application.files import FileInfected, ScannerAway
from tests.api.conftest import Case, Desk

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def photo(colour: str = "red", size: tuple[int, int] = (900, 600)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG")
    return made.getvalue()


def bring(case: Case, content: bytes, desk: Desk | None = None):
    to = desk or case.desk
    headers = {"Authorization": f"Bearer {to.county.tokens[to.login]}"}
    return to.county.http.put(f"/api/cases/{case.id}/files", content=content, headers=headers)


def filed(case: Case, content: bytes, paper: str = "application") -> str:
    told = bring(case, content)
    assert told.status_code == 200, told.text
    case.act("file-paper", paper=paper, sha256=told.json()["sha256"])
    return str(told.json()["sha256"])


@pytest.fixture
def case(mediator):
    return mediator.register()


def test_what_is_brought_is_read_again_as_it_was_and_never_shown_inline(case):
    content = photo()
    hash = filed(case, content)

    told = case.desk.get(f"/api/cases/{case.id}/files/{hash}")

    assert hash == sha256(content).hexdigest()
    assert told.content == content
    assert told.headers["content-type"] == "image/jpeg"
    assert told.headers["content-disposition"].startswith("attachment;")
    assert told.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in told.headers["content-security-policy"]


def test_a_file_stands_on_the_disk_as_ciphertext_only(county, case):
    content = photo("blue") + b"who-was-in-it"
    filed(case, content)

    kept = [one.read_bytes() for one in (county.state / "files").rglob("*") if one.is_file()]

    assert kept
    assert not any(b"who-was-in-it" in one or b"\xff\xd8\xff" in one[:20] for one in kept)


def test_what_no_entry_files_is_read_by_nobody(case):
    hash = bring(case, photo("green")).json()["sha256"]

    case.desk.refused(case.desk.get(f"/api/cases/{case.id}/files/{hash}"), 404, "no-such-file")


def test_the_same_bytes_in_another_case_are_another_file(case, mediator):
    content = photo("navy")
    hash, other = filed(case, content), mediator.register()

    other.act("file-paper", paper="application", sha256=hash)

    mediator.refused(mediator.get(f"/api/cases/{other.id}/files/{hash}"), 404, "no-such-file")


@pytest.mark.parametrize(
    "content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"<svg xmlns='x'/>", b"GIF89a", b""]
)
def test_only_photos_and_scans_are_taken_whatever_they_call_themselves(case, content):
    case.desk.refused(bring(case, content), 422, "file-of-no-kind")


def test_a_file_that_is_too_large_is_not_read_to_its_end(case):
    answer = bring(case, photo() + b"\0" * 8_000_000)

    assert answer.status_code == 413


def test_a_stranger_neither_brings_nor_reads(county, case):
    hash = filed(case, photo("white"))
    stranger = county.as_("shi.qiao")

    stranger.refused(bring(case, photo(), stranger), 404, "unknown-stream")
    stranger.refused(stranger.get(f"/api/cases/{case.id}/files/{hash}"), 404, "unknown-stream")


def test_whoever_only_looks_reads_evidence_and_no_papers_with_numbers(county, case):
    identity, seen = filed(case, photo("black"), "identity"), filed(case, photo("pink"), "evidence")
    leader = county.as_("leader")

    assert leader.get(f"/api/cases/{case.id}/files/{seen}").status_code == 200
    leader.refused(leader.get(f"/api/cases/{case.id}/files/{identity}"), 404, "no-such-file")
    leader.refused(bring(case, photo(), leader), 403, "not-your-right")


def test_a_file_that_is_another_paper_of_the_case_is_told(case):
    filed(case, photo("grey"), "identity")

    assert bring(case, photo("grey")).json()["already"] == ["identity"]


def test_a_file_that_was_struck_out_is_read_no_more(case):
    hash = filed(case, photo("gold"))
    case.act("strike-entry", entries=[case.version], reason="传错了")

    case.desk.refused(case.desk.get(f"/api/cases/{case.id}/files/{hash}"), 404, "no-such-file")


class Says:
    def __init__(self, refusal: Exception) -> None:
        self._refusal = refusal

    def look(self, content: bytes) -> None:
        raise self._refusal


@pytest.mark.parametrize(
    ("refusal", "status", "code"), [(ScannerAway(), 503, "scanner-away"), (FileInfected(), 422, "file-infected")]
)
def test_what_the_scanner_does_not_pass_is_not_kept(county, case, monkeypatch, refusal, status, code):
    files = county.parts.system.deciding.files
    monkeypatch.setattr(files, "_scanner", Says(refusal))
    before = len(list((county.state / "files").rglob("*")))

    case.desk.refused(bring(case, photo("olive")), status, code)

    assert len(list((county.state / "files").rglob("*"))) == before
