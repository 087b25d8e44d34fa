"""Pages of administrators: who opens them, and what is recorded by whom."""

import json
import re
import time
from base64 import b64encode

import psycopg
import pytest

from application.figures.case_figures import CaseFilter
from application.rights import Scope
from domain.jurisdiction.area import area_id
from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from tests.api.conftest import SINCE

LI_MING = officer_id("li.ming")
LW = body_id("LW")
VILLAGE = area_id("990101101201", SINCE)
TOWN = area_id("990101101", SINCE)
OF_AREAS = ("rename-area", "recode-area", "move-area", "merge-area", "split-area", "abolish-area", "found-area")
OF_BODIES = ("rename-body", "merge-body", "dissolve-body")
PAGES = ["/people", "/people/register-officer", f"/people/{LI_MING}", f"/people/{LI_MING}/appoint-officer"]
PAGES += ["/areas", f"/areas/{VILLAGE}", f"/areas/{VILLAGE}/found-body", f"/bodies/{LW}"]
PAGES += [*(f"/areas/{VILLAGE}/{one}" for one in OF_AREAS), *(f"/bodies/{LW}/{one}" for one in OF_BODIES)]
HTML = {"Accept": "text/html"}

PAGES += [f"/rules/{one}" for one in ("publish-rule-pack", "publish-holidays", "amend-holidays", "withdraw-rule-pack")]

PAGES += ["/status", "/import"]


def sent(desk, path, **form):
    headers = {"Authorization": f"Bearer {desk.county.tokens[desk.login]}", **HTML}
    return desk.county.http.post(path, data={"version": "0", **form}, headers=headers, follow_redirects=False)


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_open_these_pages(county, path):
    assert county.as_("admin").get(path, HTML).status_code == 200
    for login in ("li.ming", "leader", "auditor", "town"):
        assert county.as_(login).get(path, HTML).status_code == 403, login


def test_what_is_changed_is_recorded_by_who_is_signed_in(county):
    admin = county.as_("admin")

    answer = sent(admin, "/people/register-officer", login="wu.yue", display_name="吴越")

    assert answer.status_code == 303, answer.text
    page = admin.get(f"/people/{officer_id('wu.yue')}", HTML).text
    assert "管理员（青溪县综治中心）登记了人员吴越" in page


def test_a_login_name_that_is_taken_is_told_at_its_field(county):
    before = county.events()

    answer = sent(county.as_("admin"), "/people/register-officer", login="li.ming", display_name="另一位")

    assert answer.status_code == 409
    assert 'id="login-error">已有人员使用这个登录名' in answer.text
    assert county.events() == before


def test_somebody_else_sends_none_of_these_forms(county):
    before = county.events()

    for path in ("/people/register-officer", f"/people/{LI_MING}/first-password", f"/people/{LI_MING}/end-sessions"):
        assert sent(county.as_("li.ming"), path, login="x", display_name="甲").status_code == 403
    assert county.events() == before


def test_nobody_is_searched_for_in_an_address(county):
    admin = county.as_("admin")

    found = sent(admin, "/people", words="石桥村")

    assert "石乔" in found.text
    assert "李明" not in found.text
    assert admin.get("/people", HTML, words="石桥").status_code == 422


def area_sent(county, name, **form):
    """On the village, as it stands."""
    admin = county.as_("admin")
    page = admin.get(f"/areas/{VILLAGE}/{name}", HTML).text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    return sent(admin, f"/areas/{VILLAGE}/{name}", **{"version": version, "in_force_from": "2026-03-03", **form})


