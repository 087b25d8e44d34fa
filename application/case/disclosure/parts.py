"""What a body reads of a case of which it does not see all: its turn, what was handed to it, what it mediates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.case.beside.handover import JointBodyJoined
from domain.case.beside.turns import end_of_turn, gone
from domain.case.case import DisputeCase
from domain.case.mediating.consent import ConsentGiven, ConsentWithdrawn, ToDisclosure
from domain.case.people import PartyDetails
from domain.shared.decider import History, standing
from domain.shared.slices import NOTHING, Slice
from domain.shared.values import BodyId, PersonId

ALWAYS = 1 << 62
"""A version that no case comes to."""


@dataclass(frozen=True)
class Part:
    """What a body reads of a case, as the case stands now."""

    body: BodyId
    given: Slice
    mediations: Mapping[int, range]
    """Those that it mediates, or did, and the versions in which it reads what is recorded of them."""
    turn: int = 0
    """The version of the last entry of its turn; 0: it never saw all of it."""
    events: Mapping[int, Any] = field(default_factory=dict)
    """As each entry of its turn read at the end of it."""
    people: Mapping[PersonId, PartyDetails] = field(default_factory=dict)
    """As the parties were known at the end of it."""


def part_of(history: History[DisputeCase], body: BodyId) -> Part:
    """Of the whole history: what a party has taken back since is given no more, of the past either."""
    turn = end_of_turn(history, body)
    end = history.until(lambda entry: entry.version <= turn)
    return Part(
        body,
        _still_given(history, body, history.state.given.get(body, NOTHING)),
        _mediations(history, body),
        turn,
        {one.version: one.event for one in standing(end.entries)},
        {id: party.details for id, party in end.state.parties.items()},
    )


def part_handed(history: History[DisputeCase], body: BodyId, given: Slice) -> Part:
    """Of a body to which this is handed, whatever else it reads of the case."""
    return Part(body, _still_given(history, body, given), _mediations(history, body))


def _still_given(history: History[DisputeCase], body: BodyId, given: Slice) -> Slice:
    standing = consents(history, body).keys()
    return given.but(contacts=tuple(one for one in given.contacts if one in standing))


def _mediations(history: History[DisputeCase], body: BodyId) -> Mapping[int, range]:
    """A body that was invited reads on from when it joined, a body that leads it from its beginning; both until the
    matter passed to another body."""
    state = history.state
    joined = {
        one.event.mediation: one.version
        for one in history.entries
        if isinstance(one.event, JointBodyJoined) and one.event.body == body
    }
    until = _passed_on(history, body) if body in gone(state) else ALWAYS
    own = {number: 1 for number, one in state.mediations.items() if one.body == body}
    return {number: range(since, until + 1) for number, since in {**joined, **own}.items()}


def _passed_on(history: History[DisputeCase], body: BodyId) -> int:
    ends = (one.version for one in history.entries if getattr(one.event, "was", None) == body)
    return max(ends, default=ALWAYS)


def consents(history: History[DisputeCase], body: BodyId) -> Mapping[PersonId, int]:
    """The entry by which each party consents that the body is told."""
    found: dict[PersonId, int] = {}
    for entry in history.entries:
        event = entry.event
        if isinstance(event, ConsentGiven) and tells_of(event.subject, body):
            found[event.party] = entry.version
        if isinstance(event, ConsentWithdrawn) and tells_of(event.subject, body):
            found.pop(event.party, None)
    return found


def tells_of(subject: Any, body: BodyId) -> bool:
    return isinstance(subject, ToDisclosure) and subject.body == body
