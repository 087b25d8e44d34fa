"""Workbooks as office programs save them: the new form by hand, the old one by the library that wrote it then."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import xlwt


class Error(str):
    """What a formula shows that came to nothing."""

    __slots__ = ()


CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
"""In old workbooks."""
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
                if isinstance(cell, Error):
                    into.row(at).set_cell_error(column, CODES[cell])
                elif isinstance(cell, date):
                    into.write(at, column, cell, style)
                else:
                    into.write(at, column, cell)
    to = io.BytesIO()
    book.save(to)
    return to.getvalue()


def xls_with_a_formula(rows: Sequence[Sequence[Cell]], at: tuple[int, int], code: int) -> bytes:
    """One that came to this error, as the program that reckoned it has written it down."""
    book = xlwt.Workbook(encoding="utf-8")
    into = book.add_sheet("表1")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            into.write(row, column, xlwt.Formula("1/0") if (row, column) == at else cell)
    to = io.BytesIO()
    book.save(to)
    begins = struct.pack("<HH", *at)
    result = re.compile(rb"\x06\x00..(" + re.escape(begins) + rb"..)(.{8})", re.DOTALL)
    spoilt, count = result.subn(lambda found: found[0][:-8] + bytes([2, 0, code, 0, 0, 0, 255, 255]), to.getvalue())
    assert count == 1
    return spoilt


def ods(*sheets: Sequence[Sequence[Cell]], names: bool = True) -> bytes:
    """As LibreOffice saves it. `names`: it says of an error that it is one, as newer ones do."""
    of = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = f'xmlns:office="{of}:office:1.0" xmlns:table="{of}:table:1.0" xmlns:text="{of}:text:1.0"'
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    tables = "".join(
        f'<table:table table:name="表{n}">{_ods_rows(rows, names)}</table:table>' for n, rows in enumerate(sheets, 1)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        into.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )
        into.writestr("META-INF/manifest.xml", "<manifest/>")
    return packed.getvalue()


def _ods_rows(rows: Sequence[Sequence[Cell]], names: bool) -> str:
    """And one of the sheet's whole width, which is repeated down to its end."""
    wide, high = (f'table:number-{what}-repeated="{count}"' for what, count in (("columns", 16384), ("rows", 1048000)))
    end = f"<table:table-row {high}><table:table-cell {wide}/></table:table-row>"
    told = ("".join(_ods_cell(cell, names) for cell in row) for row in rows)
    return "".join(f"<table:table-row>{cells}</table:table-row>" for cells in told) + end


def _ods_cell(cell: Cell, names: bool) -> str:
    match cell:
        case None | "":
            return "<table:table-cell/>"
        case Error():
            said = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
            value = said if names else 'office:value-type="float" office:value="0"'
            return (
                f'<table:table-cell table:formula="of:=NA()" {value}><text:p>{escape(cell)}</text:p></table:table-cell>'
            )
        case str():
            return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        case date():
            day = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
            return f"<table:table-cell {day}><text:p>{cell.isoformat()}</text:p></table:table-cell>"
    number = f'office:value-type="float" office:value="{cell!r}"'
    return f"<table:table-cell {number}><text:p>{cell!r}</text:p></table:table-cell>"
