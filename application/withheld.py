"""What is kept from every reader: persons who are restricted or erased, wherever an entry names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from application.masking import MASK
from domain.case.case import DisputeCase
from domain.case.privacy import NarrativeErased, known_by
from domain.shared.decider import History
from domain.shared.texts import SHORTEST, personal_fields
from domain.shared.values import ERASED, Narrative, Value


def withheld(history: History[DisputeCase]) -> History[DisputeCase]:
    """The same entries, versions and places. Made of the whole history, also where an earlier state is asked for: what
    is withheld now is withheld of the past as well."""
    state = history.state
    if not (state.restricted or state.erased or state.replaced):
        return history
    hiding = _Hiding(history)
    shown = [replace(entry, event=hiding.shown(entry.event)) for entry in history.entries]
    return History.of(history.id, history.blank, shown)


class _Hiding:
    def __init__(self, history: History[DisputeCase]) -> None:
        state = history.state
        self._persons: Mapping[Any, str] = dict.fromkeys(state.restricted, MASK) | dict.fromkeys(state.erased, ERASED)
        told = (one.event for one in history.entries)
        self._instead: Mapping[UUID, str] = {
            one.narrative: one.instead.text for one in told if isinstance(one, NarrativeErased)
        }
        known = {text for person in state.restricted for text in known_by(history.entries, person)}
        self._texts = sorted((one for one in known if len(one) >= SHORTEST), key=len, reverse=True)

    def shown(self, value: Any) -> Any:
        if isinstance(value, Value):
            return value.but(**self._fields(value))
        if isinstance(value, tuple):
            return tuple(self.shown(one) for one in value)
        return self._without(value) if type(value) is str else value

    def _fields(self, value: Value) -> dict[str, Any]:
        if isinstance(value, Narrative):
            return {"text": self._without(self._instead.get(value.id, value.text))}
        changes = {name: self.shown(getattr(value, name)) for name in type(value).model_fields}
        if mark := self._persons.get(getattr(value, "person", None)):
            changes |= {name: mark for name in personal_fields(type(value)) if changes[name]}
        return changes

    def _without(self, text: str) -> str:
        """Also within a text: a restricted person's name, numbers and address."""
        for one in self._texts:
            text = text.replace(one, MASK)
        return text
