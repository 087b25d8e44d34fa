"""导入 S17 Import: a sheet is sent once, tried, and taken over once somebody has looked at what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import PurePath
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from api.deps import ask, system_of
from api.labels import word
from api.web.administering import AdminDep, AdminSenderDep
from api.web.imports_running import Work, begin
from api.web.imports_told import COLUMNS, KINDS, STAGES, SheetKind, Stage, Taking
from api.web.page import Reader, fresh, render, text
from api.web.sending import FormDep
from application.sheets.area_decisions import MAY_BE, Choice, Decision
from application.uploads import Upload
from domain.shared.errors import Conflict, Missing
from domain.shared.told_days import day
from domain.shared.values import OfficerId

router = APIRouter(include_in_schema=False)
LARGEST = 30_000_000
"""Bytes: what is larger is taken over at the command line."""
STANDS_AFTER = timedelta(seconds=60)
"""Without a sign of life: whoever carried it out has ended."""


class NoSuchUpload(Missing):
    """It was given up, is older than a day, or was sent by somebody else."""


class UploadGone(Conflict):
    """The file was taken over, refused, or cannot be read any more: send it again."""


@router.get("/import")
def import_page(reader: AdminDep) -> Response:
    return _asking(reader, {})


def _asking(reader: Reader, errors: Mapping[str, str], typed: FormData | None = None, status: int = 200) -> Response:
    known = system_of(reader.request).uploads.all_of(OfficerId(reader.viewer.officer))
    language = reader.language
    return render(
        reader,
        "imports/imports.html",
        status,
        errors=errors,
        typed=typed or {},
        kinds=[(kind.value, text(language, key), COLUMNS.get(kind, "")) for kind, key in KINDS.items()],
        known=[(one, _told(one)) for one in known],
        kind_of=lambda told: text(language, KINDS[told.kind]),
        stage_of=lambda told: text(language, STAGES[told.stage]),
        first_day=f"{reader.today.year + 1}-01-01",
    )


def _told(upload: Upload) -> Taking:
    return Taking.model_validate_json(upload.told)


@router.post("/import")
def send(reader: AdminSenderDep, form: FormDep) -> Response:
    """What was sent is kept sealed until it is taken over: it is sent once."""
    file, kind = form.get("file"), str(form.get("kind") or "")
    content = file.file.read(LARGEST + 1) if isinstance(file, UploadFile) and file.filename else b""
    fresh(reader)
    if errors := _errors(reader, form, kind, content):
        return _asking(reader, errors, form, 422)
    assert isinstance(file, UploadFile)
    system, name = system_of(reader.request), PurePath(file.filename or "").name[-100:]
    told = Taking(
        kind=SheetKind(kind),
        name=name,
        day=_day(form) or reader.today,
        system=str(form.get("system") or "legacy").strip()[:40],
    )
    id = system.uploads.keep(OfficerId(reader.viewer.officer), content, told.model_dump_json())
    begin(_work(reader, id, told, content))
    return RedirectResponse(f"/import/{id}", 303)


def _errors(reader: Reader, form: FormData, kind: str, content: bytes) -> dict[str, str]:
    language = reader.language
    found = {}
    if kind not in set(SheetKind):
        found["kind"] = text(language, "choose_a_kind")
    if not content:
        found["file"] = text(language, "choose_a_file")
    elif len(content) > LARGEST:
        found["file"] = text(language, "file_too_large", megabytes=LARGEST // 1_000_000)
    if form.get("day") and _day(form) is None:
        found["day"] = word(language, "invalid", "date_parsing")
    return found


def _day(form: FormData) -> date | None:
    try:
        read_as = day(str(form.get("day") or ""))
    except ValueError:
        return None
    return read_as if isinstance(read_as, date) else None


def _work(reader: Reader, id: UUID, told: Taking, content: bytes) -> Work:
    asked = ask(reader.deciding, reader.now(), reader.viewer, "", b"", None)
    return Work(system_of(reader.request), asked, id, told, content, reader.language)


def _upload(reader: Reader, id: UUID) -> tuple[Upload, Taking]:
    """Raises NoSuchUpload."""
    if (found := system_of(reader.request).uploads.of(OfficerId(reader.viewer.officer), id)) is None:
        raise NoSuchUpload
    return found, _told(found)


@router.get("/import/{id:uuid}")
def running(id: UUID, reader: AdminDep) -> Response:
    upload, told = _upload(reader, id)
    return _shown(reader, upload, told)


def _shown(reader: Reader, upload: Upload, told: Taking, passwords: tuple[tuple[str, str], ...] = ()) -> Response:
    content = system_of(reader.request).uploads.content(OfficerId(reader.viewer.officer), upload.id)
    return render(
        reader,
        "imports/import.html",
        upload=upload,
        told=told,
        kind=text(reader.language, KINDS[told.kind]),
        stage=text(reader.language, STAGES[told.stage]),
        stands=_stands(upload, told),
        decided={one.code: one for one in told.decisions},
        has_content=content is not None,
        choices={one.kind: sorted(MAY_BE[one.kind]) for one in told.proposals},
        percent=min(told.done * 100 // told.of, 100) if told.of else 0,
        passwords=passwords,
    )


def _stands(upload: Upload, told: Taking) -> bool:
    return told.is_going_on and upload.age > STANDS_AFTER


@router.post("/import/{id:uuid}/take-over")
def take_over(id: UUID, reader: AdminSenderDep, form: FormDep) -> Response:
    """Raises NoSuchUpload, UploadGone."""
    fresh(reader)
    upload, told = _upload(reader, id)
    if told.is_going_on and not _stands(upload, told):
        return RedirectResponse(f"/import/{id}", 303)
    content = system_of(reader.request).uploads.content(OfficerId(reader.viewer.officer), id)
    if content is None:
        raise UploadGone
    work = _work(reader, id, told, content)
    stage = Stage.TRYING if told.stage is Stage.TRYING else Stage.TAKING
    decisions = tuple(_decisions(told, form))
    work.note(stage=stage, done=0, of=0, rows=(), more_rows=0, problem="", decisions=decisions)
    begin(work)
    return RedirectResponse(f"/import/{id}", 303)


def _decisions(told: Taking, form: FormData) -> list[Decision]:
    """Of each proposal, as somebody chose; what is left undecided is refused as a whole."""
    found = []
    for at, one in enumerate(told.proposals, 1):
        choice = str(form.get(f"choice.{at}") or "")
        if choice in MAY_BE[one.kind]:
            into = str(form.get(f"into.{at}") or "").strip()
            found.append(Decision(number=at, choice=Choice(choice), code=one.code, into=into))
    return found


@router.post("/import/{id:uuid}/passwords")
def passwords(id: UUID, reader: AdminSenderDep) -> Response:
    """They are shown on this answer, and kept no longer."""
    upload, told = _upload(reader, id)
    rest = told.but(passwords=())
    system_of(reader.request).uploads.tell(OfficerId(reader.viewer.officer), id, rest.model_dump_json())
    return _shown(reader, upload, rest, told.passwords)


@router.post("/import/{id:uuid}/give-up")
def give_up(id: UUID, reader: AdminSenderDep) -> Response:
    _upload(reader, id)
    system_of(reader.request).uploads.drop(OfficerId(reader.viewer.officer), id)
    return RedirectResponse("/import", 303)
