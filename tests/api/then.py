"""What is served of a moment, to be compared with what was served at it: the answer, without the frame of a page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.api.conftest import Desk

VOID = frozenset({"input", "br", "img", "meta", "link", "hr"})


class Said(HTMLParser):
    """The words of <main>, but for what is marked as frame: where one is, and what can be done from here now."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._main = self._frame = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in VOID:
            return
        self._main += bool(self._main) or tag == "main"
        self._frame += bool(self._frame) or any(name == "data-frame" for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self._main -= bool(self._main)
        self._frame -= bool(self._frame)

    def handle_data(self, data: str) -> None:
        if self._main and not self._frame and data.strip():
            self.words.append(" ".join(data.split()))


def said(html: str) -> list[str]:
    reader = Said()
    reader.feed(html)
    return reader.words


FRAME = ("used", "parked")
"""Of an answer: what was asked for, and how the tables stand now."""


def answer(desk: Desk, path: str, **moment: Any) -> Any:
    told = desk.get(path, {"Accept": "text/html"} if not path.startswith("/api/") else None, **moment)
    if told.status_code != 200:
        return told.status_code
    if path.startswith("/api/"):
        return {name: value for name, value in told.json().items() if name not in FRAME}
    return said(told.text)
