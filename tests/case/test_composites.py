"""一次说合: a composite means commands and decides nothing; what it records is lawful step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case.case import DisputeCase, Status
from domain.case.composite.agreed import Agreed, NothingAgreed, Term
from domain.case.composite.closing_record import Asked, Filed, Performed, RecordClosing, ResultNeeded
from domain.case.composite.composite import Composite, Signature, Step
from domain.case.composite.meeting_record import (
    Answer,
    AtTable,
    GroundNeeded,
    Helper,
    MediatorNeeded,
    MeetingOutcome,
    NobodyCame,
    RecordMeeting,
)
from domain.case.composite.signing_record import NothingToSign, RecordSigning
from domain.case.ending.closing import recorded_papers
from domain.case.kinds import AgreementForm, EndGround, Mandate, Paper, Result, Satisfaction
from domain.case.mediating.mediation import RightsNotTold
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediations import Stage
from domain.shared.decider import History
from domain.shared.errors import BeforeWhatItBuildsOn, DomainError
from domain.shared.values import Channel
from tests.case.histories import (
    AGREED,
    APPLICANT,
    ARCHIVED,
    CLOSED,
    FAILED,
    HASH,
    IN_EFFECT,
    LI,
    MONDAY,
    PERFORMED,
    RESPONDENT,
    UNDER_WAY,
    WANG,
    accept,
    after,
    carry_out,
    noon,
    occasion,
    register,
    under,
)
from tests.oracle.life import judged

BOTH = (APPLICANT, RESPONDENT)
LATER = MONDAY + timedelta(days=1)


def tell(history: History[DisputeCase], composite: Composite) -> History[DisputeCase]:
    """As the application does it: each step is decided on what the steps before it have left."""
    number = 0
    for part in composite.parts():
        for step in composite.steps_of(part, history.state):
            on = replace(occasion(step=500 + number), occurred_at=LATER, now=LATER)
            history, number = carry_out(history, step.command, on), number + 1
    return history


def at_table(**told: Any) -> tuple[AtTable, ...]:
    row: dict[str, Any] = {"came": True, "answer": Answer.CONSENTS, "accepts_mediator": True, "identity": "身份证"}
    return tuple(AtTable(party=party, **{**row, **told}) for party in BOTH)


TERM = Term(obligor=RESPONDENT, what="修屋檐", amount=80_000, due=date(2026, 4, 1))
MET = RecordMeeting(
    at_table=at_table(signed=True),
    rights_told=True,
    mediator=LI,
    record="各让一步",
    outcome=MeetingOutcome.AGREED,
    agreed=Agreed(terms=(TERM,), mediator_signed=True, sealed=True),
)


def test_a_meeting_goes_from_a_registration_to_an_agreement_in_effect():
    assert tell(after(register), MET).state.mediations[1].stage is Stage.IN_EFFECT


def test_what_is_known_is_not_recorded_again():
    met = tell(after(*UNDER_WAY), MET)

    assert [one.event.name for one in met.entries[len(after(*UNDER_WAY).entries) :]][:3] == [
        "case.identity_checked",
        "case.identity_checked",
        "case.session_held",
    ]


def test_what_it_lacks_itself_is_refused_at_its_field():
    with pytest.raises(MediatorNeeded) as nobody:
        tell(after(register), MET.but(mediator=None))
    with pytest.raises(GroundNeeded) as no_ground:
        tell(after(register), MET.but(outcome=MeetingOutcome.ENDED))
    with pytest.raises(NothingAgreed) as nothing:
        tell(after(register), MET.but(agreed=Agreed()))

    fields = [one.value.details["field"] for one in (nobody, no_ground, nothing)]
    assert fields == ["mediator", "because", "agreed.terms.0.what"]


def test_a_session_is_held_with_somebody():
    with pytest.raises(NobodyCame):
        tell(after(*UNDER_WAY), MET.but(at_table=at_table(came=False)))


def test_rights_are_told_by_saying_so():
    with pytest.raises(RightsNotTold):
        tell(after(register), MET.but(rights_told=False))


def test_a_wrong_time_is_wrong_for_all_of_it():
    step = Step(accept, "record")

    assert step.field_of(BeforeWhatItBuildsOn()) == "occurred_at"
    assert step.field_of(RightsNotTold()) == "record"


def test_who_had_refused_and_consents_now_lifts_the_refusal_first():
    refused = after(register, RefuseMediation(party=RESPONDENT, channel=Channel.PEOPLE))

    assert tell(refused, MET).state.mediations[1].stage is Stage.IN_EFFECT


def test_what_gives_effect_is_signed_last_so_that_nothing_else_is_lost():
    rows = tuple(Signature(party=party, signed=True) for party in BOTH)
    told = RecordSigning(at_table=rows, mediator_signed=True, sealed=True)

    def order(mandate: Mandate) -> list[str]:
        return [
            one.event.name.removeprefix("case.agreement_") for one in tell(after(*under(mandate)), told).entries[-5:]
        ]

    assert order(Mandate.OWN) == ["signed_by_mediator", "signed", "signed", "sealed", "took_effect"]
    assert order(Mandate.DELEGATED) == ["signed_by_mediator", "sealed", "signed", "signed", "took_effect"]


def test_nothing_is_signed_that_was_not_agreed_or_is_in_effect():
    for past in (UNDER_WAY, IN_EFFECT, FAILED):
        with pytest.raises(NothingToSign):
            tell(after(*past), RecordSigning(sealed=True))


def test_a_signing_signs_for_those_who_have_not_signed():
    rows = tuple(Signature(party=party, signed=True) for party in BOTH)
    signed = tell(after(*AGREED), RecordSigning(at_table=rows, mediator_signed=True, sealed=True))

    assert signed.state.mediations[1].stage is Stage.IN_EFFECT
    assert [one.event.name for one in signed.entries].count("case.agreement_signed") == 2


def test_a_case_that_could_have_come_out_in_several_ways_is_closed_by_saying_how():
    with pytest.raises(ResultNeeded):
        tell(after(register), RecordClosing(close_when_done=True))

    assert (
        tell(after(register), RecordClosing(close_when_done=True, result=Result.WITHDRAWN)).state.status
        is Status.CLOSED
    )


def test_a_closing_performs_follows_up_asks_closes_and_archives():
    told = RecordClosing(
        performed=(Performed(mediation=1, obligation=1),),
        papers=tuple(Filed(paper=one, sha256=HASH) for one in (Paper.AGREEMENT, Paper.PERFORMANCE_PROOF)),
        findings="和好",
        asked=(Asked(party=APPLICANT, satisfaction=Satisfaction.SATISFIED), Asked(party=RESPONDENT)),
        close_when_done=True,
        archive_when_complete=True,
    )
    met = tell(after(register), MET)

    state = tell(met, told).state
    assert (state.status, state.result) == (Status.ARCHIVED, Result.AGREEMENT_WRITTEN)
    assert state.follow_ups == 1


def test_it_stays_closed_while_a_paper_is_missing():
    assert tell(after(*CLOSED), RecordClosing(archive_when_complete=True)).state.status is Status.CLOSED


@pytest.mark.parametrize(
    ("past", "made"),
    [
        ((register,), set()),
        (UNDER_WAY, {Paper.ACCEPTANCE, Paper.RIGHTS_NOTICE}),
        (PERFORMED, {Paper.ACCEPTANCE, Paper.RIGHTS_NOTICE, Paper.MEDIATION_RECORD}),
        (ARCHIVED, {Paper.ACCEPTANCE, Paper.RIGHTS_NOTICE, Paper.MEDIATION_RECORD}),
    ],
)
def test_what_was_recorded_files_itself_and_what_needs_ink_does_not(past, made):
    assert recorded_papers(after(*past).state) == made


def test_an_identity_that_was_looked_at_and_an_oral_agreement_file_themselves():
    oral = MET.but(agreed=Agreed(form=AgreementForm.ORAL, terms=(TERM,)), at_table=at_table())

    assert recorded_papers(tell(after(register), oral).state) >= {Paper.IDENTITY, Paper.ORAL_AGREEMENT}


ROWS = st.builds(
    AtTable,
    party=st.sampled_from(BOTH),
    came=st.booleans(),
    identity=st.sampled_from(["", "身份证"]),
    answer=st.sampled_from([None, *Answer]),
    accepts_mediator=st.booleans(),
    signed=st.booleans(),
)
TERMS = st.builds(
    Term,
    obligor=st.sampled_from(BOTH),
    what=st.sampled_from(["修屋檐", "道歉"]),
    amount=st.sampled_from([0, 80_000]),
    due=st.sampled_from([None, date(2026, 2, 1), date(2026, 4, 1)]),
    done=st.booleans(),
)
MEETINGS = st.builds(
    RecordMeeting,
    at_table=st.lists(ROWS, min_size=1, max_size=2, unique_by=lambda one: one.party).map(tuple),
    own_motion=st.booleans(),
    rights_told=st.booleans(),
    mediator=st.sampled_from([None, LI, WANG]),
    helpers=st.lists(st.builds(Helper, name=st.just("钱七")), max_size=1).map(tuple),
    record=st.just("经过"),
    public=st.booleans(),
    outcome=st.sampled_from(MeetingOutcome),
    agreed=st.builds(
        Agreed,
        form=st.sampled_from(AgreementForm),
        terms=st.lists(TERMS, max_size=2).map(tuple),
        mediator_signed=st.booleans(),
        sealed=st.booleans(),
    ),
    next_at=st.sampled_from([None, noon(3, 1), noon(3, 20)]),
    because=st.sampled_from([None, *EndGround]),
    remedies_told=st.booleans(),
)
PASTS = ((register,), (register, accept), UNDER_WAY, AGREED, IN_EFFECT, FAILED, CLOSED)


@given(past=st.sampled_from(PASTS), first=MEETINGS, second=MEETINGS)
def test_whatever_is_told_at_once_is_refused_or_leaves_a_lawful_record(past, first, second):
    history = after(*past)
    for composite in (first, second):
        try:
            history = tell(history, composite)
        except DomainError:
            continue

    judged(history)


@given(likely=st.booleans(), meeting=MEETINGS)
def test_what_is_told_a_second_time_has_the_consents_and_the_mediator_of_the_first(likely, meeting):
    if likely:
        meeting = meeting.but(at_table=at_table(), rights_told=True, mediator=LI, outcome=MeetingOutcome.AGAIN)
    try:
        once = tell(after(register), meeting.but(next_at=None))
        twice = tell(once, meeting.but(next_at=None))
    except DomainError:
        return

    more = [one.event.name for one in twice.entries[len(once.entries) :]]
    assert set(more) <= {"case.session_held", "case.participant_joined", "case.consent_given"}
