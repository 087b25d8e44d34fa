"""报表 The official form and the list of subsidies as workbooks, of the moment and the window of the board."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response
from xlsxwriter import Workbook

from api.labels import word
from api.web.cases import told_wishes
from api.web.figure_addresses import opened, wanted_of
from api.web.figure_wishes import BoardWishesDep
from api.web.page import Reader, ReaderDep, fresh, text
from api.web.titles import titled
from application.figures.asking import By, Counting
from application.figures.board import counting
from application.figures.definitions import FIGURES
from application.figures.numbers import CountedRow
from application.figures.official import COLUMNS, official
from application.signal.definitions import Pattern
from application.signal.service import PatternSnapshot
from domain.shared.errors import Refused
from domain.shared.values import AreaId, OfficerId

router = APIRouter(include_in_schema=False)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 5_000
SUSPECT = (Pattern.ALIKE_TEXTS, Pattern.ONE_PHONE, Pattern.ONE_PHOTO)
Cells = Sequence[str | int]


class TooManySubsidies(Refused):
    """More mediations than a list of subsidies takes: choose fewer days, or a smaller area."""


@router.get("/dashboard/official.xlsx")
def official_form(reader: ReaderDep, asked: BoardWishesDep) -> Response:
    """人民调解工作统计报表, by township or by village."""
    wanted = wanted_of(reader, opened(told_wishes(asked)))
    fresh(reader)
    with reader.reading.figures.snapshot(reader.viewer.scope, wanted, reader.today) as snapshot:
        question = counting(reader.viewer.scope, wanted, reader.today)
        rows = official(snapshot, question, By.VILLAGE if wanted.area else By.TOWNSHIP)
        moment = snapshot.moment
    names = reader.reading.directory.names([AreaId(UUID(one.area)) for one in rows if one.area], reader.today)
    title = f"人民调解工作统计报表　{wanted.since or ''}至{wanted.until or moment.day}"
    foot = f"截至{moment.day}终了，依据第{moment.position}条记录以前的全部记录"
    told: list[Cells] = [[names.get(AreaId(UUID(one.area)), "—") if one.area else "合计", *one.numbers] for one in rows]
    return _workbook("official", title, ["地区", *(one.title for one in COLUMNS)], told, foot)


@router.get("/dashboard/subsidies.xlsx")
def subsidies(reader: ReaderDep, asked: BoardWishesDep) -> Response:
    """案件补贴: each mediation that came to an agreement, with its mediators, and why it may be left out. Raises
    TooManySubsidies."""
    wanted = wanted_of(reader, opened(told_wishes(asked)))
    fresh(reader)
    figure, scope = FIGURES["success"], reader.viewer.scope
    with reader.reading.patterns.snapshot(scope, wanted, reader.today) as snapshot:
        question = counting(scope, wanted, reader.today)
        rows = snapshot.rows(question, figure.unit, figure.counts, False, None, MOST + 1)
        if len(rows) > MOST:
            raise TooManySubsidies(most=MOST)
        doubts = _doubts(snapshot, reader, question)
        moment = snapshot.moment
    foot = f"截至{moment.day}终了，依据第{moment.position}条记录以前的全部记录"
    heads = ["案号", "当事人与事由", "调解员", "难度", "生效日期", "不予补贴或者待核实的理由"]
    told: list[Cells] = [row for one in rows if (row := _subsidy(reader, one, doubts))]
    return _workbook("subsidies", "人民调解案件补贴清单", heads, told, foot)


def _doubts(snapshot: PatternSnapshot, reader: Reader, question: Counting) -> dict[UUID, list[str]]:
    """By case, why it is looked at first."""
    found: dict[UUID, list[str]] = {}
    for pattern in SUSPECT:
        inside = {id for one in snapshot.patterns(question, pattern).values() for id in one.cases}
        for id in inside:
            found.setdefault(id, []).append(word(reader.language, "signal", pattern.value))
    figure = FIGURES["agreed_at_once"]
    for row in snapshot.rows(question, figure.unit, figure.counts, False, None, MOST):
        found.setdefault(row.case, []).append(word(reader.language, "figure", figure.key))
    return found


def _subsidy(reader: Reader, row: CountedRow, doubts: dict[UUID, list[str]]) -> Cells | None:
    card = reader.reading.board.of(reader.viewer.scope, [row.case]).get(row.case)
    if card is None:
        return None
    why = list(doubts.get(row.case, []))
    if card.imported:
        why.append(text(reader.language, "imported"))
    officers = (reader.registers.office.officer(OfficerId(one)) for one in card.mediators)
    named = "、".join(one.display_name for one in officers if one)
    difficulty = word(reader.language, "difficulty", card.difficulty) if card.difficulty else ""
    title = titled(card.applicants, card.respondents, card.category, reader.language)
    return [card.code, title, named, difficulty, row.day.isoformat(), "；".join(why)]


def _workbook(name: str, title: str, heads: Sequence[str], rows: Sequence[Cells], foot: str) -> Response:
    out = BytesIO()
    with Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        for column, one in enumerate(heads):
            sheet.write_string(1, column, one, bold)
        for at, row in enumerate(rows, 2):
            for column, cell in enumerate(row):
                sheet.write_number(at, column, cell) if isinstance(cell, int) else sheet.write_string(at, column, cell)
        sheet.write_string(len(rows) + 2, 0, foot)
        sheet.freeze_panes(2, 1)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(out.getvalue(), media_type=XLSX, headers=disposition)
