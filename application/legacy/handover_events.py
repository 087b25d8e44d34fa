"""The steps between bodies: to another channel and back, each referral with its own history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from application.legacy.case_events import agreed, open_mediation
from application.legacy.deadlines import due_of
from application.legacy.places import Desk
from application.legacy.record import Record, narrative
from application.legacy.row_content import LegacyStep
from domain.case.beside.handover import MANDATES, CaseHandedOver
from domain.case.beside.holder import HolderChanged, MovedBy
from domain.case.beside.proceedings import OF_SENDER
from domain.case.beside.referral_return import ReferralCameBack, outcome_of, refuse_return
from domain.case.kinds import EndGround, Extent, Mandate
from domain.case.mediating.mediation import MediationEnded, ended_by
from domain.case.mediations import Mediation
from domain.case.record.importing import Breach
from domain.referral.answering import ReferralAccepted
from domain.referral.kinds import RESOLVED, way
from domain.referral.offering import ReferralOffered
from domain.referral.returning import ReferralReturned
from domain.shared.law import Due
from domain.shared.slices import Slice
from domain.shared.values import BodyKind, ReferralId, ReferralKind
from domain.shared.vocabulary import Outcome

GROUNDS = {
    Outcome.FAILED: EndGround.FAILED,
    Outcome.REFUSED: EndGround.REFUSED,
    Outcome.OUT_OF_CONTACT: EndGround.OUT_OF_CONTACT,
    Outcome.SELF_SETTLED: EndGround.SELF_SETTLED,
    Outcome.WITHDRAWN: EndGround.WITHDRAWN,
}
"""How a mediation ended that came back with this; an agreement is none of them."""


def pass_on(record: Record, ground: EndGround, at: datetime) -> None:
    """A mediation that goes on elsewhere has not failed here."""
    if active := record.state.active_mediation:
        record.add(ended_by(active.number, ground), at)


def move(record: Record, to: Desk, by: MovedBy, of_what: UUID, at: datetime, due: Due | None = None) -> None:
    moved = HolderChanged.trusted(
        holder=to.id,
        level=to.level,
        was=record.holder.id,
        by=by,
        of_what=of_what,
        due=due,
        sees_all=by is not MovedBy.REFERRAL,
        bounced=by is MovedBy.RETURN,
    )
    record.add(moved, at)
    record.desk = to


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
    pass_on(record, EndGround.REFERRED, step.at)
    if kind is ReferralKind.TRANSFER:
        move(record, to, MovedBy.REFERRAL, id, step.at, None if to.channel else due_of(record, step))
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
    if own and found is None and step.outcome:
        end_as_returned(record, own[-1], step.outcome, step)
        found = outcome_of(record.state.mediation(own[-1].number))
    told = step.outcome or found or Outcome.WITHDRAWN
    record.breaks(lambda: refuse_return(record.state, id, told))
    if own and found is None:
        pass_on(record, EndGround.REFERRED, step.at)
    come_back(record, id, told, step)


def end_as_returned(record: Record, mediation: Mediation, outcome: Outcome, step: LegacyStep) -> None:
    """An outcome that is told with the return alone is that of the mediation: it ended there, on that day."""
    if ground := GROUNDS.get(outcome):
        ended = MediationEnded.trusted(mediation=mediation.number, ground=ground, remedies_told=False, account=None)
        return record.add(ended, step.at)
    extent = Extent.PARTIAL if outcome is Outcome.PARTIAL_AGREEMENT else Extent.ALL_CLAIMS
    return agreed(record, step.but(body="", note="", extent=step.extent or extent))


def come_back(record: Record, id: ReferralId, outcome: Outcome, step: LegacyStep, *, at_once: bool = False) -> None:
    account = narrative(step.note) if step.note and not at_once else None
    came = ReferralReturned.trusted(outcome=outcome, papers=(), account=account, at_once=at_once)
    record.add_to(id, came, step.at)
    record.add(ReferralCameBack.trusted(referral=id, outcome=outcome), step.at)
    sender = record.senders[id]
    unresolved = outcome not in {*RESOLVED, Outcome.PARTIAL_AGREEMENT}
    if unresolved and record.state.holder != sender.id and _holds_by(record, id):
        move(record, sender, MovedBy.RETURN, id, step.at)


def _holds_by(record: Record, id: ReferralId) -> bool:
    """Whether the matter is still with the body that it was transferred to."""
    given = [event for _, event, _ in record.lines if isinstance(event, CaseHandedOver) and event.referral == id]
    return record.state.holder == given[-1].to


def return_at_once(record: Record, step: LegacyStep) -> None:
    """What failed at the receiver goes back at once, where the file does not tell it by a step of its own."""
    ended = [one for one in record.state.mediations.values() if one.referral in record.state.handed and one.ground]
    if ended and not record.returns_later and ended[-1].referral:
        come_back(record, ended[-1].referral, outcome_of(ended[-1]) or Outcome.WITHDRAWN, step, at_once=True)
