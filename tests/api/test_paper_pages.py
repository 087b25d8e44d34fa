"""卷宗材料 on the page: shown small, saved whole, added in one go, archived by one click."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import Case
from tests.api.test_bound_files import last
from tests.api.test_files import photo
from tests.api.test_papers import settled


@pytest.fixture
def case(mediator):
    return settled(mediator)


def page(case: Case) -> str:
    told = case.desk.get(f"/cases/{case.id}")
    assert told.status_code == 200
    return str(told.text)


def sent(case: Case, path: str, files: Any = None, **fields: str) -> Any:
    headers = {"Authorization": f"Bearer {case.desk.county.tokens[case.desk.login]}"}
    return case.desk.county.http.post(path, data=fields, files=files, headers=headers, follow_redirects=False)


def added(case: Case, paper: str, *contents: bytes) -> str:
    files = [("files", (f"IMG_{number}.jpg", content, "image/jpeg")) for number, content in enumerate(contents)]
    answer = sent(case, f"/cases/{case.id}/papers/{paper}", files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_several_photos_of_one_paper_are_added_in_one_go_and_shown_small(case):
    added(case, "agreement", photo("red"), photo("blue"))

    shown = re.findall(r'src="(/cases/[0-9a-f-]+/files/\d+/small)"', page(case))
    small = case.desk.get(shown[-1])

    assert len(shown) == 2
    assert max(Image.open(BytesIO(small.content)).size) <= 320
    assert small.content != photo("blue")
    assert small.headers["content-disposition"].startswith("attachment")


def test_no_hash_of_a_file_is_on_the_page(case):
    added(case, "agreement", photo("red"))

    for path in (f"/cases/{case.id}", f"/cases/{case.id}/do/file-paper", f"/cases/{case.id}/record-closing"):
        told = case.desk.get(path).text
        assert not re.search(r"[0-9a-f]{64}", told)
        assert "SHA" not in told


def test_the_same_file_as_another_paper_is_told_and_recorded(case):
    added(case, "agreement", photo("red"))

    to = added(case, "performance-proof", photo("red"))

    assert "same=agreement" in to
    assert "已有的“调解协议书”是同一个文件" in case.desk.get(f"/cases/{case.id}", same="agreement").text


def test_what_the_record_makes_is_a_link_and_what_is_missing_is_asked_for(case):
    told = page(case)

    assert f"/cases/{case.id}/papers/mediation-record.pdf" in told
    assert 'type="file"' in told
    assert "capture" not in told
    pdf = case.desk.get(f"/cases/{case.id}/papers/mediation-record.pdf?mediation=1")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"].startswith("attachment")


def test_a_complete_case_is_archived_by_one_click(case):
    added(case, "agreement", photo("red"))
    added(case, "performance-proof", photo("blue"))
    form = re.search(r'<form method="post" action="(/cases/[^"]+/do/archive-case)".*?</form>', page(case), re.S)
    hidden = dict(re.findall(r'name="([a-z_]+)"\s+value="([^"]*)"', form[0]))

    answer = sent(case, form[1], **hidden)

    assert answer.status_code == 303
    assert case.state()["status"] == "archived"
    assert last(case)["file"]
    assert "整卷" in page(case)


def test_a_file_of_no_kind_is_refused_at_its_field_and_nothing_is_recorded(case):
    before = case.state()
    fields = {"version": str(case.version), "key": "k", "archive_when_complete": "on", "papers.0.paper": "agreement"}
    files = {"papers.0.sha256.file": ("a.jpg", b"<script>", "image/jpeg")}

    answer = sent(case, f"/cases/{case.id}/record-closing", files, **fields)

    assert answer.status_code == 409
    assert 'id="papers-0-sha256-error"' in answer.text
    assert case.state() == before
