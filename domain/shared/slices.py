"""A slice is the part of a case that a receiver may read: chosen piece by piece, no more than the parties gave."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Len

from domain.shared.references import EntryVersion, PartyRef
from domain.shared.values import Value


class Slice(Value):
    """移送内容: all of it named by its place in the case, so that a correction or an erasure there holds here too. With
    it goes, by rule, what is dangerous, whatever is chosen: a red risk, a possible crime, and that it was reported."""

    parties: Annotated[tuple[PartyRef, ...], Len(1, 100)]
    """Whose names are told."""
    contacts: Annotated[tuple[PartyRef, ...], Len(0, 100)] = ()
    """Whose telephone and address are told: of those who consent only."""
    facts: bool = True
    """What the dispute is about, as it was told at registration."""
    amount: bool = True
    entries: Annotated[tuple[EntryVersion, ...], Len(0, 200)] = ()
    """Papers, evidence, records of sessions and agreements, each by its entry in the case."""


NOTHING = Slice.model_construct(parties=(), contacts=(), facts=False, amount=False, entries=())
"""What is told to a body beyond the frame, where nothing was handed over to it."""
