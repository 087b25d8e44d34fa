"""Workbooks as office programs save them: the new form by hand, the old one by the library that wrote it then."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import xlwt


class Error(str):
    """What a formula shows that came to nothing."""

    __slots__ = ()


Cell = str | float | date | None
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet {NAMESPACE}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy/m/d h:mm"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def xlsx(*sheets: Sequence[Sequence[Cell]]) -> bytes:
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, rows in enumerate(sheets, 1)}
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts["xl/workbook.xml"] = f'<workbook {NAMESPACE} xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'
    parts["xl/styles.xml"] = STYLES
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">{related}'
        f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    parts["[Content_Types].xml"] = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in parts.items():
            into.writestr(name, content)
    return packed.getvalue()


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    told = [
        "".join(_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(row))
        for number, row in enumerate(rows, 1)
    ]
    body = "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(told, 1) if cells)
    return f"<worksheet {NAMESPACE}><sheetData>{body}</sheetData></worksheet>"


def _cell(place: str, cell: Cell) -> str:
    match cell:
        case None | "":
            return ""
        case Error():
            return f'<c r="{place}" s="0" t="e"><f>VLOOKUP(A1,B:C,2,FALSE)</f><v>{escape(cell)}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        case datetime():
            return f'<c r="{place}" s="2"><v>{(cell - DAY_ZERO).total_seconds() / 86_400!r}</v></c>'
        case date():
            return f'<c r="{place}" s="1"><v>{(cell - DAY_ZERO.date()).days}</v></c>'
    return f'<c r="{place}"><v>{cell!r}</v></c>'


def xls(*sheets: Sequence[Sequence[Cell]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    day, time = (xlwt.easyxf(num_format_str=one) for one in ("yyyy/m/d", "yyyy/m/d h:mm"))
    for n, rows in enumerate(sheets, 1):
        into = book.add_sheet(f"表{n}")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                style = time if isinstance(cell, datetime) else day
                into.write(at, column, cell, style) if isinstance(cell, date) else into.write(at, column, cell)
    to = io.BytesIO()
    book.save(to)
    return to.getvalue()