@pytest.mark.parametrize(
    ("name", "form", "field", "words"),
    [
        ("rename-area", {"area_name": "柳湾村"}, "area_name", "没有变化"),
        ("recode-area", {"code": "990101101202"}, "code", "已被另一个有效的区域使用"),
        ("merge-area", {"into": str(TOWN)}, "into", "同层级"),
        ("abolish-area", {}, "in_force_from", "还有有效的下级区域"),
        ("rename-area", {"area_name": "新柳湾村", "in_force_from": "2001-01-01"}, "in_force_from", "早于"),
    ],
)
def test_a_change_of_an_area_is_refused_in_the_domains_words_at_its_field(county, name, form, field, words):
    before = county.events()

    answer = area_sent(county, name, **form)

    assert answer.status_code == 409, answer.text
    told = re.search(rf'id="{field}-error">([^<]+)<', answer.text)
    assert told
    assert words in told[1]
    assert f'<a href="#{field}">' in answer.text
    assert county.events() == before


def test_a_form_that_was_overtaken_changes_nothing_and_says_what_happened_meanwhile(county):
    before = county.events()

    answer = area_sent(county, "rename-area", version="0", area_name="新柳湾村")

    assert answer.status_code == 412
    assert "登记设立柳湾村" in answer.text
    assert county.events() == before


PACK = """area = "{area}"
name = "county-2026"
in_force_from = 2026-04-01

[[limit]]
code = "ADM_CONCLUDE_DEFAULT"
length = 20
unit = "working-days"
law = "青溪县行政调解办法"
article = "第十二条"
"""


def test_a_pack_that_was_not_tried_is_tried_and_not_published(county):
    before = county.events()

    answer = sent(county.as_("admin"), "/rules/publish-rule-pack", pack=PACK.format(area="990101"), do="publish")

    assert answer.status_code == 200
    assert "如果去年就适用" in answer.text
    assert county.events() == before


def test_every_fault_of_a_pack_is_told(county):
    answer = sent(
        county.as_("admin"), "/rules/publish-rule-pack", pack=PACK.format(area="1").replace("length = 20", "length = 0")
    )

    assert answer.status_code == 422
    assert "没有这个代码的区域" in answer.text
    assert "期限至少为一个单位" in answer.text


def test_holidays_are_told_as_days_and_ranges(county):
    days = {"holidays": "2028-01-01..2028-01-03，2028-10-01至2028-10-07", "make_up_workdays": "2028-01-08"}

    answer = sent(county.as_("admin"), "/rules/publish-holidays", year="2028", notice="国办发明电", **days)

    assert answer.status_code == 303, answer.text
    county.parts.projector.catch_up()
    (year,) = [one for one in county.parts.system.registers.rule_book.years() if one.year == 2028]
    assert len(year.holidays) == 10


def test_a_day_that_is_none_is_told_at_its_field(county):
    form = {"year": "2029", "notice": "通知", "holidays": "元旦"}

    answer = sent(county.as_("admin"), "/rules/publish-holidays", **form)

    assert answer.status_code == 422
    assert 'href="#holidays"' in answer.text


