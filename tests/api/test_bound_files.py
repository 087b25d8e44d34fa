"""立卷: archiving is one sending; the whole file is one PDF, kept before its hash is recorded."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from application.streams import CASES
from domain.shared.values import CaseId
from tests.api.conftest import Case
from tests.api.test_files import bring, photo
from tests.api.test_papers import faults, settled, text_of


def brought(case: Case, content: bytes) -> str:
    return str(bring(case, content).json()["sha256"])


def scan(pages: int = 2) -> bytes:
    from PIL import Image

    made = BytesIO()
    first, *rest = (Image.new("RGB", (600, 800), one) for one in ("ivory", "linen", "snow")[:pages])
    first.save(made, "PDF", save_all=True, append_images=rest)
    return made.getvalue()


def archived(case: Case) -> str:
    papers = [
        {"paper": "agreement", "sha256": brought(case, scan())},
        {"paper": "performance-proof", "sha256": brought(case, photo("blue"))},
    ]
    case.act("record-closing", papers=papers, archive_when_complete=True)
    return str(last(case)["file"])


def last(case: Case) -> dict[str, Any]:
    return dict(case.desk.get(f"/api/cases/{case.id}").json()["timeline"][-1]["event"])


@pytest.fixture
def case(mediator):
    return settled(mediator)


def test_archiving_binds_the_whole_file_with_cover_and_index(case):
    hash = archived(case)

    pdf = case.desk.get(f"/api/cases/{case.id}/files/{hash}").content
    told = text_of(pdf)

    assert case.state()["status"] == "archived"
    assert faults(pdf) == []
    for text in ("人民调解卷宗", "卷内目录", "人民调解受理登记表", "人民调解记录", "人民调解回访记录", "扫描件"):
        assert text in told, text
    assert len(PdfReader(BytesIO(pdf)).pages) >= 2 + 10


def test_the_same_history_binds_the_same_bytes(county, case):
    hash = archived(case)
    whole = county.parts.ledger.history(CASES, CaseId(UUID(case.id)))
    before = whole.until(lambda entry: entry.event.name != "case.archived")

    kept = case.desk.get(f"/api/cases/{case.id}/files/{hash}").content

    assert county.parts.system.deciding.cases._binder.bound(before) == kept


def test_the_bound_file_is_not_for_whoever_only_looks(county, case):
    hash = archived(case)
    leader = county.as_("leader")

    leader.refused(leader.get(f"/api/cases/{case.id}/files/{hash}"), 404, "no-such-file")


def test_a_case_archived_again_does_not_hold_its_earlier_file(case):
    archived(case)
    case.act("reopen-case", reason="又起争执")
    case.act("close-case", result="agreement-written")
    case.act("archive-case")

    told = text_of(case.desk.get(f"/api/cases/{case.id}/files/{last(case)['file']}").content)

    assert told.count("卷内目录") == 1
