"""What those who only look do not need: numbers and addresses of persons are masked, everywhere at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, get_type_hints

from application.case.page import CasePage
from application.rights import ACTS_FOR_A_BODY, Viewer
from domain.shared.values import Personal, Value

MASK = "•••"
HIDDEN = frozenset({"phone", "identity-number", "address"})
"""Kinds of personal fields. Names stay: whoever may open the case may know whose it is."""


def as_seen_by(viewer: Viewer, page: CasePage) -> CasePage:
    """The page as this viewer may read it, its state and its timeline alike."""
    if viewer.role in ACTS_FOR_A_BODY:
        return page
    return replace(
        page,
        state=masked(page.state),
        representatives=masked(page.representatives),
        timeline=[replace(line, event=masked(line.event)) for line in page.timeline],
    )


def masked(value: Any, kinds: frozenset[str] = HIDDEN) -> Any:
    """Without the personal fields of these kinds."""
    if isinstance(value, Value):
        changes = {name: _mask(name, value, kinds) for name in type(value).model_fields}
        return value.but(**changes)
    if isinstance(value, Mapping):
        return {key: masked(one, kinds) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(masked(one, kinds) for one in value)
    return value


def _mask(name: str, of: Value, kinds: frozenset[str]) -> Any:
    value = getattr(of, name)
    if name in _hidden_fields(type(of), kinds):
        return MASK if value else value
    return masked(value, kinds)


@cache
def _hidden_fields(of: type[Value], kinds: frozenset[str]) -> frozenset[str]:
    hints = get_type_hints(of, include_extras=True)
    return frozenset(name for name in of.model_fields if any(_is_of(kinds, mark) for mark in _marks(hints[name])))


def _marks(hint: Any) -> list[Any]:
    """The marks of the type, and of the types that it is made of."""
    inner = [mark for one in getattr(hint, "__args__", ()) for mark in _marks(one)]
    return [*getattr(hint, "__metadata__", ()), *inner]


def _is_of(kinds: frozenset[str], mark: Any) -> bool:
    return isinstance(mark, Personal) and mark.kind in kinds
