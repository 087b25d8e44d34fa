"""Times that people tell: between 1900 and 2199, so that whatever is counted from them is a day as well."""

import importlib
import pkgutil
import types
from datetime import UTC, date, datetime
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from annotated_types import Ge, Le
from pydantic import AwareDatetime, TypeAdapter, ValidationError

import domain
from application.figures.case_figures import CaseFilter
from domain.shared.decider import Command
from domain.shared.values import Day, Moment, Value

for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)


def below(kind: type[Any]) -> set[type[Any]]:
    return {kind, *(one for child in kind.__subclasses__() for one in below(child))}


COMMANDS = sorted((one for one in below(Command) if one.__module__.startswith("domain.")), key=str)


def unbounded(hint: Any, marks: tuple[Any, ...] = ()) -> bool:
    """Whether a time without its bounds stands anywhere in it."""
    if get_origin(hint) is Annotated:
        inner, *more = get_args(hint)
        return unbounded(inner, (*marks, *more))
    if get_origin(hint) in (Union, types.UnionType, tuple, frozenset, dict):
        return any(unbounded(one) for one in get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Value):
        return any(unbounded(one) for one in fields(hint).values())
    bounds = {type(mark) for mark in marks} & {Ge, Le}
    return hint in (date, datetime, AwareDatetime) and len(bounds) < 2


def fields(kind: type[Value]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.model_fields}


@pytest.mark.parametrize("kind", [*COMMANDS, CaseFilter], ids=lambda kind: kind.__qualname__)
def test_every_time_that_is_asked_for_is_bounded(kind):
    assert [name for name, hint in fields(kind).items() if unbounded(hint)] == []


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "1899-12-31T23:59:59+00:00",
        "2200-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_a_moment_lies_between_1900_and_2199(moment):
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(moment)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_does_too(day):
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(day)


def test_the_first_and_the_last_are_among_them():
    first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert [TypeAdapter(Moment).validate_python(one) for one in (first, last)] == [first, last]
    assert TypeAdapter(Day).validate_python("2199-12-31") == date(2199, 12, 31)
