"""The steps within one body: accepted, consented, mediated, agreed or ended, performed; and what other organs do."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from application.legacy.deadlines import due_of
from application.legacy.places import Desk
from application.legacy.record import Record, narrative
from application.legacy.row_content import LegacyStep
from domain.case.beside.proceedings import LIFTED, OF_ORGAN, ProceedingsEnded, ProceedingsNoted, breaches, taken
from domain.case.ending.closing import CaseClosed, CaseReopened, CloseCase, ReopenCase, fitting_results
from domain.case.kinds import AgreementForm, EndGround, Extent, Mandate, Nature, OrganKind, Result
from domain.case.limits import JC_APPLY
from domain.case.mediating.agreement import AgreementReached
from domain.case.mediating.consent import ToMediation, consent_given
from domain.case.mediating.effect import AgreementTookEffect
from domain.case.mediating.mediation import MediationEnded
from domain.case.mediating.sessions import SessionHeld, next_session
from domain.case.mediations import Mediation
from domain.case.opening.acceptance import AcceptCase, CaseAccepted, MediationOpened
from domain.case.record.importing import Breach, PerformanceTold, StepKind
from domain.shared.law import Due
from domain.shared.values import Channel, Form, ReferralId

TOLD = "《导入文件》"
"""What an imported agreement's effect stands on: the file alone."""
WAY_THERE = frozenset({StepKind.ACCEPTED, StepKind.CONSENTED, StepKind.SESSION, StepKind.REFERRED})
"""The steps by which a register tells that a mediation was opened and held."""
AGREEMENTS = frozenset({Result.AGREEMENT_WRITTEN, Result.AGREEMENT_ORAL, Result.AGREEMENT_PARTIAL})


def accepted(record: Record, step: LegacyStep) -> None:
    active, named = record.state.active_mediation, record.named(step)
    if step.body and named is None:
        record.flag(Breach.NO_SUCH_BODY)
    if active and active.referral and not active.sessions and named in (None, _desk_of(record, active)):
        record.add(
            CaseAccepted.trusted(own_motion=False, term_ended=False, note=""), step.at
        )  # it was taken over with it
        return record.add_note(step)
    if active:
        return record.keep_flagged(step, Breach.MEDIATION_GOES_ON)
    desk = named or record.holder
    if desk.id != record.holder.id:
        record.flag(Breach.TWO_HOLDERS)
    open_mediation(record, desk, step, step.channel or desk.channel or Channel.PEOPLE, step.mandate)
    record.add_note(step)


def open_mediation(
    record: Record,
    desk: Desk,
    step: LegacyStep,
    channel: Channel,
    mandate: Mandate,
    referral: UUID | None = None,
    lifted: frozenset[OrganKind] | None = None,
) -> None:
    """`lifted`: the organs whose matter does not stand in the way; None: by its mandate."""
    case = record.state
    free_of = LIFTED[mandate] if lifted is None else lifted
    record.breaks(*(partial(guard, case) for guard in AcceptCase.guards))
    if taken(case, channel, mandate, free_of):
        record.flag(Breach.TAKEN_BY_ANOTHER_ORGAN)
    ended = desk.term_until is not None and step.at.date() >= desk.term_until
    record.add(CaseAccepted.trusted(own_motion=False, term_ended=ended, note=""), step.at)
    opened = MediationOpened.trusted(
        number=max(case.mediations, default=0) + 1,
        channel=channel,
        body=desk.id,
        mandate=mandate,
        procedure=step.procedure,
        category=record.told.category,
        on_platform=False,
        body_short_name=desk.short_name,
        referral=ReferralId(referral) if referral else None,
        conclude=due_of(record, step),
    )
    record.add(opened, step.at)


def _desk_of(record: Record, mediation: Mediation) -> Desk | None:
    found = (one for one in record.around.places.bodies.values() if one.id == mediation.body)
    return next(found, None)


def consented(record: Record, step: LegacyStep) -> None:
    active = record.state.active_mediation
    if active is None:
        return record.keep_flagged(step, Breach.NO_MEDIATION)
    parties = sorted(record.state.present_parties)
    if not parties:
        return record.keep_flagged(step, Breach.BOTH_SIDES_NEEDED)
    for party in parties:
        subject = ToMediation.trusted(channel=active.channel)
        for event in consent_given(record.state, party, subject, Form.WRITTEN, step.at):
            record.add(event, step.at)
    record.add_note(step)


def session(record: Record, step: LegacyStep) -> None:
    active = record.state.active_mediation
    if active is None:
        return record.keep_flagged(step, Breach.NO_MEDIATION)
    _refuse_others(record, step, active)
    held = SessionHeld.trusted(
        mediation=active.number,
        number=next_session(active),
        attended=(),
        participants=(),
        record=narrative(step.note),
        public=False,
    )
    record.add(held, step.at)


def _refuse_others(record: Record, step: LegacyStep, mediation: Mediation) -> None:
    """A step of a body that neither holds the matter nor mediates it."""
    if not step.body:
        return
    named = record.named(step)
    if named is None:
        record.flag(Breach.NO_SUCH_BODY)
    elif named.id not in {mediation.body, record.holder.id}:
        record.flag(Breach.TWO_HOLDERS)


def keeps_only_outcomes(record: Record) -> bool:
    """Whether the register writes down how a matter came out and nothing of the way there: then what came out tells
    that it was mediated."""
    return not any(one.step in WAY_THERE for one in record.told.steps)


