"""登记 S2 New dispute: one page for who, with whom, what, where and how urgent; a hint where it seems known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from api.deps import ask
from api.problems import title
from api.web.choices import DialogContext
from api.web.dialog import Dialog, field_errors, keep, opened
from api.web.drafts import drop_draft, keep_draft
from api.web.page import Reader, ReaderDep, fresh, names_of_cards, render
from api.web.reading import moment, read
from api.web.sending import FormDep, SenderDep, left
from application.figures.case_figures import KnownDisputes
from application.ids import uuid7
from application.rights import check_role
from domain.case.opening.intake import RegisterCase
from domain.case.people import NewParty
from domain.shared.errors import DomainError
from domain.shared.values import AreaId, BodyId, CaseId, Level

router = APIRouter(include_in_schema=False)
FIRST = ("parties", "facts", "place", "category", "source")
"""What is asked first; then follows whatever else a registration asks for."""
NOTHING = KnownDisputes()
MOST_KNOWN = 10
ASIDE = ("requested_at", "foreign_number", "settled_on_the_spot")
"""What is seldom filled in, behind a summary."""


def _dialog(reader: Reader) -> Dialog:
    made = opened(RegisterCase, DialogContext(reader, None, None), 0)
    place = next(one for one in made.fields if one.name == "place")
    place.default = _usual_place(reader, [value for value, _ in made.choices(place)])
    return made


def _usual_place(reader: Reader, known: list[str]) -> str | None:
    """The reader's own village or grid; who answers for more than one says where it arose."""
    area = reader.viewer.area
    facts = reader.registers.register.area(area, reader.today) if area else None
    is_small = facts is not None and facts.level.rank <= Level.VILLAGE.rank
    return str(area) if is_small and str(area) in known else None


@router.get("/new")
def new(reader: ReaderDep) -> Response:
    check_role(reader.viewer, RegisterCase)
    return shown(_dialog(reader), NOTHING)


def shown(made: Dialog, known: KnownDisputes, status: int = 200) -> Response:
    reader = made.context.reader
    names = names_of_cards(reader, known.cards)
    holders = reader.reading.directory.body_rows([BodyId(one) for one in known.elsewhere])
    by_name = {field.name: field for field in made.fields}
    asked = dict.fromkeys(name for name in (*FIRST, *by_name) if name not in ASIDE)
    return render(
        reader,
        "case/new.html",
        status,
        dialog=made,
        asked=[by_name[name] for name in asked],
        aside=[by_name[name] for name in ASIDE],
        known=known.cards,
        asked_to_confirm="known" not in made.typed and known != NOTHING and "choose" not in made.typed,
        elsewhere=[holders[id].name for id in map(BodyId, known.elsewhere) if id in holders],
        names=names,
    )


@router.post("/new")
def register(reader: SenderDep, form: FormDep) -> Response:
    made = _dialog(reader)
    if keep(made, form):
        return shown(made, _known_so_far(made, form) if form.get("choose") == "known" else NOTHING)
    keep_draft(reader, form, made.address)
    return _attempt(made, form)


def _attempt(made: Dialog, form: FormData) -> Response:
    reader = made.context.reader
    content = read(form, made.fields)
    if when := str(form.get("occurred_at") or ""):
        content["occurred_at"] = moment(when)
    try:
        command = RegisterCase.model_validate(content)
    except ValidationError as error:
        made.errors = field_errors(error, made)
        return shown(made, NOTHING, 422)
    known = _known(reader, command) if "known" not in form else NOTHING
    if known != NOTHING:
        return shown(made, known)
    try:
        return _registered(made, command, "/record-meeting" if form.get("then") == "record-meeting" else "")
    except DomainError as refusal:
        made.errors[refusal.details.get("field", "")] = title(refusal, reader.language)
        return shown(made, NOTHING, 409)


def _known_so_far(made: Dialog, form: FormData) -> KnownDisputes:
    """Before the rest is typed: by the names that are there already, in the place that is chosen or usual."""
    reader, content = made.context.reader, read(form, made.fields)
    parties = [one for told in content.get("parties", ()) if (one := _party(told))]
    try:
        place = AreaId(UUID(str(content.get("place"))))
    except ValueError:
        return NOTHING
    fresh(reader)
    if not parties:
        return NOTHING
    return reader.reading.board.known(reader.viewer.scope, parties, _near(reader, place), MOST_KNOWN)


def _party(told: Mapping[str, Any]) -> NewParty | None:
    """What is not right yet is said when the form is sent."""
    try:
        return NewParty.model_validate({"side": "applicant", **told})
    except ValidationError:
        return None


def _known(reader: Reader, command: RegisterCase) -> KnownDisputes:
    """Cases of any of these people nearby: perhaps it is the same dispute."""
    fresh(reader)
    return reader.reading.board.known(reader.viewer.scope, command.parties, _near(reader, command.place), MOST_KNOWN)


def _near(reader: Reader, place: AreaId) -> AreaId:
    """The area around the place, so that the neighbouring grid or village is looked at too; a town is no neighbour of
    another."""
    around = reader.registers.register.path(place, reader.today)[1:2]
    return around[0].id if around and around[0].level.rank <= Level.TOWNSHIP.rank else place


def _registered(made: Dialog, command: RegisterCase, then: str) -> Response:
    reader, content = made.context.reader, command.model_dump_json().encode()
    asked = ask(reader.deciding, reader.now(), reader.viewer, "/new", content, made.key)
    receipt = reader.deciding.cases.open(CaseId(uuid7(asked.now)), command, reader.viewer, asked)
    drop_draft(reader, made.address, made.typed)
    return left(reader, receipt, f"/cases/{receipt.id}{then}?saved={receipt.version}")
