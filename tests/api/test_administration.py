"""Pages of administrators: who opens them, and what is recorded by whom."""

import pytest

from domain.office.officer import officer_id

LI_MING = officer_id("li.ming")
PAGES = ["/people", "/people/register-officer", f"/people/{LI_MING}", f"/people/{LI_MING}/appoint-officer"]
HTML = {"Accept": "text/html"}


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

    assert "石乔" in found.text and "李明" not in found.text
    assert admin.get("/people", HTML, words="石桥").status_code == 422