def uploaded(county, kind, sheet, name="表.csv", **form):
    """Sent and tried: the address of its page."""
    admin = county.as_("admin")
    headers = {"Authorization": f"Bearer {county.tokens['admin']}", **HTML}
    files = {"file": (name, sheet.encode(), "text/csv")}
    answer = county.http.post(
        "/import", data={"kind": kind, **form}, files=files, headers=headers, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return admin, answer.headers["location"]


NEW_BODY = "代码,名称,简称,类型,区域代码\nZZ,上坪乡综治中心,上坪综治,综治中心,990101102\n"


def test_a_sheet_is_tried_before_anything_is_recorded_and_then_taken_over_without_being_sent_again(county):
    before = county.events()
    admin, page = uploaded(county, "bodies", NEW_BODY)
    assert "尚未登记任何内容" in admin.get(page, HTML).text
    assert county.events() == before

    sent(admin, f"{page}/take-over")

    assert "已经登记" in admin.get(page, HTML).text
    assert county.events() == before + 1


def test_what_is_sent_is_in_no_table_as_it_is_and_gone_once_it_was_taken_over(county):
    admin, page = uploaded(county, "officers", "登录名,姓名,岗位,机构代码\nmi.mi,米秘密,调解员,LW\n")
    with psycopg.connect(county.url) as connection:
        before = connection.execute("SELECT content, told FROM upload ORDER BY moved_at DESC LIMIT 1").fetchone()
        sent(admin, f"{page}/take-over")
        after = connection.execute("SELECT content, told FROM upload ORDER BY moved_at DESC LIMIT 1").fetchone()

    assert "米秘密".encode() not in before[0] + before[1]
    assert b64encode("米秘密".encode())[:8] not in before[0]
    assert after[0] == b""
    assert admin.county.http.get(page, headers={"Authorization": f"Bearer {county.tokens['admin']}"}).status_code == 200


def test_first_passwords_of_a_sheet_are_shown_once(county):
    admin, page = uploaded(county, "officers", "登录名,姓名,岗位,机构代码\nqi.qi,七七,调解员,LW\n")
    sent(admin, f"{page}/take-over")
    while "正在导入" in admin.get(page, HTML).text:
        time.sleep(0.2)

    shown = sent(admin, f"{page}/passwords").text
    again = sent(admin, f"{page}/passwords").text

    password = re.search(r'class="password">([^<]+)<', shown)[1]
    assert 'class="password"' not in again
    assert county.http.post("/api/session", json={"login": "qi.qi", "password": password}).status_code == 200


def test_every_fault_of_a_sheet_is_told_with_its_row_column_value_and_what_would_be_right(county):
    before = county.events()
    sheet = NEW_BODY + "YY,上坪乡调委会,上坪,庙,990101102\nXX,某中心,某,综治中心,000000\n"

    admin, page = uploaded(county, "bodies", sheet)

    told = admin.get(page, HTML).text
    assert "第3行" in told
    assert "庙" in told
    assert "人民调解委员会" in told
    assert "区域代码" in told
    assert re.search(r"类型</td>", told)
    assert "没有这个代码的区域" in told
    assert "确认导入" not in told
    assert county.events() == before


def test_next_years_sheet_of_areas_proposes_and_a_person_decides(county):
    sheet = "code,name,parent_code,level\n990101102,上坪乡,990101,4\n990101102299,新坪村,990101102,5\n"
    admin, page = uploaded(county, "areas", sheet, day="2027-01-01")
    told = admin.get(page, HTML).text
    assert "需要决定的变更" in told
    assert "坪头村" in told
    before = county.events()
    undecided = sent(admin, f"{page}/take-over")
    assert undecided.status_code == 303
    assert county.events() == before

    proposals = re.findall(r'name="choice.(\d+)"', told)
    sent(admin, f"{page}/take-over", **{f"choice.{at}": "keep" for at in proposals})

    assert "已经登记" in admin.get(page, HTML).text


def test_cases_of_an_old_system_are_tried_and_taken_over_once(county):
    case = {"number": "旧-1", "area": "990101101202", "parties": [{"side": "applicant", "name": "甲某"}], "steps": []}
    case["steps"] = [{"step": "registered", "at": "2019-05-01"}]
    lines = json.dumps(case, ensure_ascii=False) + "\n" + "{}\n"
    before = county.events()
    admin, page = uploaded(county, "cases", lines, "旧案.ndjson", system="台账")
    told = admin.get(page, HTML).text
    assert "第2行" in told
    assert county.events() == before

    sent(admin, f"{page}/take-over")

    assert "已经登记" in admin.get(page, HTML).text
    assert county.events() > before
    sent(admin, f"{page}/take-over")
    assert county.parts.system.reading.board.count(Scope(everything=True), CaseFilter(words="旧-1")) == 1


def test_a_sheet_is_there_for_whoever_sent_it_alone(county):
    _, page = uploaded(county, "bodies", NEW_BODY.replace("ZZ", "Z2"))

    assert county.as_("auditor").get(page, HTML).status_code == 403
    assert county.as_("admin").get(f"/import/{LI_MING}", HTML).status_code == 404
