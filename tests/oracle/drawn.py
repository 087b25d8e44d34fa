"""A strategy for each command of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from domain.case import clocks
from domain.case.beside import holder, proceeding_extension, proceedings
from domain.case.ending import closing, performance
from domain.case.kinds import (
    AgreementForm,
    Category,
    DeclineGround,
    Difficulty,
    EndGround,
    EvidenceKind,
    Extent,
    Mandate,
    MatterStep,
    Nature,
    OrganKind,
    Paper,
    Risk,
    Satisfaction,
    Side,
)
from domain.case.mediating import agreement, confirmation, consent, mediation, mediation_extension, mediators, sessions
from domain.case.opening import acceptance, classification, guidance, intake, parties
from domain.case.record import correction, joining, papers
from domain.shared.values import Channel, Form
from tests.case.histories import COMMITTEE, COURT, HASH, LI, VILLAGE, WANG, ZHOU, id_of
from tests.oracle.drawing import (
    NEW_PARTY,
    OFTEN,
    SELDOM,
    STRANGER,
    TOLD,
    TWO_SIDES,
    Drawn,
    Seen,
    correction_of,
    matter,
    promise,
    result,
    running,
    some,
    striking,
    subject,
)


def on_mediation(kind: Any, /, **fields: Callable[[Seen], Drawn]) -> Callable[[Seen], Drawn]:
    return lambda seen: st.builds(
        kind, mediation=seen.mediation, **{name: field(seen) for name, field in fields.items()}
    )


def on_case(kind: Any, /, **fields: Callable[[Seen], Drawn]) -> Callable[[Seen], Drawn]:
    return lambda seen: st.builds(kind, **{name: field(seen) for name, field in fields.items()})


def any_(strategy: Drawn) -> Callable[[Seen], Drawn]:
    return lambda _: strategy


def party(seen: Seen) -> Drawn:
    return seen.party


def everybody(seen: Seen) -> Drawn:
    return seen.everybody


def mediator(seen: Seen) -> Drawn:
    return seen.mediator


def obligation(seen: Seen) -> Drawn:
    return seen.obligation


def later(seen: Seen) -> Drawn:
    return seen.later


OFFICER = any_(st.sampled_from([LI, LI, WANG, WANG, ZHOU]))
told = any_(TOLD)
DRAWN: dict[type[Any], Callable[[Seen], Drawn]] = {
    intake.ReceiveRequest: on_case(intake.ReceiveRequest, form=any_(some(Form))),
    intake.RegisterCase: on_case(
        intake.RegisterCase,
        place=any_(st.sampled_from([VILLAGE] * 8 + [STRANGER])),
        facts=told,
        category=any_(some(Category, Category.NEIGHBOURS, Category.MEDICAL)),
        parties=any_(st.one_of(TWO_SIDES, TWO_SIDES, TWO_SIDES, st.tuples(), st.tuples(NEW_PARTY))),
        requested_at=lambda seen: st.sampled_from([None] * 6 + [seen.now + timedelta(days=days) for days in (-2, 1)]),
        settled_on_the_spot=any_(st.sampled_from(["", "", "", "当场和好"])),
    ),
    acceptance.AcceptCase: on_case(
        acceptance.AcceptCase, mandate=any_(some(Mandate, Mandate.OWN)), on_platform=any_(SELDOM)
    ),
    acceptance.DeclineCase: on_case(
        acceptance.DeclineCase, because=any_(some(DeclineGround)), remedies_told=any_(OFTEN)
    ),
    parties.AddParty: on_case(parties.AddParty, side=any_(some(Side)), name=any_(st.just("赵六"))),
    parties.CorrectParty: on_case(parties.CorrectParty, party=party, name=any_(st.just("张三丰"))),
    parties.RepresentParty: on_case(parties.RepresentParty, party=party, name=any_(st.just("钱七"))),
    parties.WithdrawParty: on_case(parties.WithdrawParty, party=party),
    parties.TellRights: on_case(parties.TellRights, parties=everybody),
    parties.CheckIdentity: on_case(parties.CheckIdentity, party=party),
    classification.ClassifyCase: on_case(classification.ClassifyCase, category=any_(some(Category, Category.MEDICAL))),
    classification.RateDifficulty: on_case(classification.RateDifficulty, difficulty=any_(some(Difficulty))),
    classification.ConfirmDifficulty: on_case(classification.ConfirmDifficulty, agreed=any_(OFTEN)),
    classification.RateRisk: on_case(classification.RateRisk, risk=any_(some(Risk)), possible_crime=any_(SELDOM)),
    classification.ReportRisk: on_case(classification.ReportRisk, recipient_name=any_(st.just("派出所"))),
    classification.StateAmount: on_case(classification.StateAmount, amount=any_(st.integers(0, 10**6))),
    proceedings.NoteProceedings: on_case(
        proceedings.NoteProceedings,
        organ=any_(some(OrganKind, OrganKind.COURT, OrganKind.POLICE)),
        step=any_(st.one_of(st.none(), st.none(), some(MatterStep, MatterStep.SUIT_RECEIVED))),
        settled=any_(SELDOM),
    ),
    proceedings.EndProceedings: on_case(proceedings.EndProceedings, matter=matter, settled=any_(SELDOM)),
    proceeding_extension.ExtendMatter: on_case(
        proceeding_extension.ExtendMatter,
        matter=matter,
        until=lambda seen: seen.day,
        approved_by=told,
        reason=told,
        reasons_told=any_(st.booleans()),
    ),
    guidance.GuideParties: on_case(
        guidance.GuideParties, to=any_(st.sampled_from([None, COMMITTEE.id, COURT.id, STRANGER]))
    ),
    holder.AppointLead: on_case(holder.AppointLead, official=told, post=told),
    consent.GiveConsent: on_case(consent.GiveConsent, party=party, subject=any_(subject())),
    consent.RefuseMediation: on_case(consent.RefuseMediation, party=party, channel=any_(some(Channel, Channel.PEOPLE))),
    consent.WithdrawConsent: on_case(consent.WithdrawConsent, party=party, subject=any_(subject())),
    mediators.ProposeMediator: on_mediation(mediators.ProposeMediator, mediator=OFFICER),
    mediators.AcceptMediator: on_mediation(mediators.AcceptMediator, mediator=mediator, parties=everybody),
    mediators.AcknowledgeAssignment: on_mediation(mediators.AcknowledgeAssignment, mediator=mediator),
    mediators.RecuseMediator: on_mediation(
        mediators.RecuseMediator, mediator=mediator, requested_by=lambda seen: st.one_of(st.none(), seen.party)
    ),
    mediators.ReplaceMediator: on_mediation(mediators.ReplaceMediator, mediator=mediator, successor=OFFICER),
    mediators.JoinParticipant: on_mediation(mediators.JoinParticipant, name=any_(st.just("孙八")), consented=everybody),
    mediation.StartMediation: on_mediation(mediation.StartMediation),
    mediation.PauseMediation: on_mediation(mediation.PauseMediation, appraisal=told),
    mediation.ResumeMediation: on_mediation(mediation.ResumeMediation),
    mediation_extension.ExtendMediation: on_mediation(
        mediation_extension.ExtendMediation, until=lambda seen: seen.day, consented=everybody
    ),
    mediation.TellRemedies: on_mediation(mediation.TellRemedies),
    mediation.EndMediation: on_mediation(
        mediation.EndMediation, because=any_(some(EndGround)), remedies_told=any_(OFTEN)
    ),
    sessions.ScheduleSession: on_mediation(sessions.ScheduleSession, at=later),
    sessions.HoldSession: on_mediation(
        sessions.HoldSession,
        session=lambda seen: st.one_of(st.none(), seen.session),
        attended=everybody,
        participants=lambda seen: st.sampled_from(
            [(), tuple(seen.talks.participants) if seen.talks else (), (STRANGER,)]
        ),
        record=told,
        public=any_(SELDOM),
    ),
    sessions.AdjournSession: on_mediation(sessions.AdjournSession, session=lambda seen: seen.session, to=later),
    papers.FileEvidence: on_case(
        papers.FileEvidence,
        party=lambda seen: st.one_of(st.none(), seen.party),
        kind=any_(some(EvidenceKind)),
        sha256=any_(st.just(HASH)),
    ),
    papers.FilePaper: on_case(
        papers.FilePaper,
        paper=any_(some(Paper)),
        mediation=lambda seen: st.one_of(st.none(), seen.mediation),
        sha256=any_(st.just(HASH)),
    ),
    papers.WriteNote: on_case(papers.WriteNote, note=told),
    agreement.ReachAgreement: on_mediation(
        agreement.ReachAgreement,
        form=any_(some(AgreementForm, AgreementForm.WRITTEN)),
        extent=any_(some(Extent)),
        nature=any_(some(Nature, Nature.ORDINARY)),
        terms=told,
        obligations=lambda seen: st.lists(promise(seen), max_size=2).map(tuple),
    ),
    agreement.SignAgreement: on_mediation(agreement.SignAgreement, party=party),
    agreement.SignAsMediator: on_mediation(agreement.SignAsMediator, mediator=mediator),
    agreement.SealAgreement: on_mediation(agreement.SealAgreement),
    agreement.RecordCourtDocument: on_mediation(agreement.RecordCourtDocument, reference=told),
    confirmation.ApplyForConfirmation: on_mediation(
        confirmation.ApplyForConfirmation, applicants=everybody, court=any_(st.just("县人民法院"))
    ),
    confirmation.AdmitConfirmation: on_mediation(confirmation.AdmitConfirmation),
    confirmation.GrantConfirmation: on_mediation(confirmation.GrantConfirmation, ruling=told),
    confirmation.DismissConfirmation: on_mediation(confirmation.DismissConfirmation, ruling=told),
    performance.PerformObligation: on_mediation(
        performance.PerformObligation, obligation=obligation, amount=any_(st.sampled_from([None, None, 50, 40_000]))
    ),
    performance.BreachObligation: on_mediation(performance.BreachObligation, obligation=obligation),
    closing.FollowUp: on_case(closing.FollowUp, findings=told),
    closing.RecordSatisfaction: on_case(closing.RecordSatisfaction, party=party, satisfaction=any_(some(Satisfaction))),
    closing.CloseCase: on_case(closing.CloseCase, result=result),
    closing.ReopenCase: on_case(closing.ReopenCase, reason=told),
    closing.ArchiveCase: on_case(closing.ArchiveCase),
    joining.MergeCase: on_case(
        joining.MergeCase, into=any_(st.sampled_from([id_of("other case")] * 3 + [id_of("case")])), reason=told
    ),
    joining.SplitCase: on_case(
        joining.SplitCase,
        parties=lambda seen: st.one_of(seen.everybody, seen.party.map(lambda one: (one,))),
        facts=told,
        leave=any_(st.booleans()),
        reason=told,
    ),
    clocks.LetClockRunOut: lambda seen: running(seen).map(
        lambda clock: clocks.LetClockRunOut(clock=clock[0], day=clock[1])
    ),
    clocks.FixDue: lambda seen: running(seen).map(lambda clock: clocks.FixDue(clock=clock[0])),
    correction.CorrectEntry: correction_of,
    correction.StrikeEntry: striking,
}
