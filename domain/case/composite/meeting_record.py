"""一次说合 One meeting: who came, what they consented to, what was said, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from annotated_types import Len

from domain.case.case import DisputeCase
from domain.case.composite.agreed import Agreed, performed_at_once, reached
from domain.case.composite.composite import Composite, EachOnce, Part, Signature, Step, signing
from domain.case.kinds import EndGround, ParticipantRole
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediating.mediation import EndMediation, ready_to_mediate
from domain.case.mediating.mediators import AcceptMediator, JoinParticipant, ProposeMediator
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediating.sessions import HoldSession, ScheduleSession
from domain.case.mediating.starting import StartMediation
from domain.case.mediations import Mediation, Stage
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.parties import CheckIdentity, TellRights
from domain.shared.errors import DomainError, Refused
from domain.shared.references import SessionNumber
from domain.shared.values import Form, Line, Moment, OfficerId, PersonId, PersonName, Told, Value


class MeetingOutcome(StrEnum):
    """What came of a meeting."""

    AGREED = "agreed"  # 达成协议
    AGAIN = "again"  # 择日再谈
    ENDED = "ended"  # 终止调解


class Answer(StrEnum):
    """What a party says to being mediated."""

    CONSENTS = "consents"  # 同意
    REFUSES = "refuses"  # 拒绝


class AtTable(Signature):
    """One party at the meeting."""

    came: bool = False
    identity: Line = ""
    """The document that was looked at; empty: none was."""
    answer: Answer | None = None
    """None: it had answered before, or was not asked."""
    accepts_mediator: bool = False


class Helper(Value):
    """Somebody who came to help, and signs nothing."""

    name: PersonName
    role: ParticipantRole = ParticipantRole.RELATIVE


class MediatorNeeded(Refused):
    """Nobody mediates yet: say who does."""


class GroundNeeded(Refused):
    """A mediation that ends without agreement ends for a reason."""


class RecordMeeting(Composite):
    """一次说合"""

    at_table: Annotated[tuple[AtTable, ...], Len(1, 100), EachOnce]
    own_motion: bool = False
    """Nobody had applied for it."""
    rights_told: bool = False
    form: Form = Form.ORAL
    """How rights were told, and consents given."""
    mediator: OfficerId | None = None
    """Who mediates; None: whoever was accepted before."""
    chosen_by_parties: bool = False
    helpers: Annotated[tuple[Helper, ...], Len(0, 20)] = ()
    session: SessionNumber | None = None
    """The appointment that was kept; None: there was none."""
    record: Told
    public: bool = False
    outcome: MeetingOutcome
    agreed: Agreed = Agreed()
    next_at: Moment | None = None
    next_where: Line = ""
    because: EndGround | None = None
    remedies_told: bool = False

    def parts(self) -> tuple[Part, ...]:
        return (
            _refusals_lifted,
            _accepted,
            _told_rights,
            _identified,
            _answered,
            _mediator_named,
            _mediator_accepted,
            _started,
            _helped,
            _held,
            _concluded,
            *(signing(self.agreed, self.at_table, "agreed.") if self.outcome is MeetingOutcome.AGREED else ()),
            _performed,
        )

    @property
    def came(self) -> tuple[PersonId, ...]:
        return tuple(one.party for one in self.at_table if one.came)


def _refusals_lifted(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    """Who had refused, and consents now, does so before anybody accepts the case against a refusal."""
    if case.active_mediation is not None:
        return
    for index, one in enumerate(told.at_table):
        refused = [channel for party, channel in sorted(case.refusals) if party == one.party]
        for channel in refused if one.answer is Answer.CONSENTS else ():
            lifted = GiveConsent(
                party=one.party,
                subject=ToMediation(channel=channel),
                form=told.form,
                given_by=one.given_by,
                with_guardian=one.with_guardian,
            )
            yield Step(lifted, f"at_table.{index}.answer")


def _accepted(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    if case.active_mediation is None:
        yield Step(AcceptCase(own_motion=told.own_motion), "")


def _told_rights(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    untold = tuple(id for id in told.came if id in case.parties and not case.parties[id].rights_told)
    if told.rights_told and untold:
        yield Step(TellRights(parties=untold, form=told.form), "rights_told")


def _identified(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    for index, one in enumerate(told.at_table):
        known = case.parties.get(one.party)
        if one.identity and not (known and known.identity_checked):
            yield Step(CheckIdentity(party=one.party, document=one.identity), f"at_table.{index}.identity")


def _answered(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    mediation = _active(case)
    for index, one in enumerate(told.at_table):
        field = f"at_table.{index}.answer"
        if one.answer is Answer.REFUSES:
            yield Step(RefuseMediation(party=one.party, channel=mediation.channel, form=told.form), field)
        elif one.answer is Answer.CONSENTS and one.party not in mediation.consents:
            consent = GiveConsent(
                party=one.party,
                subject=ToMediation(channel=mediation.channel),
                form=told.form,
                given_by=one.given_by,
                with_guardian=one.with_guardian,
            )
            yield Step(consent, field)


def _active(case: DisputeCase) -> Mediation:
    active = case.active_mediation
    assert active, "accepted by the first part, or before"
    return active


def _chosen(told: RecordMeeting, case: DisputeCase) -> OfficerId | None:
    """Who mediates: as it is told, or the one who was proposed or accepted before."""
    mediation = _active(case)
    return told.mediator or next(
        iter([*mediation.accepted_mediators(case.present_parties), *mediation.mediators]), None
    )


def _mediator_named(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    mediation, chosen = _active(case), _chosen(told, case)
    if chosen is None and told.outcome is not MeetingOutcome.ENDED:
        raise MediatorNeeded(field="mediator")
    if chosen and chosen not in mediation.mediators:
        proposed = ProposeMediator(
            mediation=mediation.number, mediator=chosen, chosen_by_parties=told.chosen_by_parties
        )
        yield Step(proposed, "mediator")


def _mediator_accepted(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    mediation, chosen = _active(case), _chosen(told, case)
    if chosen is None:
        return
    known = mediation.mediators[chosen].accepted_by
    accepting = tuple(one.party for one in told.at_table if one.accepts_mediator and one.party not in known)
    if accepting:
        accepted = AcceptMediator(mediation=mediation.number, mediator=chosen, parties=accepting, form=told.form)
        yield Step(accepted, "at_table")


def _started(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    """What ends need not have begun; for what goes on, the refusal says what is missing."""
    mediation = _active(case)
    if mediation.stage is Stage.CONSENTED and (told.outcome is not MeetingOutcome.ENDED or _is_ready(case, mediation)):
        yield Step(StartMediation(mediation=mediation.number), "at_table")


def _is_ready(case: DisputeCase, mediation: Mediation) -> bool:
    try:
        ready_to_mediate(case, mediation)
    except DomainError:
        return False
    return True


def _helped(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    if told.helpers and not told.came:
        raise NobodyCame(field="at_table")
    for index, one in enumerate(told.helpers):
        joined = JoinParticipant(
            mediation=_active(case).number, name=one.name, role=one.role, consented=told.came, form=told.form
        )
        yield Step(joined, f"helpers.{index}.name")


def _is_held(told: RecordMeeting, case: DisputeCase) -> bool:
    """Where it ends before it began, there was no session: what was said is told with the end."""
    return told.outcome is not MeetingOutcome.ENDED or _active(case).stage is Stage.UNDER_WAY


def _held(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    mediation = _active(case)
    if not _is_held(told, case):
        return
    if not told.came:
        raise NobodyCame(field="at_table")
    held = HoldSession(
        mediation=mediation.number,
        session=told.session,
        attended=told.came,
        participants=tuple(sorted(mediation.participants)) if told.helpers else (),
        record=told.record,
        public=told.public,
    )
    yield Step(held, "record")


class NobodyCame(Refused):
    """A session to which no party came was not held: say who came, or give it another day."""


def _concluded(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    mediation = _active(case)
    match told.outcome:
        case MeetingOutcome.AGREED:
            yield Step(reached(told.agreed, mediation.number), "agreed")
        case MeetingOutcome.AGAIN if told.next_at:
            yield Step(ScheduleSession(mediation=mediation.number, at=told.next_at, where=told.next_where), "next_at")
        case MeetingOutcome.ENDED:
            if told.because is None:
                raise GroundNeeded(field="because")
            ended = EndMediation(
                mediation=mediation.number,
                because=told.because,
                remedies_told=told.remedies_told,
                account="" if _is_held(told, case) else told.record[:LONGEST_ACCOUNT],
            )
            yield Step(ended, "because")


LONGEST_ACCOUNT = 4_000
"""Of an end: what is longer belongs into the record of a session."""


def _performed(told: RecordMeeting, case: DisputeCase) -> Iterator[Step]:
    if told.outcome is MeetingOutcome.AGREED and (last := case.last_mediation):
        yield from performed_at_once(told.agreed, last)
