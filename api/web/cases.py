"""案件列表 Lists of cases: filtered, searched, in an order, page by page; each has an address that leads back to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, ValidationError, create_model
from starlette.responses import RedirectResponse, Response

from api.deps import LISTED_TEXTS, Filters, refuse_in_address
from api.problems import title
from api.web.bodies import SENT_BY, SENT_FOR
from api.web.chosen import chips
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from api.web.places import bodies_to_choose, places_to_choose
from api.web.sending import FormDep, SenderDep
from application.figures.case_figures import CardPage, CaseFilter
from application.figures.queues import SORT_OF_QUEUE, Queue, Sort
from domain.case.case import Status
from domain.case.kinds import Category, Risk, Source
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.errors import Refused
from domain.shared.values import Level

router = APIRouter(include_in_schema=False)
FIRST: dict[str, list[Any]] = {"status": list(Status)[2:], "category": list(Category)}
MORE: dict[str, list[Any]] = {
    "level": [Level.GRID, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY],
    "source": list(Source),
    "risk": list(Risk),
    **{name: list(one.kind) for name, one in LISTED_FIELDS.items() if one.is_code},
}
INPUTS = {name: "text" if one.is_text else "date" for name, one in LISTED_FIELDS.items() if not one.is_code}
"""Listed fields that nobody can choose from a list, by the kind of their input."""
IN_NO_ADDRESS = ("words", "party", *LISTED_TEXTS)
"""What is sealed before it stands in an address: addresses are kept in logs and histories."""
ASKED = {*FIRST, *MORE, *INPUTS, *IN_NO_ADDRESS, "area", "body", "overdue", "due_until", "since", "until"}
"""What the form asks for; any other wish is carried along."""
PAGE = 30
OF_THE_LIST = ("after", "sort", "search")


_WISHES: dict[str, Any] = dict.fromkeys([*CaseFilter.model_fields, *OF_THE_LIST], (str, ""))
Wishes = create_model("Wishes", **_WISHES)
"""What an address of a list may ask, as it was written: what does not fit is refused in words, and not by its type."""
WishesDep = Annotated[Wishes, Query()]


class SearchForgotten(Refused):
    """What this address searched for cannot be read any more, as somebody was forgotten since: search again."""


def told_wishes(asked: BaseModel) -> dict[str, str]:
    return {name: value for name, value in asked if value}


@router.get("/cases")
def cases(reader: ReaderDep, asked: WishesDep) -> Response:
    """What tiles and bookmarks lead to: what is personal stands in an address only sealed."""
    try:
        sent = opened_wishes(reader, asked)
    except SearchForgotten as refusal:
        sent = told_wishes(asked)
        return _shown(reader, sent, asked_for(reader, sent), refusal)
    return _shown(reader, sent, asked_for(reader, sent))


def opened_wishes(reader: Reader, asked: BaseModel) -> dict[str, str]:
    """What the address asks for, with what is sealed in it. Raises SearchForgotten, NotInAnAddress, UnfitFilter."""
    sent = told_wishes(asked)
    refuse_in_address(asked_for(reader, sent))
    if mark := sent.get("search"):
        if (found := reader.reading.searches.opened(mark)) is None:
            raise SearchForgotten
        sent |= {name: found[name] for name in IN_NO_ADDRESS if name in found}
    return sent


@router.post("/cases")
def searched(reader: SenderDep, form: FormDep) -> Response:
    """Leads to the address of the list, so that a reader comes back to it from a case."""
    sent = {name: str(value).strip() for name, value in form.items() if name not in (SENT_BY, SENT_FOR) and value}
    asked_for(reader, sent)
    kept = {name: value for name, value in sent.items() if name not in (*IN_NO_ADDRESS, "search", "after")}
    if personal := {name: sent[name] for name in IN_NO_ADDRESS if sent.get(name)}:
        kept["search"] = reader.reading.searches.sealed(personal)
    return RedirectResponse(f"/cases?{urlencode(kept)}" if kept else "/cases", 303)


def _shown(reader: Reader, sent: dict[str, str], wanted: CaseFilter, refusal: Refused | None = None) -> Response:
    position = fresh(reader)
    found, count = CardPage(cards=(), after=None), 0
    sort = sort_of(sent, wanted)
    try:
        if refusal:
            raise refusal
        found = reader.reading.board.cards(reader.viewer.scope, wanted, sent.get("after"), PAGE, sort)
        count = reader.reading.board.count(reader.viewer.scope, wanted)
    except Refused as refused:
        refusal = refused
    address = {name: value for name, value in sent.items() if name not in IN_NO_ADDRESS}
    return render(
        reader,
        "cases.html",
        cards=found.cards,
        count=count,
        next=f"/cases?{urlencode(address | {'after': found.after})}" if found.after else "",
        first=f"/cases?{urlencode({**address, 'after': ''})}" if sent.get("after") else "",
        list_query=urlencode({name: value for name, value in address.items() if name != "after"}),
        sent=sent,
        sort=sort,
        sorts=list(Sort),
        choices=FIRST,
        more=MORE,
        inputs=INPUTS,
        places=places_to_choose(reader),
        bodies=bodies_to_choose(reader),
        carried=[name for name in CaseFilter.model_fields if name not in ASKED],
        chips=chips(reader, sent, address),
        problem=title(refusal, reader.language) if refusal else "",
        date={Sort.SESSION: "session", Sort.DUE: "due"}.get(sort, "registered"),
        queue=wanted.queue,
        acts=wanted.queue is not None and wanted.queue is not Queue.RISKS,
        names=names_of_cards(reader, found.cards),
        position=position,
    )


def sort_of(sent: Mapping[str, str], wanted: CaseFilter) -> Sort:
    told = sent.get("sort", "")
    return Sort(told) if told in set(Sort) else SORT_OF_QUEUE.get(wanted.queue, Sort.LATEST)


class UnfitFilter(Refused):
    """The address asks for a list by something that there is not: none is shown rather than another one."""


def asked_for(reader: Reader, sent: Mapping[str, str]) -> CaseFilter:
    """Raises UnfitFilter, UnknownArea."""
    given: dict[str, Any] = {name: value for name, value in sent.items() if name in CaseFilter.model_fields and value}
    try:
        wanted = CaseFilter.model_validate(given)
        if told := sent.get("sort"):
            Sort(told)
    except ValidationError as error:
        raise UnfitFilter(fields=sorted({str(one["loc"][0]) for one in error.errors()})) from None
    except ValueError:
        raise UnfitFilter(fields=["sort"]) from None
    return Filters(reader.registers.register, reader.standing, reader.today).known(wanted)
