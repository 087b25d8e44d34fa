"""`make pictures`: the pictures of the documents, taken anew of a demo county that runs.

It asks what `make run` has brought up (TIAOJIE_PORT, or 8000), signs in as the demo's people, and records one meeting's
form without sending it: nothing is changed there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.pages.conftest import ARGUMENTS, DESK, PHONE, chromium

PLACE = Path(__file__).parents[2] / "docs" / "pictures"
PASSWORD = "tiaojie-demo"
QUEUE = "/cases?queue=accept"


def signed_in(browser: Browser, address: str, login: str, phone: bool) -> Page:
    context = browser.new_context(
        viewport=PHONE if phone else DESK, locale="zh-CN", device_scale_factor=2 if phone else 1
    )
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("form.card button.main")
    return page


def taken(page: Page, name: str, full: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PLACE / f"{name}.png", full_page=full)
    sys.stdout.write(f"docs/pictures/{name}.png\n")


def first_case(page: Page, address: str, queue: str) -> str:
    page.goto(address + queue)
    return str(page.locator('th[scope="row"] a').first.get_attribute("href"))


def meeting(page: Page, address: str, case: str) -> None:
    page.goto(f"{address}{case}/record-meeting")
    for row in page.locator('input[name$=".answer"][value="consents"]').all():
        row.check()
    page.check('[name="outcome"][value="agreed"]')
    page.fill('[name="record"]', "双方到场。各说各的难处，各退一步。")
    page.fill('[name="agreed.terms.0.what"]', "修好屋檐，付修墙钱")
    page.fill('[name="agreed.terms.0.amount"]', "800")


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        village = signed_in(browser, address, "cunli", phone=True)
        taken(village, "today-phone")
        case = first_case(village, address, QUEUE)
        village.goto(address + case)
        taken(village, "case-phone")
        meeting(village, address, case)
        taken(village, "meeting-phone", full=True)
        leader = signed_in(browser, address, "lingdao", phone=False)
        leader.goto(f"{address}/dashboard")
        taken(leader, "board")
        browser.close()


if __name__ == "__main__":
    port = os.environ.get("TIAOJIE_PORT", "8000")
    main(sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{port}")
