"""The pictures of the board as PNG, and its tables as workbooks: of the same filter and moment as the page.

They name no case, so they leave no line in the log of looks: what opens a case does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response
from xlsxwriter import Workbook

from api.web.case_export import KINDS
from api.web.cases import told_wishes
from api.web.figure_answer import answer
from api.web.figure_drawn import OF_KINDS
from api.web.figure_pictures import PICTURES, Drawing, pictures
from api.web.figure_places import place_rows
from api.web.figure_tables import Picture, TableCell, TableOf
from api.web.figure_wishes import BoardWishesDep
from api.web.figures import area_name, tiles
from api.web.page import Reader, ReaderDep, text
from application.figures.asking import By
from application.figures.board import view_of
from application.figures.counting import Figure
from application.figures.definitions import FIGURES, OF_PLACES
from application.figures.numbers import Told, of, share_of
from domain.shared.errors import Missing

router = APIRouter(include_in_schema=False)
PNG = "image/png"
WIDTH = 18
LONGEST_NAME = 31
"""Of a sheet, as Excel has it."""
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class NoSuchPicture(Missing):
    """The board has no picture of this name, or nothing to draw in it."""


@router.get("/dashboard/picture/{name}.{kind}")
def picture(
    name: str, kind: Annotated[str, Path(pattern="^(png|xlsx)$")], reader: ReaderDep, asked: BoardWishesDep
) -> Response:
    """Raises NoSuchPicture."""
    if name not in PICTURES:
        raise NoSuchPicture
    with answer(reader, told_wishes(asked)) as drawing:
        one = pictures(drawing, [name])[name]
    if one.is_empty:
        raise NoSuchPicture
    if kind == "png":
        return _file(reader.reading.engraver.png(str(one.whole)), PNG, f"{name}-{drawing.snapshot.moment.day}.png")
    sheets = [(drawing.word("board_picture", name), one.table)]
    return _file(_workbook(drawing, sheets), KINDS[kind], f"{name}-{drawing.snapshot.moment.day}.xlsx")


@router.get("/dashboard/tables.xlsx")
def tables(reader: ReaderDep, asked: BoardWishesDep) -> Response:
    """All tables of the board: of every figure, of places, categories and sources, and of each picture."""
    with answer(reader, told_wishes(asked)) as drawing:
        drawn = pictures(drawing)
        sheets = list(_sheets(drawing, drawn))
    return _file(_workbook(drawing, sheets), KINDS["xlsx"], f"board-{drawing.snapshot.moment.day}.xlsx")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _sheets(drawing: Drawing, drawn: dict[str, Picture]) -> Iterator[tuple[str, TableOf]]:
    language = drawing.reader.language
    yield text(language, "all_figures"), _all_figures(drawing)
    yield text(language, "by_area"), _by_place(drawing)
    sources = [(drawing.word("source", one), told) for one, told in drawing.kinds(By.SOURCE)]
    yield text(language, "by_source"), _of_rows(drawing, sources, OF_KINDS)
    for name, one in drawn.items():
        if not one.is_empty:
            yield drawing.word("board_picture", name), one.table


def _all_figures(drawing: Drawing) -> TableOf:
    titles = ("figure", "value", "part", "whole", "value_before", "part_before", "whole_before", "cohort")
    rows = [
        [
            TableCell(drawing.word("figure", key)),
            _worth(one.figure, one.now.period, one.share),
            TableCell(one.now.period),
            TableCell(one.now.period_of),
            _worth(one.figure, one.before.period, one.share_before),
            TableCell(one.before.period),
            TableCell(one.before.period_of),
            _worth(one.figure, one.now.cohort, one.cohort_share),
        ]
        for key, one in tiles(drawing).items()
    ]
    return TableOf(drawing.titles(*titles), rows)


def _worth(figure: Figure, number: int | float | None, share: float | None) -> TableCell:
    return TableCell(share if figure.is_share else number, figure.is_share)


def _by_place(drawing: Drawing) -> TableOf:
    return _of_rows(drawing, [(one.name, one.told) for one in place_rows(drawing, "").rows], OF_PLACES)


def _of_rows(drawing: Drawing, rows: list[tuple[str, Told]], keys: tuple[str, ...]) -> TableOf:
    figures = [FIGURES[one] for one in keys]
    told = [
        [TableCell(name), *(_worth(one, of(row, one.key).period, share_of(row, one)) for one in figures)]
        for name, row in rows
    ]
    return TableOf(["", *(drawing.word("figure", one) for one in keys)], told)


def _workbook(drawing: Drawing, sheets: list[tuple[str, TableOf]]) -> bytes:
    """What the numbers are of stands on its first sheet."""
    out = BytesIO()
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        first = book.add_worksheet(text(drawing.reader.language, "what_it_is_of"))
        first.set_column(0, 1, 2 * WIDTH)
        for at, (name, told) in enumerate(_about(drawing, drawing.reader)):
            first.write_string(at, 0, name, bold)
            first.write_string(at, 1, told)
        for name, table in sheets:
            sheet = book.add_worksheet(sheet_name(name))
            sheet.set_column(0, len(table.titles), WIDTH)
            for column, title in enumerate(table.titles):
                sheet.write_string(0, column, title, bold)
            for at, row in enumerate(table.rows, 1):
                _write(sheet, at, row, share)
            sheet.freeze_panes(1, 1)
    return out.getvalue()


def sheet_name(told: str) -> str:
    """What Excel takes as the name of a sheet."""
    return told.translate(NOT_IN_NAMES)[:LONGEST_NAME].strip()


def _write(sheet: Any, at: int, row: Sequence[TableCell], share: Any) -> None:
    """Words as words, whatever they begin with; numbers as numbers; what is not known is left empty."""
    for column, one in enumerate(row):
        if isinstance(one.value, str):
            sheet.write_string(at, column, one.value)
        elif one.value is not None:
            sheet.write_number(at, column, one.value, share if one.is_share else None)


def _about(drawing: Drawing, reader: Reader) -> Iterator[tuple[str, str]]:
    wanted, moment, language = drawing.addresses.wanted, drawing.snapshot.moment, reader.language
    yield text(language, "area"), area_name(reader, wanted.area or reader.viewer.scope.home)
    yield text(language, "since"), str(wanted.since or "")
    yield text(language, "until"), str(wanted.until or moment.day)
    yield text(language, "as_it_stood_on"), str(moment.day)
    yield text(language, "known_position"), str(moment.position)
    yield text(language, "counted_by"), drawing.word("view", view_of(reader.viewer.scope, wanted).value)
