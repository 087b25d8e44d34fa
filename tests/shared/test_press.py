"""How papers are set: the same document gives the same bytes on every machine that has the same typst and fonts."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from application.papers import blocks
from application.papers.press import Cover, Document, NotSet
from infrastructure.papers.press import TypstPress

GOLDEN = {
    "one": "8601fd77772cc4c591318012a886f7da5993da87b164cec793d2de08ecaf6fcc",
    "whole": "c1b6a43b050c5ec2a5640db4cad8a54929584a7f896449c8060bac41b2cd7600",
}
"""Another version of typst, of the fonts or of the form sets it otherwise: then look at the papers, and write these
anew. What was archived stays as it was: its bytes are kept."""


def sheet(name: str = "acceptance") -> blocks.Sheet:
    content: list[blocks.Block] = [
        blocks.Grid(
            [blocks.row(("姓名", "周大山"), ("性别", "男")), [blocks.label("住址"), blocks.Cell("柳湾村\n一组", 7)]]
        ),
        blocks.Prose("两家为滴水檐争吵。\n一方称墙已湿透。", "纠纷简要情况"),
        blocks.Numbered(["修好屋檐。", "付清800元。"], "协议内容"),
        blocks.Table(("序号", "说明"), (1, 5), [("1", "照片")], "证据"),
        blocks.Line("此致", "centre"),
        blocks.Signatures(
            [blocks.Signing("申请人　周大山", "签名", "2026年3月3日"), blocks.Signing("被申请人　吴小河", "签名")]
        ),
    ]
    return blocks.Sheet(name, "人民调解受理登记表", "LW-2026-00001", content, 7, date(2026, 3, 3))


def document(whole: bool = False) -> Document:
    cover = Cover("人民调解卷宗", "柳湾村人民调解委员会", (("案　　号", "LW-2026-00001"),)) if whole else None
    sheets = [sheet(), sheet("agreement")] if whole else [sheet()]
    return Document("人民调解受理登记表", date(2026, 3, 3), sheets, ("https://tiaojie.example/", "/receipt"), cover)


@pytest.mark.parametrize("what", sorted(GOLDEN))
def test_a_document_is_set_as_it_always_was(what):
    made = TypstPress().pdf(document(what == "whole"))

    assert sha256(made).hexdigest() == GOLDEN[what]


def test_a_text_that_cannot_be_set_says_nothing_of_itself(monkeypatch, caplog):
    monkeypatch.setattr("infrastructure.papers.press.SOURCE", Path(__file__))

    with pytest.raises(NotSet) as refusal:
        TypstPress().pdf(document())

    assert "周大山" not in caplog.text + str(refusal.value)
    assert refusal.value.__cause__ is None
