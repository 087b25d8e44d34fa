"""结案与归档: closed when all is performed or breached, as it came out; archived with its papers; reopened."""

import pytest

from domain.case.beside.levels import taken_up
from domain.case.case import Status
from domain.case.ending.closing import (
    CloseCase,
    ObligationsOpen,
    PapersMissing,
    RemediesFirst,
    ReopenCase,
    ResultDoesNotFit,
    RiskNotReported,
    StillMediated,
    StillOnItsWay,
    missing_papers,
    recorded_papers,
)
from domain.case.ending.follow_up import FollowUp, RecordSatisfaction
from domain.case.kinds import EndGround, Extent, Mandate, Paper, Result, Risk, Satisfaction
from domain.case.mediating.agreement import ReachAgreement
from domain.case.mediating.confirmation import ApplyForConfirmation
from domain.case.mediating.lacking import SignaturesMissing
from domain.case.mediating.mediation import FOLLOWS, EndMediation, RemediesToldAlready, TellRemedies
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.classification import RateRisk
from domain.case.opening.risk_reports import ReportRisk
from domain.case.record.papers import FilePaper
from domain.shared.errors import BeforeWhatItBuildsOn, NotAllowedNow
from tests.case.histories import (
    AGREED,
    APPLICANT,
    ARCHIVED,
    CLOSED,
    FAILED,
    HASH,
    IN_EFFECT,
    PERFORMED,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    agree_orally,
    archive,
    close,
    file_all,
    noon,
    onward,
    perform,
    register,
    sign_applicant,
    sign_mediator,
    sign_respondent,
    then,
    under,
)
from tests.case.test_performance import breach
from tests.oracle.elsewhere import (
    BOTH,
    ESCALATION,
    TOWN,
    asked_above,
    handed_to,
    offer_of,
    on_at,
    out_of_time,
    recorded,
)

settle = EndMediation(mediation=1, because=EndGround.SELF_SETTLED)
reopen = ReopenCase(reason="当事人反悔")


@pytest.mark.parametrize("past", [(register, accept), UNDER_WAY])
def test_a_case_is_not_closed_while_it_is_mediated(past):
    history = after(*past)

    with pytest.raises(StillMediated):
        then(history, close)


@pytest.mark.parametrize(
    ("past", "missing"),
    [
        ((*AGREED, sign_applicant), {"parties": [RESPONDENT], "mediator": True, "seal": True}),
        ((*AGREED, sign_applicant, sign_respondent, sign_mediator), {"parties": [], "mediator": False, "seal": True}),
        (under(Mandate.DELEGATED), {"parties": sorted(BOTH)}),
        (under(Mandate.ENTRUSTED), {"court_document": True}),
    ],
)
def test_nor_while_an_agreement_waits_and_it_says_whose_signature_is_missing(past, missing):
    with pytest.raises(SignaturesMissing) as refusal:
        then(after(*past), close)
    told = refusal.value.details
    assert {name: told[name] for name in missing} == missing


def test_it_closes_with_full_performance_or_breach():
    in_effect = after(*IN_EFFECT)

    with pytest.raises(ObligationsOpen):
        then(in_effect, close)
    with pytest.raises(ObligationsOpen):
        then(onward(in_effect, perform.but(amount=1)), close)

    assert then(onward(in_effect, perform), close)
    assert then(onward(in_effect, breach, at=noon(4, 2)), close)


def test_it_closes_no_earlier_than_what_was_promised_was_done():
    performed = onward(after(*IN_EFFECT), perform, at=noon(3, 25))

    with pytest.raises(BeforeWhatItBuildsOn):
        then(performed, close, occurred_at=noon(3, 24))


def test_a_possible_crime_is_reported_before_it_closes():
    risky = onward(after(*PERFORMED), RateRisk(risk=Risk.RED, possible_crime=True))

    with pytest.raises(RiskNotReported):
        then(risky, close)

    assert then(onward(risky, ReportRisk(recipient_name="派出所")), close)


@pytest.mark.parametrize("wrong", [one for one in Result if one is not Result.AGREEMENT_WRITTEN])
def test_it_closes_as_it_came_out(wrong):
    performed = after(*PERFORMED)

    with pytest.raises(ResultDoesNotFit):
        then(performed, CloseCase(result=wrong))


