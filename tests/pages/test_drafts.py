"""草稿: nothing typed is lost: by a script after each field, without one at each submit; only its writer sees it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.api.conftest import County
from tests.pages.conftest import Visitor
from tests.pages.test_mediators_day import register

Visit = Callable[..., Visitor]


def typed(desk: Visitor, name: str) -> str:
    return desk.page.input_value(f'[name="{name}"]')


def kept(desk: Visitor) -> None:
    expect(desk.page.locator(".kept-at")).not_to_be_empty()


def test_each_field_is_kept_while_somebody_types_and_is_back_on_another_device(visitor: Visit):
    desk = visitor("li.ming", script=True)
    desk.go("/new")
    desk.fill(parties__0__name="冯一", facts="话说到一半")
    desk.page.select_option('[name="category"]', "contract")
    kept(desk)

    phone = visitor("li.ming", phone=True)
    phone.go("/new")
    assert (typed(phone, "parties.0.name"), typed(phone, "facts")) == ("冯一", "话说到一半")
    assert typed(phone, "category") == "contract"
    phone.page.click('button[formaction^="/drafts/drop"]')
    assert typed(phone, "facts") == ""


def test_without_a_script_what_was_refused_is_kept(visitor: Visit, county: County):
    desk = visitor("li.ming")
    case = register(desk, county, applicant="冯二")
    desk.go(f"/cases/{case}/record-meeting")
    desk.page.check('[name="outcome"][value="agreed"]')
    desk.fill(record="谈了一上午", agreed__terms__0__what="各退一步")
    desk.submit()
    assert desk.page.locator(".summary.error").count() == 1

    again = visitor("li.ming")
    again.go("/drafts")
    again.page.click('main a[href$="/record-meeting"]')
    assert (typed(again, "record"), typed(again, "agreed.terms.0.what")) == ("谈了一上午", "各退一步")
    assert again.page.is_checked('[name="outcome"][value="agreed"]')


def test_a_colleague_sees_nothing_of_it_and_what_was_recorded_is_no_draft_any_more(visitor: Visit, county: County):
    desk = visitor("li.ming", script=True)
    case = register(desk, county, applicant="冯三")
    desk.go(f"/cases/{case}/do/write-note")
    desk.fill(note="只给自己看的半句话")
    kept(desk)
    other = visitor("lw2")
    other.go(f"/cases/{case}/do/write-note")
    assert typed(other, "note") == ""
    other.go("/drafts")
    assert "冯三" not in other.page.inner_text("main")

    desk.submit()
    desk.saved()
    desk.go(f"/cases/{case}/do/write-note")
    assert typed(desk, "note") == ""


def test_another_language_keeps_what_was_typed(visitor: Visit):
    desk = visitor("li.ming")
    desk.go("/new")
    desk.fill(parties__0__name="冯四", facts="换个语言")
    desk.page.click('button[value="language"]')

    assert "Facts" in desk.text() or "What happened" in desk.text()
    assert (typed(desk, "parties.0.name"), typed(desk, "facts")) == ("冯四", "换个语言")
    desk.page.click('button[formaction^="/drafts/drop"]')


def test_who_comes_back_to_a_draft_is_told_what_others_recorded_since(visitor: Visit, county: County):
    desk, other = visitor("li.ming", script=True), visitor("lw2")
    case = register(desk, county, applicant="冯五")
    desk.go(f"/cases/{case}/do/rate-difficulty")
    desk.page.select_option('[name="difficulty"]', "simple")
    kept(desk)
    other.do(case, "write-note", note="同事先记了一笔")
    other.submit()
    other.saved()

    desk.go(f"/cases/{case}/do/rate-difficulty")
    assert typed(desk, "difficulty") == "simple"
    assert "同事先记了一笔" in desk.page.inner_text(".note >> nth=0")
    desk.submit()
    desk.saved()


def test_a_dropped_connection_loses_no_more_than_the_last_field(visitor: Visit):
    desk = visitor("li.ming", script=True)
    desk.go("/new")
    desk.fill(facts="断线之前写的")
    desk.page.select_option('[name="category"]', "contract")
    kept(desk)
    desk.context.set_offline(True)
    desk.page.click("form.dialog button.main", no_wait_after=True)
    desk.context.set_offline(False)

    desk.go("/new")
    assert typed(desk, "facts") == "断线之前写的"
    desk.page.click('button[formaction^="/drafts/drop"]')


def test_a_known_dispute_is_pointed_out_before_the_facts_are_typed(visitor: Visit, county: County):
    desk = visitor("li.ming", script=True)
    register(desk, county, applicant="冯六")
    desk.go("/new")
    desk.fill(parties__0__name="冯六")
    desk.page.locator('[name="parties.1.name"]').focus()

    expect(desk.page.locator("#known")).to_contain_text("冯六")
    assert typed(desk, "facts") == ""


def test_what_a_script_keeps_after_it_was_recorded_is_no_draft(visitor: Visit, county: County):
    desk = visitor("li.ming", script=True)
    case = register(desk, county, applicant="冯七")
    desk.page.wait_for_timeout(600)

    desk.go("/new")
    assert typed(desk, "facts") == ""
    desk.go(f"/cases/{case}/do/write-note")
    desk.fill(note="马上就提交")
    desk.submit()
    desk.saved()
    desk.page.wait_for_timeout(1_800)
    desk.go(f"/cases/{case}/do/write-note")
    assert typed(desk, "note") == ""
