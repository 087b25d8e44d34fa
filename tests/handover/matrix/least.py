"""The least that a command says, by the types of its fields: a new command is asked the day that it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from pydantic import AwareDatetime

from domain.shared.decider import Command
from domain.shared.references import Refers
from domain.shared.values import Sha256
from tests.oracle.drawn import unwrapped

FUTURE = "2030-01-01"
BY_TYPE: Mapping[Any, Any] = {
    bool: True,
    int: 1,
    str: "文",
    date: FUTURE,
    AwareDatetime: f"{FUTURE}T10:00:00+08:00",
}


def least(command: type[Command[Any]], said: Mapping[str, Any], known: Mapping[Any, Any]) -> dict[str, Any]:
    """`said`: what its types do not tell, by hand. `known`: by what is pointed at (`party`, `mediator`) or by the type
    of an id, what there is in the story.

    Raises TypeError for a field that its type does not tell."""
    hints = get_type_hints(command, include_extras=True)
    required = [name for name, field in command.model_fields.items() if field.is_required() and name != "mediation"]
    lacking = [name for name in required if name not in said]
    return {name: _value(hints[name], known, f"{command.__name__}.{name}") for name in lacking} | dict(said)


def _value(hint: Any, known: Mapping[Any, Any], where: str) -> Any:
    marks, core, many = unwrapped(hint)
    pointed = next((mark.to for mark in marks if isinstance(mark, Refers)), None)
    one = _one(marks, core, pointed, known)
    if one is None:
        raise TypeError(f"tests/handover/matrix/addresses.py: say in contents() the least that {where} says")
    return [one] if many else one


def _one(marks: list[Any], core: Any, pointed: str | None, known: Mapping[Any, Any]) -> Any:
    if pointed:
        return known.get(pointed, 1)
    if any(mark in get_args(Sha256)[1:] for mark in marks):
        return "ab" * 32
    if isinstance(core, type) and issubclass(core, StrEnum):
        return next(iter(core)).value
    return known.get(core, BY_TYPE.get(core))
