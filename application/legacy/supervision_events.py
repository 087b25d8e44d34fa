"""The steps of a supervision: a body above sets a day, urges, hears a report and ends it; the matter stays below."""

from __future__ import annotations

from application.legacy.deadlines import due_of
from application.legacy.level_events import above_of, begun
from application.legacy.record import Record, narrative
from application.legacy.row_content import LegacyStep
from domain.case.beside.levels import EscalationBegan, EscalationOver
from domain.case.course import EscalationPhase
from domain.case.record.importing import Breach
from domain.escalation.supervision import CaseSupervised, SupervisionEnded, SupervisionReported, SupervisionUrged
from domain.shared.values import EscalationId
from domain.shared.vocabulary import EscalationEnding


def supervised(record: Record, step: LegacyStep) -> None:
    holder = record.holder
    if (above := above_of(record, step)) is None:
        return
    id = begun(record)
    event = CaseSupervised.trusted(
        case=record.id,
        below=holder.id,
        above=above.id,
        ground=step.ground,
        demand=narrative(step.note),
        report_by=due_of(record, step),
    )
    record.add_to(id, event, step.at)
    record.add(EscalationBegan.trusted(escalation=id, phase=EscalationPhase.SUPERVISED, body=above.id), step.at)


def _going_on(record: Record, step: LegacyStep) -> EscalationId | None:
    """The supervision that began last, of the body that the step names."""
    named = record.named(step)
    found = [
        id
        for id, phase in record.state.escalations.items()
        if phase is EscalationPhase.SUPERVISED and (named is None or named.id == record.escalations[id].above)
    ]
    if not found:
        record.keep_flagged(step, Breach.NOT_SUPERVISED)
        return None
    return found[-1]


def urged(record: Record, step: LegacyStep) -> None:
    if id := _going_on(record, step):
        record.add_to(id, SupervisionUrged.trusted(words=narrative(step.note)), step.at)


def reported(record: Record, step: LegacyStep) -> None:
    if id := _going_on(record, step):
        record.add_to(id, SupervisionReported.trusted(account=narrative(step.note)), step.at)


def supervision_ended(record: Record, step: LegacyStep) -> None:
    if id := _going_on(record, step):
        finding = narrative(step.note) if step.note else None
        record.add_to(id, SupervisionEnded.trusted(finding=finding), step.at)
        record.add(EscalationOver.trusted(escalation=id, how=EscalationEnding.ENDED), step.at)
