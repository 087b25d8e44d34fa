"""A day of an administrator, in a browser: people, areas and bodies, rules, sheets, and how all of it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

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
    assert her.page.locator("h1").count() == 1 and "白雪" in her.text()

    admin.page.reload()
    admin.page.click("text=免职 >> nth=0")
    admin.submit()

    her.go("/cases")
    assert "/login" in her.page.url
    assert "今天没有任职" in admin.text()
