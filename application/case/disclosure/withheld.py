"""What is kept from every reader: persons who are restricted or erased, wherever an entry names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from application.case.disclosure.masks import MASK
from domain.case.case import DisputeCase
from domain.case.record.privacy import known_by
from domain.shared.decider import History
from domain.shared.erasing import read_instead
from domain.shared.normal_forms import Sought
from domain.shared.shapes import rebuilt
from domain.shared.texts import personal_fields
from domain.shared.values import ERASED, Narrative, NarrativeId, Value

S = TypeVar("S")


def withheld(history: History[DisputeCase]) -> History[DisputeCase]:
    """The same entries, versions and places. Made of the whole history, also where an earlier state is asked for: what
    is withheld now is withheld of the past as well."""
    return withheld_about(history, history)


def withheld_about(history: History[S], case: History[DisputeCase]) -> History[S]:
    """The same for the history of a referral or of an escalation of that case."""
    instead = read_instead(history.entries)
    if not (case.state.withheld or instead):
        return history
    hiding = _Hiding(case, instead)
    shown = [replace(entry, event=hiding.shown(entry.event)) for entry in history.entries]
    return History.of(history.id, history.blank, shown)


class _Hiding:
    def __init__(self, case: History[DisputeCase], instead: Mapping[NarrativeId, str]) -> None:
        state, self._instead = case.state, instead
        self._persons: Mapping[Any, str] = dict.fromkeys(state.restricted, MASK) | dict.fromkeys(state.erased, ERASED)
        known = {text for person in state.restricted for text in known_by(case.entries, person)}
        self._sought = Sought.of(known)

    def shown(self, value: Any) -> Any:
        return rebuilt(value, self._shown)

    def _shown(self, value: Any, _: str) -> Any:
        if isinstance(value, Value):
            return value.but(**self._fields(value))
        return self._without(value) if type(value) is str else value

    def _fields(self, value: Value) -> dict[str, Any]:
        if isinstance(value, Narrative):
            return {"text": self._without(self._instead.get(value.id, value.text))}
        changes = {name: self.shown(getattr(value, name)) for name in type(value).model_fields}
        if mark := self._persons.get(getattr(value, "person", None)):
            changes |= {name: mark for name in personal_fields(type(value)) if changes[name]}
        return changes

    def _without(self, text: str) -> str:
        """Also within a text, however it spells them: a restricted person's name, numbers and address."""
        return self._sought.replaced_in(text, MASK)
