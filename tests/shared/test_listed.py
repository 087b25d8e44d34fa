"""What a registration lists: shown on the page and in lists, and found by it; said once, where the field stands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from pydantic import TypeAdapter, ValidationError, create_model

from api.routes.case import ListAsked, ToldCase
from api.routes.figures import FiguresAsked
from application.case.disclosure.slices import as_read_by
from application.case.listed import value_with_listed, with_listed
from application.case.page import gist, page
from application.case.row import Card, card
from application.figures.case_figures import CaseFilter
from application.rights import Scope
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.opening.intake import ReceiveRequest
from domain.case.opening.listed import LISTED_FIELDS, listed_fields
from domain.case.record.rewriting import correctable_fields
from domain.shared.marks import Correctable, Framed, Listed
from domain.shared.slices import Slice
from domain.shared.values import Composed, Day, Fen, Form, Line, Moment, Narrative, PersonName, Value
from infrastructure.read_models.case_condition import OWN_LINE, condition
from tests.case.histories import APPLICANT, COURT, after, onward, register, told_otherwise
from tests.case.test_correction import correct, strike

EACH = pytest.mark.parametrize("one", LISTED_FIELDS.values(), ids=lambda one: one.name)
receive = ReceiveRequest(form=Form.ORAL)
OF_ONE_BODY = Scope(bodies=frozenset({COURT.id}))


def registered(one):
    return after(register.with_fields({one.name: told_otherwise(one)}))


def in_a_list(history):
    made = card(history, gist(history))
    assert made
    return made


@EACH
def test_it_stands_on_the_page_and_in_the_line_of_a_list(one):
    history = registered(one)

    assert page(history).listed[one.name] == told_otherwise(one)
    assert in_a_list(history).listed[one.name] == told_otherwise(one)


@EACH
def test_it_says_what_is_usual_where_nobody_said_otherwise(one):
    assert page(after(register)).listed[one.name] == one.usual


@EACH
def test_it_reads_as_it_was_corrected(one):
    history = after(register)
    assert one.name in correctable_fields(type(history.entries[0].event))

    corrected = onward(history, correct(history, "registered", changes={one.name: str(told_otherwise(one))}))

    assert page(corrected).listed[one.name] == told_otherwise(one)
    assert in_a_list(corrected).listed[one.name] == told_otherwise(one)


@EACH
def test_it_says_nothing_of_a_case_whose_registration_was_struck_out(one):
    history = after(receive, register.with_fields({one.name: told_otherwise(one)}))

    struck = onward(history, strike(history, "registered", "party_added"))

    assert page(struck).listed[one.name] == one.nothing


@EACH
def test_whoever_sees_a_part_of_the_case_reads_it_only_if_it_is_of_the_frame(one):
    history = registered(one)
    part = as_read_by(history, COURT.id, Slice(parties=(APPLICANT,)))

    seen = told_otherwise(one) if one.framed else one.nothing
    assert page(part).listed[one.name] == in_a_list(part).listed[one.name] == seen


@EACH
def test_a_list_is_asked_for_it_by_the_line_of_its_reader(one):
    wanted = CaseFilter.model_validate({one.name: str(told_otherwise(one))})

    where, values = condition(OF_ONE_BODY, wanted, str.encode)

    assert f"b.{one.name} = %(listed_{one.name})s" in where.split(" AND ")
    assert values[f"listed_{one.name}"] == told_otherwise(one)
    assert OWN_LINE in where


@pytest.mark.parametrize("one", [one for one in LISTED_FIELDS.values() if one.is_code], ids=lambda one: one.name)
def test_a_code_that_there_is_not_is_no_wish(one):
    with pytest.raises(ValidationError):
        CaseFilter.model_validate({one.name: "no such code"})


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Happened(CaseEvent):
    """Of a case that every reader sees, with a field that a newcomer is about to list."""

    name: ClassVar = "case.happened"
    framed: ClassVar = True

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class Ask(Value):
    """A command for it."""


def listed_as(hint: Any, default: Any = ..., asked: bool = True) -> Any:
    event: Any = create_model("Added", __base__=Happened, __module__=__name__, added=(hint, default))
    command: Any = create_model("Ask", __base__=Ask, **({"added": (hint, default)} if asked else {}))
    return listed_fields(event, command)["added"]


FITTING: dict[str, tuple[Any, Any, Any, Any]] = {
    "a code": (Listed[Framed[Correctable[Colour]]], ..., Colour, ""),
    "a code that is red by itself": (Framed[Listed[Colour]], Colour.RED, Colour, ""),
    "a code that may be none and is red by itself": (Framed[Listed[Colour | None]], Colour.RED, Colour, None),
    "a hidden code": (Listed[Correctable[Colour | None]], None, Colour, None),
    "a hidden line that is always there": (Listed[Correctable[Line]], ..., str, ""),
    "a hidden line": (Listed[Line], "", str, ""),
    "a hidden line that may be none": (Listed[Line | None], None, str, None),
    "a hidden day": (Listed[Correctable[Day | None]], None, date, None),
    "a day": (Correctable[Framed[Listed[Day]] | None], None, date, None),
}


@pytest.mark.parametrize("which", FITTING)
def test_a_code_a_line_and_a_day_are_listed(which):
    hint, default, kind, nothing = FITTING[which]

    made = listed_as(hint, default)

    assert (made.kind, made.nothing) == (kind, nothing)
    assert made.framed is ("hidden" not in which)


NOT_LISTED: dict[str, tuple[Any, Any]] = {
    "a number": (Listed[Framed[int]], 0),
    "a sum": (Listed[Framed[Fen | None]], None),
    "yes or no": (Listed[Framed[bool]], False),
    "a moment": (Listed[Framed[Moment | None]], None),
    "a day that is always there": (Listed[Framed[Day]], date(2026, 3, 1)),
    "a text that the system writes": (Listed[Framed[Composed]], ""),
    "a person's name": (Listed[PersonName], ...),
    "a narrative": (Listed[Narrative], ...),
    "several codes": (Listed[Framed[tuple[Colour, ...]]], ()),
    "a code or a text": (Listed[Framed[Colour | Line]], ""),
    "a hidden code that is always there": (Listed[Colour], ...),
    "a hidden code that is red by itself": (Listed[Colour], Colour.RED),
    "a hidden code that may be none and is red by itself": (Listed[Colour | None], Colour.RED),
    "a hidden line that says something by itself": (Listed[Line], "无"),
    "a hidden line that may be none and has to be told": (Listed[Line | None], ...),
}


@pytest.mark.parametrize("kind", NOT_LISTED)
def test_what_cannot_be_shown_asked_for_or_left_empty_is_refused_before_anything_starts(kind):
    hint, default = NOT_LISTED[kind]

    with pytest.raises(TypeError, match="added is listed"):
        listed_as(hint, default)


def test_what_nobody_can_be_asked_for_is_not_listed():
    with pytest.raises(TypeError, match="Ask does not ask for it"):
        listed_as(Listed[Line], "", asked=False)


def test_a_name_that_means_something_else_there_is_refused():
    with pytest.raises(TypeError, match="'urgency'"):

        @with_listed(lambda one: one.in_a_list)
        class Row:
            urgency: str

    with pytest.raises(TypeError, match="'urgency'"):

        @value_with_listed(lambda one: (one.on_a_page, ...))
        class Told(Value):
            @property
            def urgency(self) -> str:
                return ""


@pytest.mark.parametrize("asked", [ListAsked, FiguresAsked])
def test_no_way_to_ask_for_lists_means_something_else_by_the_name_of_a_listed_field(asked):
    assert sorted(LISTED_FIELDS.keys() & asked.__annotations__.keys()) == []


def test_the_contract_knows_the_codes_of_a_listed_field_in_lists_on_pages_and_as_a_wish():
    page, line, wish = (TypeAdapter(one).json_schema() for one in (ToldCase, Card, ListAsked))

    assert page["$defs"]["Urgency"] == {"enum": ["ordinary", "urgent"], "title": "Urgency", "type": "string"}
    assert "urgency" in page["required"]
    assert line["properties"]["urgency"] == {"$ref": "#/$defs/Urgency"}
    assert {"$ref": "#/$defs/Urgency"} in wish["properties"]["urgency"]["anyOf"]
