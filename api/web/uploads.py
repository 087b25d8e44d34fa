"""What a form brings beside its fields: photos and scans, kept before anything is recorded of them."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile

from api.web.page import Reader
from application.case.page import CasePage
from domain.case.kinds import Paper
from domain.shared.errors import DomainError
from domain.shared.values import CaseId

FILE = ".file"
"""What the name of a file's field ends with."""


def bring_files(reader: Reader, read: CasePage | None, form: FormData) -> list[Paper]:
    """As which papers the case has one of them already. A refusal names the field."""
    same: list[Paper] = []
    for name, one in form.multi_items():
        if read and isinstance(one, UploadFile) and one.filename:
            same += _bring(reader, CaseId(read.id), name.removesuffix(FILE), one)
    return list(dict.fromkeys(same))


def _bring(reader: Reader, id: CaseId, field: str, one: UploadFile) -> tuple[Paper, ...]:
    one.file.seek(0)
    try:
        return reader.deciding.files.bring(id, one.file.read(), reader.viewer, reader.now()).already
    except DomainError as refusal:
        refusal.details.setdefault("field", field)
        raise


def told_same(papers: list[Paper]) -> str:
    """For the address of the next page, which tells it."""
    return "&" + urlencode([("same", one.value) for one in papers]) if papers else ""
