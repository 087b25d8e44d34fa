"""A browser before the pages of a small county, served over HTTP by the application itself."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.main import create_app
from api.settings import Settings
from tests.api.conftest import PASSWORD, County, open_county
from tests.patience import PATIENCE

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The machine's own; None: the one that playwright brought."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@contextmanager
def served(county: County, **set_to: Any) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(county.parts.system, Settings(state=Path("unused"), **set_to))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


@pytest.fixture(scope="module")
def address(county: County) -> Iterator[str]:
    with served(county) as url:
        yield url


@pytest.fixture(scope="module")
def browser(processes: None) -> Iterator[Browser]:
    """No longer than its tests: also one that nobody uses takes a tenth of a core."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


class Visitor:
    """Somebody with a browser, at a desk or on a phone. Nothing needs JavaScript: it is switched off."""

    def __init__(self, context: BrowserContext, address: str, page: Page | None = None) -> None:
        """`page`: the one that is open; left out: another one."""
        self.context = context
        self.address = address
        self.page: Page = page or context.new_page()

    def sign_in(self, login: str, password: str = PASSWORD) -> Visitor:
        self.go("/login")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.click("form.card button.main")
        return self

    def come_in(self, login: str) -> Visitor:
        """As who has signed in before, and begins anew on the first page: the form is for those who try it."""
        form = {"login": login, "password": PASSWORD}
        told = self.context.request.post(f"{self.address}/login", form=form, max_redirects=0)
        assert told.status == 303, told.text()
        self.go("/")
        return self

    def go(self, path: str) -> Any:
        return self.page.goto(self.address + path)

    def text(self) -> str:
        return self.page.inner_text("body")

    def fill(self, **values: str) -> None:
        """By the name of the field; dots are written as two underscores."""
        for name, value in values.items():
            found = self.page.locator(f'[name="{name.replace("__", ".")}"]').first
            if found.evaluate("one => one.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)

    def tick_all(self, name: str) -> None:
        for box in self.page.locator(f'input[type=checkbox][name="{name}"]').all():
            box.check()

    def submit(self) -> None:
        self.page.click("form.dialog button.main")

    def do(self, case: str, command: str, **values: str) -> None:
        """Opens the dialog from the case's page, as a person does, fills it in and submits it."""
        self.go(f"/cases/{case}")
        for details in self.page.locator(".actions details").all():
            details.locator("summary").first.click()
        self.page.locator(f'.actions a[href*="/do/{command}"]').first.click()
        self.fill(**values)

    def saved(self) -> None:
        assert "saved=" in self.page.url, (self.page.url, self.page.locator(".error, .note").all_inner_texts())


Kind = tuple[bool, str, bool]


class Windows:
    """Of one browser. To open one costs more than most tests do in it, so the next test gets it, empty, as it is free:
    no cookie and no page of the one before, only what the browser keeps of styles and scripts."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[Kind, list[BrowserContext]] = {}

    def take(self, kind: Kind) -> BrowserContext:
        if free := self._free.get(kind):
            return free.pop()
        phone, language, script = kind
        size: Any = PHONE if phone else DESK
        made = self._browser.new_context(viewport=size, locale=language, java_script_enabled=script)
        made.set_default_timeout(1_000 * PATIENCE)
        return made

    def give_back(self, kind: Kind, context: BrowserContext) -> None:
        for page in context.pages[1:]:
            page.close()
        context.set_offline(False)
        context.pages[0].goto("about:blank")
        context.clear_cookies()
        self._free.setdefault(kind, []).append(context)


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def visitor(windows: Windows, address: str) -> Iterator[Callable[..., Visitor]]:
    taken: list[tuple[Kind, BrowserContext]] = []

    def make(login: str | None = None, phone: bool = False, language: str = "zh-CN", script: bool = False) -> Visitor:
        kind = phone, language, script
        taken.append((kind, windows.take(kind)))
        context = taken[-1][1]
        made = Visitor(context, address, next(iter(context.pages), None))
        if language.startswith("en"):
            made.go("/language/en")
        return made.come_in(login) if login else made

    yield make
    for kind, context in taken:
        windows.give_back(kind, context)
