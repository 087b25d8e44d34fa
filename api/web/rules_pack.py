"""规则包 A rule pack is tried before it is published: what it would have changed in the last year is shown first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from api.deps import ask, system_of
from api.labels import word
from api.problems import title
from api.sheet_faults import fault_words
from api.web.administering import AdminDep, AdminSenderDep
from api.web.page import Reader, render
from api.web.sending import FormDep, left
from application.rule_trial import Trial, Trials
from application.sheets.rules import LARGEST, read_pack
from domain.rules.packs import PublishRulePack
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError
from domain.shared.sheets import SheetRefused

router = APIRouter(include_in_schema=False)


@dataclass
class Trying:
    """What was sent, and what came out: faults, or a trial with the pack."""

    pack_text: str = ""
    key: str = field(default_factory=lambda: str(uuid4()))
    problem: str = ""
    faults: Sequence[tuple[int, str, str]] = ()
    pack: PublishRulePack | None = None
    trial: Trial | None = None

    @property
    def mark(self) -> str:
        """Of the text that was tried: only that is published."""
        return sha256(self.pack_text.encode()).hexdigest()


@router.get("/rules/publish-rule-pack")
def asked_for(reader: AdminDep) -> Response:
    return _shown(reader, Trying())


@router.post("/rules/publish-rule-pack")
def tried_or_published(reader: AdminSenderDep, form: FormDep) -> Response:
    made = Trying(_text(form), str(form.get("key") or uuid4()))
    try:
        made.pack = read_pack(made.pack_text.encode(), reader.registers.register.by_code)
        if form.get("do") == "publish" and form.get("tried") == made.mark:
            return _published(reader, made)
        _try(reader, made)
    except SheetRefused as refusal:
        made.problem, made.pack = title(refusal, reader.language), None
        made.faults = [(one.row - 1, one.code, fault_words(one, reader.language)) for one in refusal.faults]
        return _shown(reader, made, 422)
    except DomainError as refusal:
        made.problem = title(refusal, reader.language)
        return _shown(reader, made, 409)
    return _shown(reader, made)


def _text(form: FormData) -> str:
    """Of the file where one was chosen, else as it was typed."""
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return file.file.read(LARGEST + 1).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return str(form.get("pack") or "").replace("\r\n", "\n")


def _try(reader: Reader, made: Trying) -> None:
    """Reads all that was recorded: nothing is changed by it."""
    assert made.pack
    trials = Trials(reader.standing.ledger, reader.registers.register)
    calendar = reader.registers.rule_book.calendar()
    made.trial = trials.of(made.pack.pack, calendar, reader.now(), lambda done, of: None)


def _published(reader: Reader, made: Trying) -> Response:
    assert made.pack
    content = made.pack.model_dump_json().encode()
    asked = ask(reader.deciding, reader.now(), reader.viewer, reader.request.url.path, content, made.key)
    receipt = system_of(reader.request).administering.rules.publish_pack(asked, made.pack)
    return left(reader, receipt, "/rules?saved=yes#packs")


def _shown(reader: Reader, made: Trying, status: int = 200) -> Response:
    areas = [made.pack.area] if made.pack else []
    told: dict[str, Any] = {"clock_word": lambda code: word(reader.language, "deadline", code)}
    if made.trial:
        told |= {"since": local_day(made.trial.since), "until": local_day(made.trial.until)}
    names = reader.reading.directory.names(areas, reader.today)
    return render(reader, "rules/pack.html", status, made=made, area=next(iter(names.values()), ""), **told)
