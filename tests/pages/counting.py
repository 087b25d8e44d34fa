"""Somebody with a phone whose taps, page loads, submits and typed characters are counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Request

from tests.pages.conftest import Visitor

OPEN_AND_CHOOSE = 2
"""Taps: a list, a calendar or a camera is opened, and then chosen from."""


@dataclass
class Effort:
    taps: int = 0
    loads: int = 0
    submits: int = 0
    typed: int = 0


class Counted:
    """What is typed is counted by its characters; a tap into the field that it is typed into is part of the typing."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.effort = Effort()
        self.page.on("framenavigated", self._navigated)
        self.page.on("request", self._asked)

    def stop(self) -> None:
        """The page goes on to be somebody else's."""
        self.page.remove_listener("framenavigated", self._navigated)
        self.page.remove_listener("request", self._asked)

    def _navigated(self, frame: Frame) -> None:
        self.effort.loads += frame == self.page.main_frame

    def _asked(self, request: Request) -> None:
        self.effort.submits += request.is_navigation_request() and request.method == "POST"

    def begin(self, path: str) -> None:
        """Where they are already: it costs nothing."""
        self.visitor.go(path)
        self.effort = Effort()

    def begin_again(self, path: str) -> None:
        """Another day, from a page that they come to anyway."""
        before = replace(self.effort)
        self.visitor.go(path)
        self.effort = before

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.effort.taps += 1

    def open(self, text: str) -> None:
        """A summary, by its words."""
        self.page.locator("summary", has_text=text).first.click()
        self.effort.taps += 1

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            self.page.locator(f'[name="{_dotted(name)}"]').first.fill(text)
            self.effort.typed += len(text)

    def choose(self, **values: str) -> None:
        """From a list; or the day in a calendar."""
        for name, value in values.items():
            found = self.page.locator(f'[name="{_dotted(name)}"]').first
            if found.evaluate("one => one.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)
            self.effort.taps += OPEN_AND_CHOOSE

    def mark(self, *names: str, **values: str) -> None:
        """Ticks, by name; one of several, by name and value."""
        for name in names:
            self.tap(f'input[type="checkbox"][name="{_dotted(name)}"]')
        for name, value in values.items():
            self.tap(f'input[name="{_dotted(name)}"][value="{value}"]')

    def photograph(self, folder: Path) -> None:
        """One picture for each paper that is asked for."""
        for number, field in enumerate(self.page.locator('form input[type="file"]').all()):
            picture = folder / f"{number}.jpg"
            picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes([number]) * 2_000)
            field.set_input_files(str(picture))
            self.effort.taps += OPEN_AND_CHOOSE

    def send(self, then: str = "") -> None:
        self.tap(f'form.dialog button[value="{then}"]' if then else "form.dialog button.main")
        self.visitor.saved()

    def case(self) -> str:
        return self.page.url.split("/cases/")[1].split("?")[0].split("/")[0]


def _dotted(name: str) -> str:
    return name.replace("__", ".")


def table(rows: dict[str, Any]) -> str:
    """Markdown, a line for each journey."""
    lines = ["| journey | taps | page loads | submits | characters typed |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {one.taps} | {one.loads} | {one.submits} | {one.typed} |" for name, one in rows.items()]
    return "\n".join(lines) + "\n"
