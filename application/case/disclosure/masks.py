"""What those who only look do not need: numbers and addresses of persons are masked, everywhere at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from application.rights import ACTS_FOR_A_BODY, Viewer
from domain.shared.marks import personal_kinds
from domain.shared.states import State
from domain.shared.values import Value

P = TypeVar("P")
MASK = "•••"
SEEN = frozenset({"name", "narrative"})
"""Kinds of personal fields that stay: whoever may open the case may know whose it is, and what was told. Any other
kind is masked."""


def as_seen_by(viewer: Viewer, page: P) -> P:
    """The page of a case or of a referral as this viewer may read it, every part of it alike."""
    if viewer.role in ACTS_FOR_A_BODY:
        return page
    seen: P = masked(page)
    return seen


def masked(value: Any) -> Any:
    """Without the personal fields that whoever only looks does not need, at whatever depth."""
    if isinstance(value, Value):
        kinds = personal_kinds(type(value))
        return value.with_fields({name: _masked(value, name, kinds) for name in type(value).model_fields})
    if isinstance(value, State):
        return value.with_fields({name: masked(one) for name, one in vars(value).items()})
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: masked(getattr(value, one.name)) for one in fields(value) if one.init})
    if isinstance(value, Mapping):
        return {key: masked(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(masked(one) for one in value)
    return value


def _masked(of: Value, name: str, kinds: Mapping[str, str]) -> Any:
    value = getattr(of, name)
    if kinds.get(name, "name") not in SEEN:
        return MASK if value else value
    return masked(value)
