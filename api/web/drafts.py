"""草稿 Drafts: what was typed is kept on the server, after each field by a script, and on each submit without one.

A form is opened with its draft in it. It is given up by a button, and gone once it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.deps import LanguageDep
from api.labels import word
from api.labels.language import of_request
from api.web.page import Reader, ReaderDep, render, text
from api.web.sending import FormDep, SenderDep, typed
from api.web.titles import title_of_case
from domain.shared.calendar import SHANGHAI
from domain.shared.errors import DomainError
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
LONGEST_ADDRESS = 300
FORMS = r"^/(new|(cases|people|areas|bodies)/([0-9a-f-]{36}/)?|rules/|sweeps/)[a-z0-9/?=&-]*$"
AddressDep = Annotated[str, Query(max_length=LONGEST_ADDRESS, pattern=FORMS)]
"""Of a form: only such as we have."""
LEFT_OUT = frozenset({"key", "version", "sent_by", "sent_for", "known", "then"})
"""What is of the sending, and nothing that somebody typed."""


def keep_draft(reader: Reader, form: FormData, address: str) -> None:
    """Where something was typed."""
    told = [one for one in typed(form) if not one[0].endswith(".file")]
    if any(value for name, value in told if name not in LEFT_OUT):
        reader.drafts.keep(reader.viewer.officer, address, sending_of(form), told)


class InOtherLanguage(Exception):
    """The form is shown in the other language, with what was typed: its draft is kept."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def to_other_language(request: Request, error: Exception) -> Response:
    assert isinstance(error, InOtherLanguage)
    other = "en" if of_request(request) == "zh" else "zh"
    return RedirectResponse(f"/language/{other}?{urlencode({'next': error.address})}", 303)


def drop_draft(reader: Reader, address: str, form: FormData) -> None:
    """It was recorded, or given up."""
    reader.drafts.drop(reader.viewer.officer, address, sending_of(form))


def sending_of(form: FormData) -> str:
    return str(form.get("key") or "")[:LONGEST_KEY]


LONGEST_KEY = 40


@dataclass(frozen=True)
class Kept:
    """A draft as its form, with what was typed, and when."""

    form: FormData
    saved_at: datetime


def draft_of(reader: Reader, address: str) -> Kept | None:
    found = reader.drafts.of(reader.viewer.officer, address)
    return Kept(FormData(list(found.typed)), found.saved_at) if found else None


@router.post("/drafts")
def keep(form: AddressDep, sent: FormDep, reader: SenderDep) -> Response:
    """Asked by a script after each field."""
    keep_draft(reader, sent, form)
    moment = reader.now().astimezone(SHANGHAI)
    return PlainTextResponse(text(reader.language, "kept_at", time=f"{moment:%H:%M}"))


@router.post("/drafts/drop")
def drop(form: AddressDep, sent: FormDep, reader: SenderDep) -> Response:
    drop_draft(reader, form, sent)
    return RedirectResponse(form, 303)


@dataclass(frozen=True)
class ListedDraft:
    address: str
    what: str
    about: str
    saved_at: datetime


@router.get("/drafts")
def drafts(reader: ReaderDep, language: LanguageDep) -> Response:
    known = reader.drafts.all_of(reader.viewer.officer)
    return render(reader, "drafts.html", drafts=[_listed(reader, one.form, one.saved_at) for one in known])


def _listed(reader: Reader, form: str, saved_at: datetime) -> ListedDraft:
    if form.startswith("/new"):
        return ListedDraft(form, word(reader.language, "command", "register-case"), "", saved_at)
    path = form.partition("?")[0].split("/")
    return ListedDraft(
        quote(form, safe="/?=&"), word(reader.language, "command", path[-1]), _about(reader, path[2]), saved_at
    )


def _about(reader: Reader, case: str) -> str:
    """A case that they may not read any more is not named."""
    try:
        state = reader.deciding.cases.history(CaseId(UUID(case)), reader.viewer, reader.now()).state
    except (DomainError, ValueError):
        return "—"
    return title_of_case(state, reader.language)
