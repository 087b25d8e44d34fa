"""卷宗材料 The papers of a case: what the record makes, what was photographed or scanned, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Query
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.deps import ask
from api.routes.case_files import PaperName, download, saved
from api.web.moments import AskedDep
from api.web.page import Reader, ReaderDep
from api.web.sending import FormDep, SenderDep, left
from api.web.sentences import NO_NAMES, in_words
from api.web.uploads import told_same
from application.case.files import FiledFile
from application.case.page import CasePage
from application.files import FileKind, NoSuchFile
from application.papers.lists import SIGNED_BY_HAND
from application.papers.service import Made
from domain.case.case import Status
from domain.case.ending.closing import recorded_papers
from domain.case.kinds import Paper
from domain.case.record.papers import FilePaper
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
SameDep = Annotated[list[Paper], Query(default_factory=list)]
"""As which papers the case had a file already that was just added."""
VersionDep = Annotated[int, Path(ge=1, lt=1 << 31)]


@dataclass(frozen=True)
class PaperRow:
    """One kind of paper. `made`: by the record; `is_made`: and nothing more is needed of it."""

    paper: Paper
    made: list[Made]
    scans: list[FiledFile]
    is_made: bool
    is_there: bool
    is_needed: bool
    by_hand: bool


def papers_of(reader: Reader, read: CasePage, same: Sequence[Paper]) -> dict[str, Any]:
    state = read.state
    made, kept = list(reader.deciding.papers.made(read)), reader.deciding.files.kept(read, reader.viewer)
    needed = {paper for choice in read.missing_papers for paper in choice[:1]}
    recorded = recorded_papers(state)
    rows = [
        PaperRow(
            paper,
            [one for one in made if one.name == paper],
            [one for one in kept if one.paper is paper],
            is_made=paper in recorded and paper not in state.papers,
            is_there=paper in state.papers or paper in recorded,
            is_needed=paper in needed,
            by_hand=paper in SIGNED_BY_HAND,
        )
        for paper in Paper
    ]
    return {
        "papers": rows,
        "letters": [one for one in made if one.name not in set(Paper)],
        "others": [one for one in kept if one.paper is None and not one.is_whole],
        "whole": next((one for one in reversed(kept) if one.is_whole), None),
        "key": str(uuid4()),
        "same": in_words(tuple(same), NO_NAMES, reader.language),
        "can_archive": state.status is Status.CLOSED and not read.missing_papers and not reader.past,
        "files_withheld": bool(state.withheld),
    }


@router.get("/cases/{id}/papers/{paper}.pdf")
def paper(
    id: CaseId,
    paper: PaperName,
    present: ReaderDep,
    asked: AskedDep,
    mediation: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    then = present.deciding.cases.history(id, present.viewer, present.now(), asked)
    pdf = present.deciding.papers.pdf(then, paper, present.viewer, mediation)
    return saved(pdf, FileKind.PDF, f"{paper}.pdf")


@router.get("/cases/{id}/files/{version}")
def file(id: CaseId, version: VersionDep, reader: ReaderDep) -> Response:
    return download(reader.deciding.files.of_entry(id, version, reader.viewer, reader.now()))


@router.get("/cases/{id}/files/{version}/small")
def small(id: CaseId, version: VersionDep, reader: ReaderDep) -> Response:
    """A picture that we drew of it."""
    drawn = reader.deciding.files.thumbnail(id, version, reader.viewer, reader.now())
    return saved(drawn, FileKind.JPEG, f"small-{version}.jpg")


@router.post("/cases/{id}/papers/{paper}")
def add(id: CaseId, paper: Paper, reader: SenderDep, form: FormDep) -> Response:
    """One photo or scan, or several of one paper; each is an entry of its own."""
    sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    if not sent:
        raise NoSuchFile
    deciding, now, same = reader.deciding, reader.now(), set[Paper]()
    for number, one in enumerate(sent):
        brought = deciding.files.bring(id, one.file.read(), reader.viewer, now)
        same |= set(brought.already) - {paper}
        command = FilePaper(paper=paper, sha256=brought.sha256)
        key = f"{str(form.get('key') or uuid4())[:100]}/{number}"
        path = reader.request.url.path
        asked = ask(deciding, now, reader.viewer, path, command.model_dump_json().encode(), key)
        receipt = deciding.cases.change(id, command, reader.viewer, asked, None)
    return left(reader, receipt, f"/cases/{id}?saved={receipt.version}{told_same(sorted(same))}#papers")
