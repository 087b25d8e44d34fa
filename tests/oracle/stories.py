"""Whole lives of cases, told command by command; together they tell of every command."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.case.beside.hearing import RecordHearing
from domain.case.beside.holder import AppointLead
from domain.case.beside.proceeding_extension import ExtendMatter
from domain.case.beside.proceedings import EndProceedings, NoteProceedings
from domain.case.clocks import FixDue, LetClockRunOut
from domain.case.ending.closing import ReopenCase
from domain.case.ending.court_remedies import DecideRemedy, SeekRemedy
from domain.case.ending.follow_up import FollowUp, RecordSatisfaction
from domain.case.ending.performance import BreachObligation
from domain.case.kinds import (
    Category,
    CourtRemedy,
    DeclineGround,
    Difficulty,
    EvidenceKind,
    Mandate,
    MatterStep,
    OrganKind,
    Paper,
    Risk,
    Satisfaction,
    Side,
)
from domain.case.mediating.amendment import AmendAgreement
from domain.case.mediating.confirmation import (
    AdmitConfirmation,
    ApplyForConfirmation,
    DismissConfirmation,
    GrantConfirmation,
)
from domain.case.mediating.confirmation_time import ExtendConfirmation
from domain.case.mediating.confirmation_undone import RevokeConfirmation, WithdrawConfirmation
from domain.case.mediating.consent import WithdrawConsent
from domain.case.mediating.mediation import PauseMediation, ResumeMediation, TellRemedies
from domain.case.mediating.mediation_extension import ExtendMediation
from domain.case.mediating.mediators import AcknowledgeAssignment, JoinParticipant, RecuseMediator, ReplaceMediator
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediating.sessions import AdjournSession, ScheduleSession
from domain.case.mediating.signing import RecordCourtDocument, RefuseToSign
from domain.case.opening.acceptance import AcceptCase, DeclineCase
from domain.case.opening.category import ClassifyCase
from domain.case.opening.classification import ConfirmDifficulty, RateDifficulty, RateRisk, StateAmount
from domain.case.opening.guidance import GuideParties
from domain.case.opening.intake import ReceiveRequest
from domain.case.opening.parties import AddParty, CheckIdentity, CorrectParty, RepresentParty, TellRights, WithdrawParty
from domain.case.opening.risk_reports import AnswerRiskReport, ReportRisk
from domain.case.opening.starts import AgreeToMediateOnline, FindOutOfOffice, RecordAccidentFinding
from domain.case.opening.succession import SucceedParty
from domain.case.record.correction import CorrectEntry, StrikeEntry
from domain.case.record.joining import MergeCase, SplitCase
from domain.case.record.papers import FileEvidence, FilePaper, WriteNote
from domain.shared.values import Form
from tests.case.histories import (
    AGREED,
    APPLICANT,
    COMMITTEE,
    CONSENTED,
    COURT,
    FAILED,
    HASH,
    IN_EFFECT,
    LI,
    PERFORMED,
    RESPONDENT,
    UNDER_WAY,
    WANG,
    accept,
    agree,
    applicant_consents,
    archive,
    as_mandated,
    both_accept,
    close,
    file_all,
    hold,
    id_of,
    letter,
    noon,
    propose,
    register,
    respondent_consents,
    seal,
    sign_applicant,
    sign_mediator,
    sign_respondent,
    start,
    tell_rights,
    under,
)
from tests.oracle.elsewhere import ORGAN, POLICE

BOTH = (APPLICANT, RESPONDENT)
accept_wang = both_accept.but(mediator=WANG)
apply = ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")
a_month_later: dict[str, Any] = {"wait": timedelta(days=31)}
split = SplitCase(parties=(RESPONDENT,), facts="另一块地", reason="两件事")
schedule = ScheduleSession(mediation=1, at=noon(3, 20))
pause = PauseMediation(mediation=1, appraisal="鉴定")
DELEGATED = as_mandated(UNDER_WAY, AcceptCase(mandate=Mandate.DELEGATED))

STORIES: dict[str, tuple[Any, ...]] = {
    "from the door to the archive": (
        register,
        TellRights(parties=BOTH),
        CheckIdentity(party=APPLICANT),
        RepresentParty(party=APPLICANT, name="钱七"),
        CorrectParty(party=RESPONDENT, phone="13900000000"),
        ClassifyCase(category=Category.NEIGHBOURS),
        RateDifficulty(difficulty=Difficulty.COMPLEX),
        (ConfirmDifficulty(), {"by": WANG}),
        RateRisk(risk=Risk.RED, possible_crime=True),
        ReportRisk(recipient_name="派出所", recipient_body=POLICE.id),
        StateAmount(amount=50_000),
        FileEvidence(kind=EvidenceKind.PHOTO, sha256=HASH),
        WriteNote(note="来访"),
        accept,
        applicant_consents,
        respondent_consents,
        propose,
        AcknowledgeAssignment(mediation=1, mediator=LI),
        both_accept,
        JoinParticipant(mediation=1, name="孙八", consented=BOTH),
        start,
        schedule,
        AdjournSession(mediation=1, session=1, to=noon(3, 21)),
        hold.but(session=1),
        ExtendMediation(mediation=1, until=date(2026, 6, 1), consented=BOTH),
        agree,
        sign_applicant,
        sign_respondent,
        sign_mediator,
        seal,
        apply,
        AdmitConfirmation(mediation=1),
        GrantConfirmation(mediation=1, ruling="(2026)民特1号"),
        PERFORMED[-1],
        FollowUp(findings="已和好"),
        close,
        RecordSatisfaction(party=APPLICANT, satisfaction=Satisfaction.SATISFIED),
        *file_all,
        FilePaper(paper=Paper.FOLLOW_UP, sha256=HASH),
        archive,
        CorrectEntry(entry=1, reason="笔误", changes={"category": "labour"}),
        ReopenCase(reason="反悔"),
    ),
    "declined": (
        ReceiveRequest(form=Form.ORAL),
        register,
        DeclineCase(because=DeclineGround.NOT_CIVIL, remedies_told=True),
    ),
    "delegated, with an appraisal, refused at last": (
        register,
        letter(Mandate.DELEGATED),
        AcceptCase(mandate=Mandate.DELEGATED),
        applicant_consents,
        respondent_consents,
        propose,
        ReplaceMediator(mediation=1, mediator=LI, successor=WANG),
        accept_wang,
        tell_rights,
        start,
        pause,
        (ResumeMediation(mediation=1), a_month_later),
        RecuseMediator(mediation=1, mediator=WANG),
        WithdrawConsent(party=APPLICANT),
        RefuseMediation(party=RESPONDENT),
        FAILED[-1],
    ),
    "guided, delegated, out of time, told of the remedies": (
        register,
        (GuideParties(to=COMMITTEE.id), {"body": COURT}),
        AppointLead(official="陈某", post="副镇长"),
        *DELEGATED[1:],
        (LetClockRunOut(clock="conclude/1", day=date(2026, 4, 1)), a_month_later),
        TellRemedies(mediation=1),
    ),
    "before the court as well": (
        register,
        NoteProceedings(organ=OrganKind.COURT),
        (FixDue(clock="matter/1"), {"wait": timedelta(days=160)}),
        ExtendMatter(matter=1, until=date(2026, 12, 1), approved_by="院长", reason="疑难"),
        EndProceedings(matter=1, settled=False),
    ),
    "entrusted by the court": (*under(Mandate.ENTRUSTED), RecordCourtDocument(mediation=1, reference="(2026)民初1号")),
    "breached, not confirmed, mediated again and sued": (
        *IN_EFFECT,
        apply,
        DismissConfirmation(mediation=1, ruling="(2026)民特1号"),
        (BreachObligation(mediation=1, obligation=1), a_month_later),
        accept,
        NoteProceedings(organ=OrganKind.COURT),
    ),
    "asked to confirm, with more time, taken back": (
        *IN_EFFECT,
        apply,
        AdmitConfirmation(mediation=1),
        ExtendConfirmation(mediation=1, until=date(2026, 3, 27), approved_by="院长", reason="案情复杂"),
        WithdrawConfirmation(mediation=1, parties=(APPLICANT,)),
    ),
    "a road accident, out of the office of whoever got it": (
        register.but(category=Category.TRAFFIC),
        RecordAccidentFinding(received_on=date(2026, 3, 1)),
        (FindOutOfOffice(), {"body": ORGAN}),
    ),
    "online before a court": (
        (ReceiveRequest(form=Form.ORAL), {"body": COURT}),
        register,
        (AgreeToMediateOnline(), {"body": COURT}),
    ),
    "reported to the police, who answer": (
        register,
        ReportRisk(recipient_name="派出所", recipient_body=POLICE.id),
        (AnswerRiskReport(report=1, answer="已出警"), {"body": POLICE}),
    ),
    "one of them does not sign": (*AGREED, sign_applicant, RefuseToSign(mediation=1, party=RESPONDENT)),
    "confirmed, not done, enforced": (
        *IN_EFFECT,
        apply,
        GrantConfirmation(mediation=1, ruling="(2026)民特1号"),
        SeekRemedy(mediation=1, applicant=APPLICANT, remedy=CourtRemedy.ENFORCEMENT),
        DecideRemedy(mediation=1, granted=True, ruling="(2026)执1号"),
    ),
    "changed with all signatures": (*IN_EFFECT, AmendAgreement(mediation=1, terms="缓一月", signed=BOTH, mediator=LI)),
    "somebody died": (*CONSENTED, SucceedParty(party=APPLICANT, side=Side.APPLICANT, name="张小三", paper=HASH)),
    "confirmed, and set aside": (
        *IN_EFFECT,
        apply,
        GrantConfirmation(mediation=1, ruling="(2026)民特1号"),
        RevokeConfirmation(mediation=1, ruling="(2026)民撤1号"),
    ),
    "a petition reviewed again, with a hearing": (
        register,
        NoteProceedings(organ=OrganKind.PETITION, step=MatterStep.PETITION_REVIEW),
        (
            RecordHearing(matter=1, first_day=date(2026, 3, 10), last_day=date(2026, 3, 11)),
            {"wait": timedelta(days=10)},
        ),
    ),
    "split, taken back, merged": (
        register,
        AddParty(side=Side.THIRD, name="赵六"),
        split,
        WriteNote(note="另案处理"),
        StrikeEntry(entries=(6,), reason="误录"),
        WithdrawParty(party=RESPONDENT),
        MergeCase(into=id_of("other case"), reason="同一纠纷"),
    ),
}
CLOSED = (*PERFORMED, close)
BEGINNINGS: list[tuple[Any, ...]] = [
    (),
    (register, RateDifficulty(difficulty=Difficulty.COMPLEX)),
    CONSENTED,
    UNDER_WAY,
    (*UNDER_WAY, schedule),
    AGREED,
    IN_EFFECT,
    (*IN_EFFECT, apply),
    CLOSED,
    (*CLOSED, *file_all),
    DELEGATED,
    (*DELEGATED, pause),
    (*DELEGATED, (WriteNote(note="无进展"), a_month_later)),
    (register, NoteProceedings(organ=OrganKind.POLICE), NoteProceedings(organ=OrganKind.PETITION)),
]
"""Where the drawn lives set out from: far on as well as at the door."""
