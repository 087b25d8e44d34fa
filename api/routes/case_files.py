"""照片与扫描件 /api/cases/{id}/files: brought first, then filed by their hash; read by whoever reads the entry."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.contract import COMMAND_PROBLEMS, Responses, told
from api.deps import CaseFilesDep, CasesDep, NowDep, PapersDep, StandpointDep, ViewerDep
from application.case.files import FileOfCase
from application.files import FileKind
from domain.case.kinds import Paper
from domain.shared.values import CaseId, Value

router = APIRouter(prefix="/cases", tags=["case"])
PaperName = Annotated[str, Path(pattern=r"^[a-z-]{1,40}$")]
HashDep = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
ANY: dict[str, Any] = {one: {"schema": {"type": "string", "format": "binary"}} for one in FileKind}
ERASED: Responses = {409: COMMAND_PROBLEMS[409]}
BYTES: Responses = {200: {"content": ANY}, **ERASED}
PRINTED: Responses = {200: {"content": {FileKind.PDF: ANY[FileKind.PDF]}}}
BROUGHT: dict[str, Any] = {"requestBody": {"required": True, "content": ANY}}


class KeptFile(Value):
    """`already`: the papers of the case that are the same file. Nothing is refused for it: it may be right."""

    sha256: str
    kind: FileKind
    already: tuple[Paper, ...]


@router.put("/{id}/files", response_model=KeptFile, responses=ERASED, openapi_extra=BROUGHT)
async def bring(id: CaseId, request: Request, files: CaseFilesDep, viewer: ViewerDep, now: NowDep) -> Response:
    """A photo (JPEG, PNG) or a scan (PDF) as the body, of 8 MB at most. Its hash is then told by the command that files
    it; what no entry files is thrown away after two days."""
    content = await request.body()
    brought = await run_in_threadpool(files.bring, id, content, viewer, now)
    return told({"sha256": brought.sha256, "kind": brought.kind, "already": brought.already})


@router.get("/{id}/files/{sha256}", response_class=Response, responses=BYTES)
def file(id: CaseId, sha256: HashDep, files: CaseFilesDep, viewer: ViewerDep, now: NowDep) -> Response:
    """As it was brought, to be saved and never shown inline."""
    return download(files.read(id, sha256, viewer, now))


@router.get("/{id}/papers/{paper}", response_class=Response, responses=PRINTED)
def paper(
    id: CaseId,
    paper: PaperName,
    cases: CasesDep,
    papers: PapersDep,
    viewer: ViewerDep,
    now: NowDep,
    asked: StandpointDep,
    mediation: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """A paper made of what is recorded, as PDF/A: the same events give the same bytes, now and of any moment."""
    then = cases.history(id, viewer, now, asked)
    return saved(papers.pdf(then, paper, viewer, mediation), FileKind.PDF, f"{paper}.pdf")


def download(found: FileOfCase) -> Response:
    what = "whole-file" if found.filed.is_whole else found.filed.paper or "file"
    name = f"{what}-{found.filed.version}.{found.kind.ending}"
    return saved(found.content, found.kind, name)


def saved(content: bytes, kind: FileKind, name: str) -> Response:
    """Whatever is in it, a browser saves it, and runs nothing of it."""
    marks = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=kind, headers=marks)
