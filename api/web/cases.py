"""案件列表 Lists of cases: filtered, searched, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ValidationError, create_model
from starlette.responses import Response

from api.deps import Filters, refuse_in_address
from api.problems import title
from api.web.bodies import SENT_BY, SENT_FOR
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from api.web.sending import FormDep, SenderDep
from application.figures.case_figures import CardPage, CaseFilter
from domain.case.case import Status
from domain.case.kinds import Category, Risk, Source
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.errors import Refused

router = APIRouter(include_in_schema=False)
CHOICES: dict[str, list[Any]] = {
    "status": list(Status)[2:],
    "category": list(Category),
    "source": list(Source),
    "risk": list(Risk),
    **{name: list(one.kind) for name, one in LISTED_FIELDS.items() if one.is_code},
}
INPUTS = {name: "text" if one.is_text else "date" for name, one in LISTED_FIELDS.items() if not one.is_code}
"""Listed fields that nobody can choose from a list, by the kind of their input."""
ASKED = {*CHOICES, *INPUTS, "words", "party", "since", "until"}
"""What the form asks for; any other wish is carried along."""
PAGE = 30


_WISHES: dict[str, Any] = dict.fromkeys([*CaseFilter.model_fields, "after"], (str, ""))
Wishes = create_model("Wishes", **_WISHES)
"""What an address of a list may ask, as it was written: what does not fit is refused in words, and not by its type."""
WishesDep = Annotated[Wishes, Query()]


def told_wishes(asked: BaseModel) -> dict[str, str]:
    return {name: value for name, value in asked if value}


@router.get("/cases")
def cases(reader: ReaderDep, asked: WishesDep) -> Response:
    """What tiles and bookmarks lead to: nothing personal stands in an address."""
    sent = told_wishes(asked)
    wanted = asked_for(reader, sent)
    refuse_in_address(wanted)
    return _shown(reader, sent, wanted)


@router.post("/cases")
def searched(reader: SenderDep, form: FormDep) -> Response:
    sent = {name: str(value) for name, value in form.items() if name not in (SENT_BY, SENT_FOR)}
    return _shown(reader, sent, asked_for(reader, sent))


def _shown(reader: Reader, sent: dict[str, str], wanted: CaseFilter) -> Response:
    problem, after = "", sent.get("after")
    position = fresh(reader)
    found, count = CardPage(cards=(), after=None), 0
    try:
        found = reader.reading.board.cards(reader.viewer.scope, wanted, after, PAGE)
        count = reader.reading.board.count(reader.viewer.scope, wanted)
    except Refused as refusal:
        problem = title(refusal, reader.language)
    return render(
        reader,
        "cases.html",
        cards=found.cards,
        count=count,
        next={**sent, "after": found.after} if found.after else None,
        sent=sent,
        choices=CHOICES,
        inputs=INPUTS,
        carried=[name for name in CaseFilter.model_fields if name not in ASKED],
        problem=problem,
        area=_area_name(reader, wanted.area),
        names=names_of_cards(reader, found.cards),
        position=position,
    )


class UnfitFilter(Refused):
    """The address asks for a list by something that there is not: none is shown rather than another one."""


def asked_for(reader: Reader, sent: Mapping[str, str]) -> CaseFilter:
    """Raises UnfitFilter, UnknownArea."""
    given: dict[str, Any] = {name: value for name, value in sent.items() if name in CaseFilter.model_fields and value}
    try:
        wanted = CaseFilter.model_validate(given)
    except ValidationError as error:
        raise UnfitFilter(fields=sorted({str(one["loc"][0]) for one in error.errors()})) from None
    return Filters(reader.registers.register, reader.standing, reader.today).known(wanted)


def _area_name(reader: Any, area: UUID | None) -> str:
    return reader.reading.directory.names([area], reader.today).get(area, "—") if area else ""
