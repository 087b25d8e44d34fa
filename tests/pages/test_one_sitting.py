"""一次说合 in the browser, on a phone and without JavaScript: a meeting, a signing and a closing, each by one form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from domain.shared.calendar import SHANGHAI
from tests.api.conftest import County
from tests.pages.conftest import Visitor
from tests.pages.test_mediators_day import register

Visit = Callable[..., Visitor]


@pytest.fixture
def phone(visitor: Visit) -> Visitor:
    return visitor("li.ming", phone=True)


def state(county: County, case: str) -> dict:
    return dict(county.as_("li.ming").get(f"/api/cases/{case}").json()["state"])


def choose(phone: Visitor, name: str, value: str) -> None:
    phone.page.check(f'[name="{name}"][value="{value}"]')


def all_consent(phone: Visitor) -> None:
    for index in range(2):
        choose(phone, f"at_table.{index}.answer", "consents")


def test_a_written_agreement_takes_one_form_and_its_closing_another(phone: Visitor, county: County, tmp_path: Path):
    case = register(phone, county, applicant="钱一")
    due = (county.clock().astimezone(SHANGHAI) + timedelta(days=5)).date().isoformat()
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(b"\xff\xd8\xffphoto")

    phone.go(f"/cases/{case}/record-meeting")
    all_consent(phone)
    choose(phone, "outcome", "agreed")
    phone.fill(record="双方到场，各让一步。", agreed__terms__0__what="拆墙并清运", agreed__terms__0__amount="1,200.50")
    phone.fill(agreed__terms__0__due=due)
    for index in range(2):
        phone.page.check(f'[name="at_table.{index}.signed"]')
    phone.page.check('[name="agreed.sealed"]')
    phone.page.click('button[value="record-closing"]')
    phone.saved()
    assert state(county, case)["mediations"]["1"]["stage"] == "in-effect"

    phone.page.check('[name="performed.0.done"]')
    for index, field in enumerate(phone.page.locator('input[type="file"]').all()):
        scan.write_bytes(b"\xff\xd8\xffphoto" + bytes([index]))
        field.set_input_files(str(scan))
    phone.submit()
    phone.saved()
    told = state(county, case)
    assert (told["status"], told["result"]) == ("archived", "agreement-written")
    assert "1,200.50" in phone.text()


def test_what_is_wrong_is_said_in_plain_words_above_and_at_its_field_and_the_focus_is_there(
    visitor: Visit, county: County
):
    phone = visitor("li.ming", phone=True)
    case = register(phone, county, applicant="钱二")
    phone.go(f"/cases/{case}/record-meeting")
    phone.page.eval_on_selector("form.dialog", "form => form.noValidate = true")
    choose(phone, "outcome", "agreed")
    phone.fill(record="谈了", agreed__terms__0__what="修墙", agreed__terms__0__amount="八百块")
    phone.submit()

    wrong = phone.page.locator('[name="agreed.terms.0.amount"]')
    assert wrong.get_attribute("aria-invalid") == "true"
    said = phone.page.locator(f"#{wrong.get_attribute('aria-describedby')}").inner_text()
    assert "1200.50" in said
    summary = phone.page.locator(".summary.error")
    assert said in summary.inner_text()
    assert phone.page.evaluate("document.activeElement.className").startswith("error summary")
    summary.locator("a").click()
    assert wrong.is_visible()


def test_a_refusal_of_the_law_stands_at_the_field_that_it_is_about(visitor: Visit, county: County):
    desk = visitor("li.ming")
    case = register(desk, county, applicant="钱三")
    desk.go(f"/cases/{case}/record-meeting")
    all_consent(desk)
    choose(desk, "outcome", "agreed")
    desk.fill(record="谈了", agreed__terms__0__what="修墙")
    desk.page.uncheck('[name="rights_told"]')
    desk.submit()

    assert "权利" in desk.page.locator("#at_table-error").inner_text()


def test_nobody_is_led_to_a_form_that_the_case_does_not_wait_for(visitor: Visit, county: County):
    desk = visitor("li.ming")
    case = register(desk, county, applicant="钱四")
    desk.go(f"/cases/{case}/record-closing")
    assert desk.page.locator(".summary.error").count() == 1
    desk.go(f"/cases/{case}/record-meeting")
    all_consent(desk)
    choose(desk, "outcome", "agreed")
    desk.fill(record="谈成了，改天再签字", agreed__terms__0__what="修墙")
    desk.page.click('button[value="record-closing"]')
    desk.saved()

    assert "record-closing" not in desk.page.url
    assert desk.page.locator('.actions a[href$="/record-signing"]').count() == 1
