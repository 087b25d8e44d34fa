"""更正与作废 Correction: an entry is read anew or struck out by a new one; what no longer has a footing stops it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any, ClassVar
from uuid import UUID

from annotated_types import Len
from pydantic import Field, JsonValue

from domain.case.beside.proceedings import ProceedingsNoted
from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, CaseEvent
from domain.case.kinds import EndGround
from domain.case.mediating.agreement import AgreementReached
from domain.case.mediating.consent import ConsentGiven, ToCorrection
from domain.case.mediating.effect import AgreementTookEffect, took_effect
from domain.case.mediating.mediation import FOLLOWS, MediationEnded, ended_by
from domain.case.mediating.signing import (
    AgreementSealed,
    AgreementSigned,
    AgreementSignedByMediator,
    CourtDocumentIssued,
)
from domain.case.mediating.unanimous import ConsentMissing
from domain.case.mediations import Stage
from domain.case.opening.acceptance import CaseAccepted, MediationOpened
from domain.case.record.joining import CaseMerged, CaseTakenIn
from domain.case.record.preconditions import Reading, read_anew
from domain.case.record.privacy import is_withheld_entry, refuse_withheld_entry
from domain.case.record.rewriting import correctable_fields, rewritten
from domain.shared.decider import Amending, Amendment, Entry, Event, History, Rewritten, standing
from domain.shared.errors import Conflict, InTheFuture, Missing, Refused
from domain.shared.marks import Correctable, Framed, fields_naming
from domain.shared.occasion import Occasion, happened
from domain.shared.references import EntryVersion, WillingParty
from domain.shared.values import CaseId, Form, Moment, Narrative, Reason

AMENDABLE = frozenset(set(Status) - {Status.NEW})
ONE_STEP = {(CaseAccepted, MediationOpened), (ProceedingsNoted, MediationEnded)}
"""Entries that are one step, recorded as two: neither is struck without the other."""


class NoSuchEntry(Missing):
    """The case has no entry of this version, or it was struck out."""


class NotToBeAmended(Refused):
    """A correction, a derived entry and the day of the request are not corrected."""


class NothingChanges(Refused):
    """The correction says what the entry says already."""


class BuiltUpon(Conflict):
    """Other entries build on it: they are struck out together with it, or first."""


class EntryCorrected(CaseEvent, Amending[DisputeCase]):
    """The entries that follow it stand in the place of the ones it names; the timeline shows both."""

    name: ClassVar = "case.entry_corrected"
    entry: Framed[Correctable[EntryVersion]]
    reason: Correctable[Narrative]


class EntryStruck(CaseEvent, Amending[DisputeCase]):
    name: ClassVar = "case.entry_struck"
    reason: Correctable[Narrative]


class _CaseAmendment(Amendment[DisputeCase], CaseCommand):
    allowed_in = AMENDABLE
    reason: Reason

    consented: Annotated[tuple[WillingParty, ...], Len(0, 100)] = ()
    """The parties who consent: all of them, where the agreement was ever signed, or takes effect by it."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        raise AssertionError("an amendment is decided on the history")

    def consents(
        self, history: History[DisputeCase], entry: Entry[Any], newly: tuple[CaseEvent, ...]
    ) -> tuple[CaseEvent, ...]:
        """`newly`: what follows only now. An agreement that binds by an amendment binds by the will of all."""
        if not (_was_signed(history, entry.event) or any(isinstance(one, AgreementTookEffect) for one in newly)):
            return ()
        if missing := sorted(history.state.present_parties - set(self.consented)):
            raise ConsentMissing(parties=missing)
        subject = ToCorrection(entry=entry.version)
        return tuple(ConsentGiven(party=id, subject=subject, form=Form.WRITTEN) for id in self.consented)


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


OF_THE_AGREEMENT = (AgreementReached, AgreementSigned, AgreementSignedByMediator, AgreementSealed, CourtDocumentIssued)
BINDING = (AgreementSigned, AgreementTookEffect)


def _was_signed(history: History[DisputeCase], event: Event[DisputeCase]) -> bool:
    """Whether it is of an agreement that a party signed, or that took effect: also where that was struck out since."""
    if not isinstance(event, OF_THE_AGREEMENT):
        return False
    reached = [one.version for one in standing(history.entries) if _is_of(event.mediation, one, AgreementReached)]
    since = (one for one in history.entries if one.version > min(reached))
    return any(_is_of(event.mediation, one, BINDING) for one in since)


def _is_of(mediation: int, entry: Entry[DisputeCase], kinds: Any) -> bool:
    return isinstance(entry.event, kinds) and getattr(entry.event, "mediation", None) == mediation


