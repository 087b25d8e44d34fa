"""Every text that was told about a case: its own, and those of its referrals and escalations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from application.case.service import Cases
from application.ports import Asked, Stream, Unit
from application.streams import ESCALATIONS, REFERRALS
from domain.case.beside.holder import HolderChanged, MovedBy
from domain.case.case import DisputeCase
from domain.escalation.privacy import EraseEscalationTexts
from domain.referral.privacy import EraseReferralTexts
from domain.shared.decider import Entry, History, decide
from domain.shared.erasing import Replacement, refuse_still_named, texts_of
from domain.shared.values import NarrativeId

Read = Callable[[Stream[Any], UUID], History[Any]]
COMMANDS: Mapping[str, type[Any]] = {REFERRALS.name: EraseReferralTexts, ESCALATIONS.name: EraseEscalationTexts}


def elsewhere(entries: Iterable[Entry[Any]]) -> set[tuple[Stream[Any], UUID]]:
    """The referrals and the escalations that the entries of a case speak of."""
    return {found for entry in entries for found in _spoken_of(entry.event)}


def _spoken_of(event: Any) -> Iterator[tuple[Stream[Any], UUID]]:
    if id := getattr(event, "referral", None):
        yield REFERRALS, id
    if id := getattr(event, "escalation", None):
        yield ESCALATIONS, id
    if isinstance(event, HolderChanged) and event.by is MovedBy.ASSIGNMENT:
        yield ESCALATIONS, event.of_what


def histories(case: History[DisputeCase], read: Read) -> list[tuple[Stream[Any], History[Any]]]:
    """Those of its referrals and escalations, always in the same order."""
    found = sorted(elsewhere(case.entries), key=lambda one: (one[0].name, one[1]))
    return [(stream, history) for stream, id in found if (history := read(stream, id)).entries]


class TextsElsewhere:
    """The texts of a case's referrals and escalations, within the unit of work that erases something of the case."""

    def __init__(self, unit: Unit, case: History[DisputeCase], cases: Cases) -> None:
        self._unit, self._cases = unit, cases
        self._found = [(stream, one, _ids(one)) for stream, one in histories(case, unit.history)]

    def without_mine(self, given: Iterable[Replacement]) -> tuple[Replacement, ...]:
        """Those of the case's own texts, or of none."""
        return tuple(one for one in given if not any(one.narrative in ids for _, _, ids in self._found))

    def replace(self, given: Iterable[Replacement], basis: str, known: Collection[str], asked: Asked) -> None:
        """Records the copies. `known`: by which the erased person is known. Raises StillNamed.

        Also where nothing is replaced: whoever writes a text there at this moment is overtaken, or overtakes."""
        told = list(given)
        for stream, history, ids in self._found:
            mine = tuple(one for one in told if one.narrative in ids)
            refuse_still_named(history.entries, {one.narrative: one.told for one in mine}, known)
            command = COMMANDS[stream.name](replacements=mine, basis=basis)
            on = self._cases.occasion(command, asked)
            events = decide(history, command, on)
            self._unit.append(stream, history.id, history.version, events, on.occurred_at, asked=asked)


def _ids(history: History[Any]) -> set[NarrativeId]:
    return {one.id for one in texts_of(history.entries)}