def test_every_ground_of_an_end_has_its_result():
    fitting = {
        EndGround.FAILED: Result.FAILED,
        EndGround.PARTY_ENDED: Result.FAILED,
        EndGround.WITHDRAWN: Result.WITHDRAWN,
        EndGround.REFUSED: Result.REFUSED,
        EndGround.OUT_OF_CONTACT: Result.OUT_OF_CONTACT,
        EndGround.SELF_SETTLED: Result.SELF_SETTLED,
        EndGround.TO_ADMINISTRATIVE: Result.TO_ADMINISTRATIVE,
        EndGround.TO_ARBITRATION: Result.TO_ARBITRATION,
        EndGround.TO_COURT: Result.TO_COURT,
        EndGround.PUBLIC_ORDER: Result.PUBLIC_ORDER,
        EndGround.CRIMINAL: Result.CRIMINAL,
    }

    assert {*fitting, *FOLLOWS} == set(EndGround)
    for ground, result in fitting.items():
        ended = after(*UNDER_WAY, EndMediation(mediation=1, because=ground, remedies_told=True))

        assert onward(ended, CloseCase(result=result)).state.result is result


@pytest.mark.parametrize("result", [Result.FAILED, Result.TO_COURT, Result.SELF_SETTLED])
def test_what_came_of_it_elsewhere_is_said_at_the_end(result):
    under_way = after(*UNDER_WAY)
    taken = recorded(under_way, *taken_up(under_way.state, ESCALATION, TOWN, on_at(under_way, body=TOWN)))

    assert onward(taken, CloseCase(result=result)).state.result is result
    with pytest.raises(ResultDoesNotFit):
        then(taken, close)


def test_what_the_clock_ended_has_failed_and_closes_once_the_remedies_were_told():
    expired = out_of_time()

    with pytest.raises(RemediesFirst):
        then(expired, CloseCase(result=Result.FAILED))
    told = onward(expired, TellRemedies(mediation=1))

    assert onward(told, CloseCase(result=Result.FAILED)).state.result is Result.FAILED
    with pytest.raises(RemediesToldAlready):
        then(told, TellRemedies(mediation=1))
    with pytest.raises(RemediesToldAlready):
        then(after(*FAILED), TellRemedies(mediation=1))


@pytest.mark.parametrize("event", [offer_of(), handed_to(TOWN), asked_above])
def test_a_case_is_not_closed_while_it_is_on_its_way(event):
    on_its_way = recorded(after(*FAILED), event)

    with pytest.raises(StillOnItsWay):
        then(on_its_way, CloseCase(result=Result.FAILED))


@pytest.mark.parametrize(
    ("changes", "result"),
    [({"form": "oral"}, Result.AGREEMENT_ORAL), ({"form": "oral", "extent": "partial"}, Result.AGREEMENT_PARTIAL)],
)
def test_an_oral_and_a_partial_agreement_are_results_of_their_own(changes, result):
    agreed = onward(after(*UNDER_WAY), ReachAgreement(mediation=1, terms="道歉", **changes))

    assert onward(agreed, CloseCase(result=result)).state.result is result
    assert (agreed.state.resolved_at is None) == (changes.get("extent") == Extent.PARTIAL)


def test_what_was_never_mediated_did_not_come_to_an_agreement():
    registered = after(register)

    with pytest.raises(ResultDoesNotFit):
        then(registered, close)
    settled = onward(registered, CloseCase(result=Result.SELF_SETTLED)).state

    assert settled.resolved_at == settled.since
    assert onward(registered, CloseCase(result=Result.WITHDRAWN)).state.resolved_at is None


def test_reopening_undoes_the_resolution_and_keeps_one_identity():
    closed = after(*CLOSED)

    case = onward(closed, reopen).state

    assert (case.status, case.resolved_at, case.result) == (Status.OPEN, None, None)
    assert (case.id, case.code, case.highest) == (closed.state.id, closed.state.code, closed.state.highest)
    assert then(onward(closed, reopen), AcceptCase())