class CorrectEntry(_CaseAmendment):
    """更正"""

    entry: EntryVersion
    changes: dict[str, JsonValue] = Field(default_factory=dict)
    happened_at: Moment | None = None
    """When it really happened, where that was wrong."""

    @property
    def amended(self) -> frozenset[int]:
        return frozenset({self.entry})

    def named(self, event: type[CaseEvent], kind: Any) -> set[Any]:
        """The ids of areas or bodies that the changes put into an entry of this kind: they are looked up before."""
        told = (str(self.changes[name]) for name in fields_naming(event, kind) if name in self.changes)
        return {UUID(one) for one in told if _is_id(one)}

    def amend(self, history: History[DisputeCase], on: Occasion) -> tuple[CaseEvent, ...]:
        old = amendable(history, self.entry)
        assert isinstance(old.event, CaseEvent)
        event = rewritten(old.event, self.changes, on)
        moment = happened(self.happened_at, on.now) if self.happened_at else old.occurred_at
        if moment > on.now:
            raise InTheFuture(happened_at=moment)
        if event == old.event and moment == old.occurred_at:
            raise NothingChanges(entry=self.entry)
        counted = event.counted_anew(moment, on)
        new = replace(old, event=counted, stamp=replace(old.stamp, occurred_at=moment))
        reading = read_anew(history, {old.version: new}, on)
        if reading.lost:
            raise BuiltUpon(entries=reading.lost)
        newly = _newly(reading, on)
        return (*self.consents(history, old, newly), *self._corrected(new, reading, on), *newly)

    def _corrected(self, new: Entry[DisputeCase], reading: Reading, on: Occasion) -> tuple[CaseEvent, ...]:
        entries = (*(reading.corrected or [new]), *reading.rederived)
        corrected = EntryCorrected(
            entry=self.entry,
            struck=tuple(reading.vanished),
            rewritten=_places(entries, reading.following),
            reason=on.narrative(self.reason, 90),
        )
        return (corrected, *(one.event for one in (*entries, *reading.following)))  # type: ignore[arg-type]


class StrikeEntry(_CaseAmendment):
    """作废"""

    entries: Annotated[tuple[EntryVersion, ...], Len(1, 500)]

    @property
    def amended(self) -> frozenset[int]:
        return frozenset(self.entries)

    def mergers(self, history: History[DisputeCase]) -> list[CaseId]:
        """The cases into which this one was merged by the entries that are struck."""
        named = (one.event for one in standing(history.entries) if one.version in self.entries)
        return [one.into for one in named if isinstance(one, CaseMerged)]

    def amend(self, history: History[DisputeCase], on: Occasion) -> tuple[CaseEvent, ...]:
        struck = {version: amendable(history, version) for version in self.entries}
        if apart := _torn_apart(history, struck):
            raise BuiltUpon(entries=apart)
        reading = read_anew(history, dict.fromkeys(struck), on)
        if reading.lost:
            raise BuiltUpon(entries=reading.lost)
        newly = _newly(reading, on)
        consents = [one for entry in struck.values() for one in self.consents(history, entry, newly)]
        entry = EntryStruck(
            struck=(*sorted(struck), *reading.vanished),
            rewritten=_places(reading.rederived, reading.following),
            reason=on.narrative(self.reason, 90),
        )
        anew = (one.event for one in (*reading.rederived, *reading.following))
        return (*consents, entry, *anew, *newly)  # type: ignore[arg-type]


def _places(anew: Iterable[Entry[DisputeCase]], following: Iterable[Entry[DisputeCase]]) -> tuple[Rewritten, ...]:
    return (
        *(Rewritten(entry=one.version, occurred_at=one.occurred_at) for one in anew),
        *(Rewritten(entry=one.version, occurred_at=one.occurred_at, behind=True) for one in following),
    )


def taken_back(other: History[DisputeCase], merged: CaseId, reason: Narrative) -> tuple[CaseEvent, ...]:
    """What the other case records when the merger into it is struck out."""
    struck = tuple(
        one.version
        for one in standing(other.entries)
        if isinstance(one.event, CaseTakenIn) and one.event.merged == merged
    )
    return (EntryStruck(struck=struck, rewritten=(), reason=reason),) if struck else ()


def _torn_apart(history: History[DisputeCase], struck: Mapping[int, Entry[DisputeCase]]) -> list[int]:
    """What would be left of a step that is two entries, where only one of them is struck."""
    pairs = [
        {one.version, two.version}
        for one, two in pairwise(standing(history.entries))
        if (type(one.event), type(two.event)) in ONE_STEP and one.stamp.request == two.stamp.request
    ]
    return sorted(version for pair in pairs if pair & struck.keys() for version in pair - struck.keys())


def _newly(reading: Reading, on: Occasion) -> tuple[CaseEvent, ...]:
    """What follows, takes effect or ends only now that the entries read otherwise."""
    waiting = [one.number for one in reading.state.mediations.values() if one.stage is Stage.AGREED]
    found = {number: took_effect(reading.state, number, on) for number in waiting}
    effects = [effect for effect in found.values() if effect]
    active = reading.state.active_mediation
    sued = active and active.number in reading.sued and not found.get(active.number)
    ends = [ended_by(active.number, EndGround.TO_COURT)] if active and sued else []
    return (*reading.newly, *effects, *ends)  # type: ignore[arg-type]


def amendable(history: History[DisputeCase], version: int) -> Entry[DisputeCase]:
    """Raises NoSuchEntry, NotToBeAmended, PersonIsWithheld."""
    entry = next((one for one in standing(history.entries) if one.version == version), None)
    if entry is None:
        raise NoSuchEntry(entry=version)
    if not _is_amendable(entry.event):
        raise NotToBeAmended(entry=version)
    refuse_withheld_entry(history, entry)
    return entry


def _is_amendable(event: Event[DisputeCase]) -> bool:
    if getattr(event, "referral", None) or getattr(event, "ground", None) in FOLLOWS:
        return False
    return isinstance(event, CaseEvent) and not (isinstance(event, Amending) or event.derived or event.immutable)


def _has_fields(event: Event[DisputeCase]) -> bool:
    return isinstance(event, CaseEvent) and _is_amendable(event) and bool(correctable_fields(type(event)))


def correctable(history: History[DisputeCase]) -> dict[int, Entry[DisputeCase]]:
    """The entries that can be corrected field by field, as they read now."""
    return {
        one.version: one
        for one in standing(history.entries)
        if _has_fields(one.event) and not is_withheld_entry(history, one)
    }
