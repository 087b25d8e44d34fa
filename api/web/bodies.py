"""For which body somebody acts: every form says so, and whoever is appointed to several chooses on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from application.rights import Viewer

SENT_BY, SENT_FOR = "sent_by", "sent_for"
_HIDDEN = Markup('<input type="hidden" name="{}" value="{}" />')


def marks_of(viewer: Viewer, is_chosen: bool) -> Markup:
    """`is_chosen`: the body is chosen on the form itself."""
    told = {SENT_BY: str(viewer.officer)} if is_chosen else {SENT_BY: str(viewer.officer), SENT_FOR: body_of(viewer)}
    return hidden_inputs(told.items())


def body_of(viewer: Viewer) -> str:
    return str(viewer.body or "")


def hidden_inputs(told: Iterable[tuple[str, str]]) -> Markup:
    return Markup("").join(_HIDDEN.format(name, value) for name, value in told)


def chosen(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    """What to choose from; nothing where there is no choice."""
    return [(str(id), name) for id, name in names.items()] if len(names) > 1 else []