def test_what_is_closed_again_as_agreed_was_resolved_when_the_agreement_took_effect():
    closed = after(*CLOSED)

    again = onward(closed, reopen, close, at=noon(6, 1)).state

    assert again.resolved_at == closed.state.resolved_at
    assert closed.state.resolved_at is not None


@pytest.mark.parametrize("past", [(*UNDER_WAY, settle), (register,)])
def test_and_as_settled_when_the_parties_settled_it(past):
    closed = onward(after(*past), CloseCase(result=Result.SELF_SETTLED), at=noon(4, 1))

    again = onward(closed, reopen, CloseCase(result=Result.SELF_SETTLED), at=noon(6, 1)).state

    assert again.resolved_at == (closed.state.resolved_at if len(past) > 1 else noon(6, 1))


def test_a_partial_agreement_resolves_nothing_when_it_is_closed_again():
    partial = onward(after(*UNDER_WAY), agree_orally.but(extent=Extent.PARTIAL, obligations=()))

    closed = onward(partial, CloseCase(result=Result.AGREEMENT_PARTIAL), reopen)

    assert onward(closed, CloseCase(result=Result.AGREEMENT_PARTIAL)).state.resolved_at is None


def test_what_is_archived_may_be_reopened_and_what_is_open_not():
    archived = after(*ARCHIVED)

    assert onward(archived, reopen).state.status is Status.OPEN
    with pytest.raises(NotAllowedNow):
        then(after(*FAILED), reopen)


def test_what_was_never_mediated_is_reopened_as_registered():
    withdrawn = after(register, CloseCase(result=Result.WITHDRAWN))

    assert onward(withdrawn, reopen).state.status is Status.REGISTERED


@pytest.mark.parametrize("paper", [Paper.IDENTITY, Paper.AGREEMENT, Paper.PERFORMANCE_PROOF])
def test_each_paper_that_the_record_does_not_make_is_there_before_the_case_is_archived(paper):
    filed = onward(after(*CLOSED), *(step for step in file_all if step.paper is not paper))

    with pytest.raises(PapersMissing) as refusal:
        then(filed, archive)

    assert [paper in choice for choice in refusal.value.details["missing"]] == [True]


@pytest.mark.parametrize("form", [Paper.APPLICATION, Paper.ACCEPTANCE])
def test_an_application_or_an_acceptance_form_is_enough_where_nothing_was_mediated(form):
    settled = after(register, CloseCase(result=Result.SELF_SETTLED), FilePaper(paper=form, sha256=HASH))

    assert onward(settled, archive).state.status is Status.ARCHIVED


def test_an_oral_agreement_has_a_form_of_its_own_and_a_follow_up_a_record():
    oral = onward(after(*UNDER_WAY), agree_orally, FollowUp(findings="已和好")).state

    assert {Paper.ORAL_AGREEMENT, Paper.FOLLOW_UP} <= recorded_papers(oral)
    assert Paper.MEDIATION_RECORD not in recorded_papers(oral)
    assert [Paper.AGREEMENT] not in missing_papers(oral)


def test_a_dispute_settled_without_mediation_needs_only_its_form():
    settled = after(register, CloseCase(result=Result.SELF_SETTLED))

    assert missing_papers(settled.state) == [[Paper.APPLICATION, Paper.ACCEPTANCE]]


def test_nothing_is_archived_that_is_not_closed():
    with pytest.raises(NotAllowedNow):
        then(after(*PERFORMED), archive)


def test_nothing_goes_on_in_a_mediation_of_a_closed_case():
    apply = ApplyForConfirmation(mediation=1, applicants=(APPLICANT, RESPONDENT), court="县人民法院")

    assert then(after(*PERFORMED), apply)
    for history in (after(*CLOSED), after(*ARCHIVED)):
        with pytest.raises(NotAllowedNow):
            then(history, apply)


def test_satisfaction_is_asked_of_a_party_and_moves_nothing():
    closed = after(*CLOSED)

    asked = onward(closed, RecordSatisfaction(party=APPLICANT, satisfaction=Satisfaction.SATISFIED))

    assert asked.state == closed.state
