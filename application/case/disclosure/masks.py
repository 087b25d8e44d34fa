"""What those who only look do not need: numbers and addresses of persons are masked, everywhere at once."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from application.rights import ACTS_FOR_A_BODY, Viewer
from domain.shared.marks import SEEN, free_texts, marked, personal_kinds
from domain.shared.shapes import rebuilt
from domain.shared.states import State
from domain.shared.values import Value

P = TypeVar("P")
MASK = "•••"
SEEN_KINDS = frozenset({"name", "narrative"})
"""Kinds of personal fields that stay: whoever may open the case may know whose it is, and what was told. Any other
kind is masked, and so is every text that stands beside them."""


def as_seen_by(viewer: Viewer, page: P) -> P:
    """The page of a case or of a referral as this viewer may read it, every part of it alike."""
    if viewer.role in ACTS_FOR_A_BODY:
        return page
    seen: P = masked(page)
    return seen


def masked(value: Any) -> Any:
    """Without the personal fields that whoever only looks does not need, at whatever depth."""
    return rebuilt(value, _masked)


def _masked(value: Any, _: str) -> Any:
    if isinstance(value, Value):
        return _without_hidden(value, describes_a_person(type(value)))
    if isinstance(value, State):
        return value.with_fields({name: masked(one) for name, one in vars(value).items()})
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: masked(getattr(value, one.name)) for one in fields(value) if one.init})
    return value


def _without_hidden(value: Value, of_a_person: bool) -> Value:
    """`of_a_person`: whether it describes somebody, itself or as part of a value that does."""
    told, hidden = {name: getattr(value, name) for name in type(value).model_fields}, _hidden(type(value), of_a_person)

    def deeper(one: Any, _: str) -> Any:
        return _without_hidden(one, True) if of_a_person and isinstance(one, Value) else _masked(one, "")

    masks = {name: rebuilt(one, _mask) if name in hidden else rebuilt(one, deeper) for name, one in told.items()}
    return value.with_fields(masks)


def _mask(text: Any, _: str) -> Any:
    return MASK if text else text


@cache
def describes_a_person(cls: type[Value]) -> bool:
    return "person" in cls.model_fields or bool(personal_kinds(cls))


@cache
def _hidden(cls: type[Value], of_a_person: bool) -> frozenset[str]:
    """Of a person every text is masked that nobody marked as seen; elsewhere what is personal by its kind."""
    kinds, asked = personal_kinds(cls), free_texts(cls) if of_a_person else personal_kinds(cls).keys()
    return frozenset(asked - {name for name, kind in kinds.items() if kind in SEEN_KINDS} - marked(cls, SEEN))
