"""The steps between bodies: up to a level and down again, to another channel and back, each with its own history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from application.legacy.case_events import open_mediation
from application.legacy.places import Desk
from application.legacy.record import Record, narrative
from application.legacy.row_content import LegacyStep
from domain.case.beside.handover import MANDATES, CaseHandedOver
from domain.case.beside.holder import HolderChanged, MovedBy
from domain.case.beside.levels import EscalationBegan, EscalationOver
from domain.case.beside.proceedings import OF_SENDER
from domain.case.beside.referral_return import ReferralCameBack, outcome_of, refuse_return
from domain.case.course import EscalationPhase
from domain.case.kinds import EndGround, Mandate
from domain.case.mediating.mediation import ended_by
from domain.case.record.importing import Breach
from domain.escalation.assigning_down import EscalationResolved, EscalationReturnedDown
from domain.escalation.raising import EscalationAccepted, EscalationRequested
from domain.referral.answering import ReferralAccepted
from domain.referral.kinds import RESOLVED, way
from domain.referral.offering import ReferralOffered
from domain.referral.returning import ReferralReturned
from domain.shared.slices import Slice
from domain.shared.values import BodyKind, EscalationId, ReferralId, ReferralKind
from domain.shared.vocabulary import EscalationEnding, Outcome


def escalated(record: Record, step: LegacyStep) -> None:
    places, holder = record.around.places, record.holder
    above = record.named(step) if step.body else places.holder(record.area, step.level) if step.level else None
    if above is None:
        return record.keep_flagged(step, Breach.NO_SUCH_BODY)
    if record.state.level and above.level.rank <= record.state.level.rank:
        return record.keep_flagged(step, Breach.NOT_ABOVE)
    if step.ground is None:
        record.flag(Breach.NO_GROUND)
    id = EscalationId(uuid5(record.id, f"escalation/{len(record.below)}"))
    account = narrative(step.note) if step.note else None
    record.below[id] = holder
    requested = EscalationRequested.trusted(
        case=record.id, below=holder.id, above=above.id, ground=step.ground, account=account, answer_by=None
    )
    record.add_to(id, requested, step.at)
    record.add_to(id, EscalationAccepted.trusted(note=None), step.at)
    record.add(EscalationBegan.trusted(escalation=id, phase=EscalationPhase.TAKEN_UP, body=above.id), step.at)
    _pass_on(record, EndGround.ESCALATED, step.at)
    _move(record, above, MovedBy.ESCALATION, id, step.at)


def _pass_on(record: Record, ground: EndGround, at: datetime) -> None:
    """A mediation that goes on elsewhere has not failed here."""
    if active := record.state.active_mediation:
        record.add(ended_by(active.number, ground), at)


def _move(record: Record, to: Desk, by: MovedBy, of_what: UUID, at: datetime) -> None:
    moved = HolderChanged.trusted(
        holder=to.id,
        level=to.level,
        was=record.holder.id,
        by=by,
        of_what=of_what,
        due=None,
        sees_all=by is not MovedBy.REFERRAL,
        bounced=by is MovedBy.RETURN,
    )
    record.add(moved, at)
    record.desk = to


def returned_down(record: Record, step: LegacyStep) -> None:
    above = [id for id, phase in record.state.escalations.items() if phase is EscalationPhase.TAKEN_UP]
    if not above:
        return record.keep_flagged(step, Breach.NOT_ESCALATED)
    id = above[-1]
    down = EscalationReturnedDown.trusted(ground=step.return_ground, reason=narrative(step.note))
    record.add_to(id, down, step.at)
    record.add(EscalationOver.trusted(escalation=id, how=EscalationEnding.RETURNED_DOWN), step.at)
    _pass_on(record, EndGround.ESCALATED, step.at)
    _move(record, record.named(step) or record.below[id], MovedBy.RETURN, id, step.at)


def resolve_escalations(record: Record, at: datetime) -> None:
    """A case that is closed above leaves nothing to send down."""
    for id in record.state.escalations:
        record.add_to(id, EscalationResolved(), at)
        record.add(EscalationOver.trusted(escalation=id, how=EscalationEnding.RESOLVED), at)


def referred(record: Record, step: LegacyStep) -> None:
    places, sender = record.around.places, record.holder
    to = record.named(step) if step.body else None
    if to is None and not step.body and step.channel:
        to = places.receiver(record.area, step.channel, sender.id)
    if to is None:
        return record.keep_flagged(step, Breach.NO_SUCH_BODY)
    if record.state.handed:
        return record.keep_flagged(step, Breach.TWO_HOLDERS)
    if to.id == sender.id:
        return record.keep_flagged(step, Breach.NOT_COMPETENT)
    if not record.state.parties:
        return record.keep_flagged(step, Breach.BOTH_SIDES_NEEDED)
    _hand_over(record, step, sender, to)


def _hand_over(record: Record, step: LegacyStep, sender: Desk, to: Desk) -> None:
    kind = step.kind if step.kind in MANDATES else None
    kind = kind or (ReferralKind.DELEGATE if sender.kind is BodyKind.COURT else ReferralKind.TRANSFER)
    found = way(kind, sender, to)
    if found is None:
        record.flag(Breach.NOT_COMPETENT)
    id = ReferralId(uuid5(record.id, f"referral/{len(record.senders)}"))
    record.senders[id] = sender
    content = Slice.trusted(parties=tuple(record.state.parties))
    offered = ReferralOffered.trusted(
        case=record.id,
        kind=kind,
        sender=sender.id,
        to=(to.id,),
        content=content,
        consented=(),
        on_platform=False,
        summary_procedure=False,
        complex=False,
        petition=False,
        basis=str(found.basis) if found else "",
        answer_by=None,
        note=narrative(step.note) if step.note else None,
    )
    record.add_to(id, offered, step.at)
    record.add_to(id, ReferralAccepted.trusted(by=to.id, late=False, note=None), step.at)
    record.add(CaseHandedOver.trusted(referral=id, kind=kind, to=to.id, content=content), step.at)
    _pass_on(record, EndGround.REFERRED, step.at)
    if kind is ReferralKind.TRANSFER:
        _move(record, to, MovedBy.REFERRAL, id, step.at)
    if to.channel:
        lifted = frozenset({OF_SENDER[sender.kind]} if sender.kind in OF_SENDER else ())
        mandate: Mandate = MANDATES[kind]
        open_mediation(record, to, step, to.channel, mandate, id, lifted)


def returned(record: Record, step: LegacyStep) -> None:
    if not record.state.handed:
        return record.keep_flagged(step, Breach.NOT_REFERRED)
    id = min(record.state.handed)
    own = [one for one in record.state.mediations.values() if one.referral == id]
    found = outcome_of(own[-1]) if own else None
    told = step.outcome or found or Outcome.WITHDRAWN
    record.breaks(lambda: refuse_return(record.state, id, told))
    if own and found is None:
        _pass_on(record, EndGround.REFERRED, step.at)
    come_back(record, id, told, step)


def come_back(record: Record, id: ReferralId, outcome: Outcome, step: LegacyStep, *, at_once: bool = False) -> None:
    account = narrative(step.note) if step.note and not at_once else None
    came = ReferralReturned.trusted(outcome=outcome, papers=(), account=account, at_once=at_once)
    record.add_to(id, came, step.at)
    record.add(ReferralCameBack.trusted(referral=id, outcome=outcome), step.at)
    sender = record.senders[id]
    unresolved = outcome not in {*RESOLVED, Outcome.PARTIAL_AGREEMENT}
    if unresolved and record.state.holder != sender.id and _holds_by(record, id):
        _move(record, sender, MovedBy.RETURN, id, step.at)


def _holds_by(record: Record, id: ReferralId) -> bool:
    """Whether the matter is still with the body that it was transferred to."""
    given = [event for _, event, _ in record.lines if isinstance(event, CaseHandedOver) and event.referral == id]
    return record.state.holder == given[-1].to


def return_at_once(record: Record, step: LegacyStep) -> None:
    """What failed at the receiver goes back at once, where the file does not tell it by a step of its own."""
    ended = [one for one in record.state.mediations.values() if one.referral in record.state.handed and one.ground]
    if ended and not record.returns_later and ended[-1].referral:
        come_back(record, ended[-1].referral, outcome_of(ended[-1]) or Outcome.WITHDRAWN, step, at_once=True)
