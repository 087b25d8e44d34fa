"""The page of a referral: what was offered to whom, what was answered, and of the case only what was handed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from application.case.disclosure.parts import consents
from application.case.disclosure.silence import silent
from application.case.disclosure.slices import as_read_by
from application.case.page import CasePage, TimelineEntry, page, timeline
from domain.case.case import DisputeCase, Party
from domain.case.kinds import Category, Risk
from domain.referral.asking import QuestionAnswered, QuestionAsked
from domain.referral.clock_names import ReferralClock
from domain.referral.referral import OPEN, Referral, running
from domain.shared.decider import Entry, History
from domain.shared.law import Due
from domain.shared.slices import NOTHING
from domain.shared.values import BodyId, PersonId


@dataclass(frozen=True)
class Handed:
    """What a receiver reads of the case, and the consents that allow it."""

    code: str
    category: Category | None
    place: UUID | None
    parties: Mapping[PersonId, Party]
    facts: str
    amount: int | None
    people: int | None
    entries: Sequence[TimelineEntry]
    allowed_by: Mapping[PersonId, int]
    """The entry of the case by which each party consents."""
    danger: Risk | None = None
    """Of a red risk, or a possible crime: told with every referral, whatever else is handed over."""
    risk_reported: bool = False


@dataclass(frozen=True)
class ReferralPage:
    id: UUID
    version: int
    position: int
    state: Referral
    handed: Handed
    clocks: Mapping[ReferralClock, Due]
    timeline: Sequence[TimelineEntry]
    offered_at: datetime


def referral_page(
    history: History[Referral], case: History[DisputeCase], reader: BodyId | None, latest: Referral | None = None
) -> ReferralPage:
    """`reader`: the receiving body that reads it; None: the sender, or somebody who sees all of the case. `latest`: the
    referral as it is now."""
    entries = history.entries
    return ReferralPage(
        id=history.id,
        version=history.version,
        position=entries[-1].position,
        state=_state_for(history.state, reader),
        handed=_handed(history.state, case, reader, latest or history.state),
        clocks=running(history.state),
        timeline=list(timeline(entries if reader is None else list(_heard(history, reader)))),
        offered_at=entries[0].occurred_at,
    )


def _state_for(referral: Referral, reader: BodyId | None) -> Referral:
    """What it came back with is between the sender and who accepted it; so is a question between its two."""
    if reader is None:
        return referral
    mine = referral if reader == referral.accepted_by else referral.but(outcome=None)
    return mine if referral.asked_by == reader else mine.but(asked_by=None)


def _heard(history: History[Referral], reader: BodyId) -> Iterator[Entry[Any]]:
    """What one of several receivers hears: of the others that they answered, and none of their words."""
    asker = None
    for entry in history.entries:
        asker = entry.event.by if isinstance(entry.event, QuestionAsked) else asker
        answers = asker if isinstance(entry.event, QuestionAnswered) else entry.stamp.body
        if answers == reader or answers not in history.state.receptions:
            yield entry
        elif entry.event.framed and (event := silent(entry.event)):
            yield replace(entry, event=event, stamp=replace(entry.stamp, on_behalf_of=None))


def _handed(referral: Referral, case: History[DisputeCase], reader: BodyId | None, latest: Referral) -> Handed:
    assert referral.content
    body = reader or next(iter(referral.receptions))
    reads = reader is None or (still_reads(referral, reader) and still_reads(latest, reader))
    given = referral.content if reads else NOTHING
    read = page(as_read_by(case, body, given))
    return Handed(
        code=read.state.code,
        category=read.state.category,
        place=read.state.place,
        parties={id: one for id, one in read.state.parties.items() if id in given.parties},
        facts=read.facts if given.facts else "",
        amount=read.amount if given.amount else None,
        people=read.people if given.amount else None,
        entries=list(_entries(read, given.entries)),
        allowed_by=consents(case, body),
        danger=read.state.risk if reads and is_danger(read.state) else None,
        risk_reported=reads and read.state.risk_reported,
    )


def is_danger(case: DisputeCase) -> bool:
    return case.risk is Risk.RED or case.possible_crime


def still_reads(referral: Referral, reader: BodyId) -> bool:
    """Who said no, or was not chosen, has nothing left to read."""
    if referral.accepted_by is not None:
        return reader == referral.accepted_by
    return referral.stage in OPEN and reader in referral.waiting


def _entries(read: CasePage, versions: Iterable[int]) -> Iterable[TimelineEntry]:
    wanted = set(versions)
    return (line for line in read.timeline if line.version in wanted or line.replaces in wanted)


def without_words(state: Referral) -> dict[str, Any]:
    """The state as it may be shown to both sides."""
    shown: dict[str, Any] = to_jsonable_python(state)
    return {name: value for name, value in shown.items() if name != "run_out"}
