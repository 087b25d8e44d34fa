"""卷宗材料: made from what is recorded, the same bytes for the same events, and nothing of a text is ever a command."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.api.conftest import Case, Desk
from tests.api.test_composites import at_table, meeting

PARTIES = [
    {
        "side": "applicant",
        "name": "周大山",
        "phone": "10012345678",
        "identity_number": "11010119900307109X",
        "address": "柳湾村一组3号",
    },
    {"side": "respondent", "name": "吴小河", "address": "柳湾村一组4号"},
]


def settled(desk: Desk, form: str = "written", **content: Any) -> Case:
    case = desk.register(parties=PARTIES, **content)
    case.act("write-note", note="到现场看过，屋檐滴水在邻家墙上。")
    case.act("file-evidence", kind="photo", description="滴水的照片", sha256="a" * 64)
    signed = {"mediator_signed": True, "sealed": True} if form == "written" else {}
    term = {"obligor": case.parties[1], "what": "修好屋檐", "amount": 80000, "due": "2026-03-10"}
    told = {"terms": [term], "form": form, **signed}
    case.act("record-meeting", **meeting(case, at_table=at_table(case, signed=form == "written"), agreed=told))
    case.act(
        "record-closing", performed=[{"mediation": 1, "obligation": 1}], findings="已经修好。", close_when_done=True
    )
    return case


def printed(case: Case, paper: str, desk: Desk | None = None, **query: Any) -> bytes:
    told = (desk or case.desk).get(f"/api/cases/{case.id}/papers/{paper}", **query)
    assert told.status_code == 200, told.text
    assert told.headers["content-disposition"] == f'attachment; filename="{paper}.pdf"'
    return bytes(told.content)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).translate({10: None, 32: None})


WRITTEN = (
    "application",
    "acceptance",
    "rights-notice",
    "identity",
    "investigation",
    "evidence",
    "mediation-record",
    "agreement",
    "performance-proof",
    "follow-up",
    "confirmation",
    "closing-report",
)


@pytest.fixture
def case(mediator):
    return settled(mediator)


@pytest.mark.parametrize("paper", WRITTEN)
def test_each_paper_is_pdf_a_with_its_fonts_and_the_same_bytes_each_time(case, paper):
    pdf = printed(case, paper)

    assert printed(case, paper) == pdf
    assert faults(pdf) == []
    assert "周大山" in text_of(pdf)


def faults(pdf: bytes) -> list[str]:
    """What ISO 19005-2 asks of a file and pypdf can see. No verdict of a validator, but what usually goes wrong."""
    reader = PdfReader(BytesIO(pdf))
    root, found = reader.trailer["/Root"], []
    meta = root["/Metadata"].get_data().decode()
    if "<pdfaid:part>2</pdfaid:part>" not in meta or "<pdfaid:conformance>U</pdfaid:conformance>" not in meta:
        found.append("says in its XMP that it is PDF/A-2u")
    if not any(one["/S"] == "/GTS_PDFA1" and one["/DestOutputProfile"] for one in root.get("/OutputIntents", [])):
        found.append("has an output intent with its profile")
    if "/Encrypt" in reader.trailer or "/JavaScript" in root.get("/Names", {}) or "/OpenAction" in root:
        found.append("has neither encryption nor scripts nor actions")
    if "/ID" not in reader.trailer:
        found.append("has an id")
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            below = font["/DescendantFonts"][0]["/FontDescriptor"]
            if not {"/FontFile2", "/FontFile3"} & set(below) or "/ToUnicode" not in font:
                found.append("embeds its fonts, with their characters")
    return found


def test_an_oral_agreement_is_registered_in_its_table_and_a_written_one_is_not(mediator, case):
    oral = settled(mediator, "oral")

    told = text_of(printed(oral, "oral-agreement"))

    assert "人民调解口头协议登记表" in told
    assert "修好屋檐" in told
    mediator.refused(mediator.get(f"/api/cases/{oral.id}/papers/agreement"), 404, "nothing-to-print")
    mediator.refused(mediator.get(f"/api/cases/{case.id}/papers/oral-agreement"), 404, "nothing-to-print")


def test_sex_age_and_address_of_the_parties_and_the_days_of_mediator_and_seal_are_told(case):
    told = text_of(printed(case, "agreement"))

    for text in ("男", "35岁", "柳湾村一组3号", "人民调解员　李明", "2026年3月3日", "柳湾村人民调解委员会"):
        assert text in told, text


def test_what_is_recorded_later_does_not_change_a_paper(case):
    before = printed(case, "agreement")
    case.act("write-note", note="后来又去过一次。")

    assert printed(case, "agreement") == before
    assert printed(case, "agreement", version=case.version - 1) == before


def test_a_paper_of_a_past_version_is_as_it_was(case):
    first = case.desk.get(f"/api/cases/{case.id}/papers/agreement", version=3)

    assert first.json()["code"] == "nothing-to-print"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", '#link("x")[y] $a$ *b* _c_', "名" * 50, "\\\\{}%&~^"]
)
def test_a_name_is_a_text_whatever_stands_in_it(mediator, name):
    case = mediator.register(parties=[{"side": "applicant", "name": name}, PARTIES[1]])

    pdf = printed(case, "application")

    assert faults(pdf) == []
    assert name.replace(" ", "") in text_of(pdf)


def test_a_character_that_no_font_has_is_marked_and_told(mediator):
    case = mediator.register(parties=[{"side": "applicant", "name": "𠮷𬭎"}, PARTIES[1]])

    pdf = printed(case, "application")

    assert faults(pdf) == []
    assert "〓𬭎" in text_of(pdf)
    assert "U+20BB7" in text_of(pdf)


def test_whoever_only_looks_prints_no_telephone_and_no_address(county, case):
    told = text_of(printed(case, "acceptance", county.as_("leader")))

    assert "10012345678" not in told
    assert "柳湾村一组3号" not in told
    assert "周大山" in told


def test_a_stranger_prints_nothing(county, case):
    stranger = county.as_("shi.qiao")

    stranger.refused(stranger.get(f"/api/cases/{case.id}/papers/agreement"), 404, "unknown-stream")


def test_papers_differ_where_events_do(mediator, case):
    other = settled(mediator)

    assert sha256(printed(other, "agreement")).digest() != sha256(printed(case, "agreement")).digest()
