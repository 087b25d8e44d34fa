"""A day of an administrator, in a browser: people, areas and bodies, rules, sheets, and how all of it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import County
from tests.pages.conftest import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def admin(visitor: Visit) -> Visitor:
    return visitor("admin")


def choose(desk: Visitor, name: str, label: str) -> None:
    """By a part of what stands there."""
    field = desk.page.locator(f'select[name="{name}"]')
    value = field.locator("option", has_text=label).first.get_attribute("value")
    assert value is not None
    field.select_option(value)


def test_a_new_officer_signs_in_and_is_out_at_once_when_her_appointment_ends(admin: Visitor, visitor: Visit):
    admin.page.click("nav >> text=人员")
    admin.page.click("text=登记人员")
    admin.fill(login="bai.xue", display_name="白雪")
    admin.submit()
    choose(admin, "role", "调解员")
    choose(admin, "body", "柳湾村人民调解委员会")
    admin.submit()
    assert "柳湾村" in admin.text()
    admin.page.click("text=设置初始密码")
    password = admin.page.inner_text(".password")
    her = visitor().sign_in("bai.xue", password)
    assert her.page.locator("h1").count() == 1
    assert "白雪" in her.text()

    admin.page.reload()
    admin.page.click("text=免职 >> nth=0")
    admin.submit()

    her.go("/cases")
    assert "/login" in her.page.url
    assert "今天没有任职" in admin.text()


def test_a_body_is_founded_in_an_area_that_is_opened_level_by_level(admin: Visitor):
    admin.page.click("nav >> text=机构与区划")
    admin.page.click("main >> text=河口镇")
    admin.page.click("main >> text=石桥村")
    admin.page.click("text=设立机构")
    admin.fill(kind="centre", body_name="石桥村综治中心", short_name="石桥综治", code="SQZZ", channel="people")
    admin.submit()

    assert "石桥村综治中心" in admin.page.inner_text("h1")
    admin.page.click("text=← 石桥村")
    assert "石桥村综治中心" in admin.text()


def test_what_happened_before_an_area_was_renamed_is_told_with_its_old_name(
    admin: Visitor, visitor: Visit, county: County
):
    before = county.as_("li.ming").register(facts="更名之前的一件事。")
    admin.page.click("nav >> text=机构与区划")
    admin.page.click("main >> text=河口镇")
    admin.page.click("main >> text=柳湾村")
    admin.page.click("text=更名")
    admin.fill(area_name="柳溪村")
    admin.submit()

    assert admin.page.inner_text("h1").startswith("柳溪村")
    assert re.search(r"2020-01-01 – 2026-03-03\s*柳湾村", admin.text())
    reader = visitor("li.ming")
    reader.go(f"/cases/{before.id}")
    assert "（柳湾村）" in reader.page.inner_text(".timeline")


PACK = """area = "990101"
name = "县规定"
in_force_from = 2026-04-01

[[limit]]
code = "ADM_CONCLUDE_DEFAULT"
length = 20
unit = "working-days"
law = "青溪县行政调解办法"
article = "第十二条"
"""


def test_a_pack_is_tried_first_then_published_and_withdrawn(admin: Visitor):
    admin.page.click("nav >> text=规则")
    admin.page.click("text=发布规则包")
    admin.fill(pack=PACK)
    admin.submit()
    assert "如果去年就适用" in admin.text()

    admin.page.click("text=发布“县规定”")
    assert "县规定" in admin.page.inner_text("#packs")

    admin.page.click("#packs >> text=停用规则包")
    admin.fill(in_force_until="2026-05-01")
    admin.submit()
    assert "2026-05-01" in admin.page.inner_text("#packs")


BODIES = "代码,名称,简称,类型,区域代码\nSPZZ,上坪乡综治中心,上坪综治,综治中心,{area}\n"


def test_a_damaged_sheet_is_told_row_by_row_and_the_mended_one_taken_over(admin: Visitor, tmp_path: Path):
    file = tmp_path / "机构.csv"
    file.write_text(BODIES.format(area="99010110"), encoding="gb18030")
    admin.page.click("nav >> text=导入")
    admin.fill(kind="bodies")
    admin.page.set_input_files("#file", str(file))
    admin.submit()
    assert re.search(r"第2行\s+SPZZ\s+区域代码\s+没有这个代码的区域", admin.text())

    admin.page.click("main a.button.main")
    file.write_text(BODIES.format(area="990101102"), encoding="gb18030")
    admin.fill(kind="bodies")
    admin.page.set_input_files("#file", str(file))
    admin.submit()
    assert "尚未登记任何内容" in admin.text()
    admin.page.click("text=确认导入")

    assert "已经登记" in admin.text()


def test_how_the_service_stands_is_read_on_a_phone(visitor: Visit):
    phone = visitor("admin", phone=True)
    phone.page.click("nav >> text=运行状态")

    assert "各列表的进度" in phone.text()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
