"""导出 A list of cases as a workbook or as text for a spreadsheet: what the list shows, and nothing that it hides.

Each export stands in the log of looks, with every case that went out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response
from xlsxwriter import Workbook

from api.labels import word
from api.web.cases import WishesDep, asked_for, opened_wishes, sort_of
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, text
from application.case.row import Card
from domain.shared.calendar import SHANGHAI
from domain.shared.errors import Refused

router = APIRouter(include_in_schema=False)
MOST = 20_000
PAGE = 500
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TITLES = (
    *("code", "applicants", "respondents", "category", "place", "holder", "level", "status", "stage", "result", "risk"),
    *("registered_on", "due", "resolved_on", "closed_on", "bounces", "facts"),
)


class TooManyToExport(Refused):
    """More cases than a workbook of ours takes: choose fewer."""


@router.get("/cases.{kind}")
def export(kind: Annotated[str, Path(pattern="^(csv|xlsx)$")], reader: ReaderDep, asked: WishesDep) -> Response:
    """By the address of the list, with `.csv` or `.xlsx`. Raises TooManyToExport."""
    fresh(reader)
    rows = [_titles(reader), *_rows(reader, list(_cards(reader, opened_wishes(reader, asked))))]
    content = _csv(rows) if kind == "csv" else _xlsx(rows)
    name = f"cases-{reader.today:%Y%m%d}.{kind}"
    return Response(content, media_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cards(reader: Reader, sent: dict[str, str]) -> Iterator[Card]:
    wanted, board = asked_for(reader, sent), reader.reading.board
    sort, after = sort_of(sent, wanted), None
    if board.count(reader.viewer.scope, wanted) > MOST:
        raise TooManyToExport(most=MOST)
    while True:
        found = board.cards(reader.viewer.scope, wanted, after, PAGE, sort)
        yield from found.cards
        if not (after := found.after):
            return


def _titles(reader: Reader) -> list[str]:
    return [text(reader.language, f"export_{name}") for name in TITLES]


def _rows(reader: Reader, cards: list[Card]) -> Iterator[list[str]]:
    names, language = names_of_cards(reader, cards), reader.language
    for card in cards:
        words = {
            table: word(language, table, value)
            for table in ("category", "level", "status", "stage", "result", "risk")
            if (value := getattr(card, table))
        }
        told = {"place": names.get(card.place, ""), "holder": names.get(card.holder, ""), **words}
        yield [_plain(told.get(name) or getattr(card, name)) for name in TITLES]


def _plain(value: object) -> str:
    if value is None:
        return ""
    at = getattr(value, "astimezone", None)
    return f"{at(SHANGHAI):%Y-%m-%d %H:%M}" if at else str(value)


def _csv(rows: list[list[str]]) -> bytes:
    """With the mark by which a spreadsheet knows UTF-8. What would be a formula is text there, too."""
    out = StringIO()
    csv.writer(out).writerows([[_harmless(one) for one in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(told: str) -> str:
    return f"'{told}" if told.startswith(STARTS_A_FORMULA) else told


def _xlsx(rows: list[list[str]]) -> bytes:
    out = BytesIO()
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for at, row in enumerate(rows):
            for column, told in enumerate(row):
                sheet.write_string(at, column, told, *([bold] if at == 0 else []))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(TITLES) - 1)
    return out.getvalue()