def _mediating(record: Record, step: LegacyStep) -> Mediation | None:
    """The mediation that goes on; that which its outcome alone tells of. None: there was none."""
    if record.state.active_mediation is None and not record.state.mediations and keeps_only_outcomes(record):
        desk = record.named(step) or record.holder
        open_mediation(record, desk, step.but(due=None), step.channel or desk.channel or Channel.PEOPLE, step.mandate)
    return record.state.active_mediation


def agreed(record: Record, step: LegacyStep) -> None:
    active = _mediating(record, step)
    if active is None:
        return record.keep_flagged(step, Breach.NO_MEDIATION)
    _refuse_others(record, step, active)
    if not active.sessions and not active.consents and not keeps_only_outcomes(record):
        record.flag(Breach.WITHOUT_SESSION_OR_CONSENT)
    form, extent = _as_closed(record, step)
    empty = {name: narrative("") for name in ("facts", "issues", "responsibility")}
    reached = AgreementReached.trusted(
        mediation=active.number,
        form=form,
        extent=extent,
        nature=Nature.ORDINARY,
        **empty,
        terms=narrative(step.note),
        manner="",
        obligations=(),
        lacks=(),
    )
    record.add(reached, step.at)
    confirm = _confirm(record, active, step.at)
    effect = AgreementTookEffect.trusted(
        mediation=active.number, effective_at=step.at, basis=TOLD, confirm=confirm, told=True
    )
    record.add(effect, step.at)


def _as_closed(record: Record, step: LegacyStep) -> tuple[AgreementForm, Extent]:
    """What the step does not say is read from the result that the case was closed with, for the first time after it."""
    results = (one.result for one in (*record.later, *record.told.steps) if one.result)
    result = next(results, None)
    oral = AgreementForm.ORAL if result is Result.AGREEMENT_ORAL else AgreementForm.WRITTEN
    partial = Extent.PARTIAL if result is Result.AGREEMENT_PARTIAL else Extent.ALL_CLAIMS
    return step.form or oral, step.extent or partial


def _confirm(record: Record, mediation: Mediation, at: datetime) -> Due | None:
    """Until when the court may be asked, where that is not over: a right that the parties still have."""
    if mediation.mandate is Mandate.ENTRUSTED or mediation.channel is Channel.LITIGATION:
        return None
    if (record.around.now - at).days > MOST_DAYS:
        return None
    due = JC_APPLY.counted(at, record.around.calendar)
    return None if due.over(record.around.now) else due


MOST_DAYS = 60
"""Longer ago than that, the days to ask the court are over on any calendar."""


def ended(record: Record, step: LegacyStep) -> None:
    """Failed, or withdrawn: what is withdrawn before it was accepted breaks no rule."""
    failed = step.step is StepKind.FAILED
    active = _mediating(record, step) if failed else record.state.active_mediation
    ground = EndGround.FAILED if failed else EndGround.WITHDRAWN
    if active is None:
        if ground is EndGround.WITHDRAWN and not record.state.mediations:
            return record.keep(step)
        return record.keep_flagged(step, Breach.NO_MEDIATION)
    _refuse_others(record, step, active)
    account = narrative(step.note) if step.note else None
    record.add(
        MediationEnded.trusted(mediation=active.number, ground=ground, remedies_told=False, account=account), step.at
    )


def performed(record: Record, step: LegacyStep) -> None:
    agreed_in = [one.number for one in record.state.mediations.values() if one.agreement]
    if not agreed_in:
        return record.keep_flagged(step, Breach.NOT_AGREED)
    record.add(PerformanceTold.trusted(mediation=agreed_in[-1]), step.at)
    record.add_note(step)


def organ_took_it(record: Record, step: LegacyStep) -> None:
    assert step.organ
    before = breaches(record.state)
    steps = OF_ORGAN.get(step.organ, ())
    noted = ProceedingsNoted.trusted(
        number=max(record.state.matters, default=0) + 1,
        organ=step.organ,
        step=step.organ_step if step.organ_step in steps else next(iter(steps), None),
        organ_name="",
        reference="",
        settled=step.settled,
    )
    record.add(noted, step.at)
    if breaches(record.state) != before:
        record.flag(Breach.TAKEN_BY_ANOTHER_ORGAN)
    record.add_note(step)


def organ_ended(record: Record, step: LegacyStep) -> None:
    going_on = [number for number, one in record.state.matters.items() if one.organ is step.organ and not one.over]
    if not going_on:
        return record.keep_flagged(step, Breach.NO_SUCH_MATTER)
    record.add(ProceedingsEnded.trusted(matter=going_on[-1], settled=step.settled, result=""), step.at)
    record.add_note(step)


def closed(record: Record, step: LegacyStep) -> None:
    if step.result is None:
        return record.keep_flagged(step, Breach.NO_RESULT)
    case = record.state
    record.breaks(*(partial(guard, case) for guard in CloseCase.guards))
    if not _fits(record, step.result):
        record.flag(Breach.RESULT_DOES_NOT_FIT)
    record.add(CaseClosed.trusted(result=step.result, account=narrative(step.note)), step.at)


def reopened(record: Record, step: LegacyStep) -> None:
    if record.state.status not in ReopenCase.allowed_in:
        return record.keep_flagged(step, Breach.NOT_CLOSED)
    return record.add(CaseReopened.trusted(reason=narrative(step.note)), step.at)


def noted(record: Record, step: LegacyStep) -> None:
    if step.note:
        record.add_note(step)
    else:
        record.keep(step)


def _fits(record: Record, result: Result) -> bool:
    case = record.state
    if case.active_mediation:
        return result not in AGREEMENTS
    if result is Result.DECLINED:
        return not case.mediations
    return result in fitting_results(case)
