"""S4 The dialog of every command: only its fields, its rule, errors beside the fields; nothing typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.deps import NoBodyToActFor, ask
from api.names import kebab
from api.problems import VersionNeeded, title
from api.web.changes import corrected_fields, entry_of, really_changed
from api.web.choices import Context, choices
from api.web.fields import Field, fields
from api.web.labels import words
from api.web.page import Reader, ReaderDep, names_of_case, render
from api.web.reading import moment, read
from api.web.sentences import sentence
from application.case_page import CasePage, page
from application.ports import Receipt, VersionMismatch
from application.rights import may
from domain.case.actions import actions
from domain.case.commands import CaseCommand, MediationCommand
from domain.case.correction import CorrectEntry
from domain.case.intake import ReceiveRequest
from domain.case.lists import COMMANDS
from domain.case.mediations import Mediation
from domain.shared.errors import DomainError, Missing
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
BY_NAME = {kebab(one): one for one in COMMANDS if one is not ReceiveRequest and not one.by_clock}
MANY_ROWS = 100


class NoSuchAction(Missing):
    """There is no command of this name."""


@dataclass
class Dialog:
    """What is shown and what was typed. `errors`: by field; the empty name is the whole."""

    command: type[CaseCommand]
    fields: list[Field]
    context: Context
    version: int
    key: str
    typed: Any = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    meanwhile: list[str] = field(default_factory=list)

    def choices(self, one: Field) -> Any:
        return choices(one, self.context)

    def bodies(self) -> Any:
        return choices(Field("body", "choice", False, source="body"), self.context)

    def value(self, name: str, default: Any = "") -> str:
        kept = self.typed.get(name)
        return str(kept) if kept is not None else str(default if default is not None else "")

    def chosen(self, name: str) -> list[str]:
        return [str(one) for one in self.typed.getlist(name)] if hasattr(self.typed, "getlist") else []

    def ticked(self, one: Field) -> bool:
        return one.name in self.typed if self.typed else bool(one.default)


def _find(
    name: str, reader: Reader, id: CaseId, number: int | None
) -> tuple[type[CaseCommand], CasePage, Mediation | None]:
    if not (command := BY_NAME.get(name)):
        raise NoSuchAction(command=name[:60])
    read_now = page(reader.system.cases.history(id, reader.viewer, reader.system.now()))
    mediation = None
    if issubclass(command, MediationCommand):
        chosen = number or max(read_now.state.mediations, default=0)
        mediation = read_now.state.mediation(chosen)
    return command, read_now, mediation


def _dialog(name: str, reader: Reader, id: CaseId, number: int | None) -> Dialog:
    command, read_now, mediation = _find(name, reader, id, number)
    context = Context(reader, read_now, mediation)
    made = Dialog(command, fields(command), context, read_now.version, str(uuid4()))
    made.rows = {one.name: 2 for one in made.fields if one.kind == "rows"}
    return made


@router.get("/cases/{id}/do/{name}")
def dialog(
    id: CaseId, name: str, reader: ReaderDep, mediation: int | None = None, entry: int | None = None
) -> Response:
    made = _dialog(name, reader, id, mediation)
    if entry:
        made.typed = {"entry": entry, "entries": entry}
    return shown(made, entry)


def shown(made: Dialog, entry: int | None = None, status: int = 200) -> Response:
    context = made.context
    assert context.read
    state, viewer = context.read.state, context.reader.viewer
    number = context.mediation.number if context.mediation else None
    action = next(one for one in actions(state) if one.command is made.command)
    blocked = may(viewer, action, state) if action.mediation in (None, number) else None
    correcting = entry_of(context.read, entry) if entry else None
    return render(
        context.reader,
        "case/dialog.html",
        status,
        dialog=made,
        read=context.read,
        names=names_of_case(context.reader, context.read),
        name=kebab(made.command),
        number=number,
        blocked=title(blocked, context.reader.language) if blocked else "",
        correcting=correcting,
        corrected=corrected_fields(correcting, context.reader.language) if correcting else [],
    )


async def sent_form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_files=3, max_fields=2_000) as form:
        yield form


FormDep = Annotated[FormData, Depends(sent_form)]


@router.post("/cases/{id}/do/{name}")
def carry_out(id: CaseId, name: str, reader: ReaderDep, form: FormDep) -> Response:
    made = _dialog(name, reader, id, whole(form, "mediation"))
    made.typed, made.key = form, str(form.get("key") or made.key)
    entry = whole(form, "entry") if made.command is CorrectEntry else None
    made.rows = {one.name: row_count(form, one.name) for one in made.fields if one.kind == "rows"}
    if added := str(form.get("add") or ""):
        made.rows[added] = min(made.rows.get(added, 0) + 1, MANY_ROWS)
    if added or "choose" in form:
        return shown(made, entry)
    return _attempt(id, made, form, entry)


def whole(form: FormData, name: str) -> int | None:
    """A number that a form sent, if it is one."""
    text = str(form.get(name) or "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _attempt(id: CaseId, made: Dialog, form: FormData, entry: int | None) -> Response:
    reader = made.context.reader
    try:
        command = made.command.model_validate(content(made, form, entry))
        receipt = _change(id, made, command, form)
    except ValidationError as error:
        made.errors = field_errors(error, made)
        return shown(made, entry, 422)
    except VersionMismatch as refusal:
        _meanwhile(made, form, refusal)
        return shown(made, entry, 412)
    except DomainError as refusal:
        made.errors[""] = title(refusal, reader.language)
        return shown(made, entry, 409)
    reader.system.saw(reader.viewer.officer, receipt)
    answer = RedirectResponse(f"/cases/{id}?saved={receipt.version}", 303)
    answer.set_cookie("position", str(receipt.position), httponly=True, samesite="strict")
    return answer


def content(made: Dialog, form: FormData, entry: int | None) -> dict[str, Any]:
    filled = read(form, made.fields)
    if entry and made.context.read and (line := entry_of(made.context.read, entry)):
        filled["changes"] = really_changed(filled["changes"], line, made.context.reader.language)
    if made.context.mediation and issubclass(made.command, MediationCommand):
        filled["mediation"] = made.context.mediation.number
    if when := str(form.get("occurred_at") or ""):
        filled["occurred_at"] = moment(when)
    if whom := str(form.get("on_behalf_of") or ""):
        filled["on_behalf_of"] = whom
    return filled


def _change(id: CaseId, made: Dialog, command: CaseCommand, form: FormData) -> Receipt:
    reader = made.context.reader
    if reader.viewer.body is None:
        raise NoBodyToActFor
    if (seen := whole(form, "version")) is None:
        raise VersionNeeded
    asked = ask(
        reader.system, reader.viewer, str(reader.request.url.path), command.model_dump_json().encode(), made.key
    )
    return reader.system.cases.change(id, command, reader.viewer, asked, seen)


def field_errors(error: ValidationError, made: Dialog) -> dict[str, str]:
    """By the field's name on the page; what stands in no field is said above."""
    known = {one.name for one in made.fields} | {"occurred_at"}
    found: dict[str, str] = {}
    for one in error.errors():
        place = ".".join(str(part) for part in one["loc"])
        name = place if place.split(".")[0] in known else ""
        found.setdefault(name, words(made.context.reader.language, "invalid", one))
    return found


def _meanwhile(made: Dialog, form: FormData, refusal: VersionMismatch) -> None:
    """What somebody else recorded since the page was opened; the next submit builds on it."""
    assert made.context.read
    seen = whole(form, "version") or 0
    names = names_of_case(made.context.reader, made.context.read)
    newer = [line for line in made.context.read.timeline if line.version > seen]
    made.errors[""] = title(refusal, made.context.reader.language)
    made.meanwhile = [sentence(line, names, made.context.reader.language) for line in newer]
    made.key = str(uuid4())


def row_count(form: FormData, name: str) -> int:
    indexes = {key.split(".")[1] for key in form if key.startswith(f"{name}.")}
    return min(max(len(indexes), 1), MANY_ROWS)
