"""可办事项: what is offered is allowed, and what is blocked says why."""

from domain.case.actions import NoMediationYet, actions
from domain.case.clocks import FixDue, LetClockRunOut
from domain.case.ending.closing import ArchiveCase, CloseCase, ObligationsOpen, PapersMissing, StillMediated
from domain.case.lists import COMMANDS
from domain.case.mediating.confirmation import ApplyForConfirmation
from domain.case.mediating.lacking import SignaturesMissing
from domain.case.mediating.mediation import NoMediatorAccepted
from domain.case.mediating.mediators import ProposeMediator
from domain.case.mediating.sessions import HoldSession
from domain.case.mediating.starting import StartMediation
from domain.case.opening.acceptance import AcceptCase, BothSidesNeeded
from domain.shared.errors import NotAllowedNow
from tests.case.histories import (
    AGREED,
    CLOSED,
    CONSENTED,
    FAILED,
    IN_EFFECT,
    UNDER_WAY,
    ZHANG,
    accept,
    after,
    onward,
    register,
    sign_applicant,
)
from tests.oracle.elsewhere import BOTH


def blocked(history):
    return {action.command: action.blocked for action in actions(history.state)}


def test_every_command_is_told_of_once_where_there_is_one_mediation():
    told = [action.command for action in actions(after(*UNDER_WAY).state)]

    assert sorted(told, key=str) == sorted((one for one in COMMANDS if one.for_officers()), key=str)


def test_what_only_the_clock_asks_is_offered_to_nobody():
    told = {action.command for action in actions(after(*UNDER_WAY).state)}

    assert not told & {LetClockRunOut, FixDue}


def test_before_acceptance_there_is_no_mediation_to_act_on():
    told = blocked(after(register))

    assert isinstance(told[ProposeMediator], NoMediationYet)
    assert told[AcceptCase] is None


def test_a_guard_says_what_is_missing():
    assert isinstance(blocked(after(register.but(parties=(ZHANG,))))[AcceptCase], BothSidesNeeded)
    assert isinstance(blocked(after(*CONSENTED))[StartMediation], NoMediatorAccepted)
    assert isinstance(blocked(after(*UNDER_WAY))[CloseCase], StillMediated)
    assert isinstance(blocked(after(*IN_EFFECT))[CloseCase], ObligationsOpen)
    assert isinstance(blocked(after(*CLOSED))[ArchiveCase], PapersMissing)


def test_the_stage_is_told_before_the_guard():
    assert type(blocked(after(*UNDER_WAY))[StartMediation]) is NotAllowedNow
    assert type(blocked(after(*CLOSED))[ProposeMediator]) is NotAllowedNow
    assert type(blocked(after(*UNDER_WAY[:-1]))[HoldSession]) is NotAllowedNow


def test_but_not_before_whose_consent_or_signature_is_missing():
    assert blocked(after(register, accept))[HoldSession].details["parties"] == sorted(BOTH)
    assert isinstance(blocked(after(*AGREED, sign_applicant))[ApplyForConfirmation], SignaturesMissing)


def test_of_two_mediations_the_one_that_goes_on_is_offered():
    again = onward(after(*FAILED), accept)

    numbers = [action.mediation for action in actions(again.state) if action.command is ProposeMediator]

    assert numbers == [2]
