"""Service tokens: issued to an officer under an appointment, for a year at most, and over with what they hang on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from application.office import OFFICERS, Officers
from application.office_tokens import IssuedTokens
from domain.office.appointments import AppointOfficer, RevokeAppointment, UnknownAppointment
from domain.office.officer import DisableOfficer, EnableOfficer, RegisterOfficer, Role, officer_id
from domain.office.scopes import TokenScope
from domain.office.tokens import EndToken, IssueToken, NotInForce, TokenEndedAlready, TokenLasts, UnknownToken, lives
from domain.shared.errors import NotAllowedNow, UnknownStream
from tests.jurisdiction.memory import DAY, asked, imported
from tests.office.no_sessions import NoSessions
from tests.office.test_officers import COMMITTEE, VILLAGE

LI = officer_id("li.ming")
MARK = "ab" * 32
TODAY = asked().now.date()


def issue(**other) -> IssueToken:
    told = {"label": "数据平台", "scopes": (TokenScope.READ,), "appointment": 1, "ends_on": TODAY + timedelta(days=30)}
    return IssueToken(**told | other, mark=MARK)


@pytest.fixture
def officers(ledger):
    assert imported("420581104201") == VILLAGE
    officers = Officers(ledger, NoSessions())
    officers.register(asked(), RegisterOfficer(login="li.ming", display_name="李明"))
    for role in (Role.MEDIATOR, Role.LEADER):
        officers.change(asked(), LI, AppointOfficer(role=role, body=COMMITTEE, area=VILLAGE, in_force_from=DAY))
    return officers


@pytest.fixture
def book(ledger, officers):
    return IssuedTokens(ledger)


def live(ledger, day=TODAY) -> list[int]:
    state = ledger.history(OFFICERS, LI).state
    return [number for number, one in state.tokens.items() if lives(state, one, day)]


def test_a_token_has_a_number_and_lives_until_its_day(ledger, book):
    assert [book.record(asked(), LI, issue()), book.record(asked(), LI, issue())] == [1, 2]

    assert live(ledger) == live(ledger, TODAY + timedelta(days=29)) == [1, 2]
    assert live(ledger, TODAY + timedelta(days=30)) == []


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_lasts_a_day_at_least_and_a_year_at_most(book, days):
    book.record(asked(), LI, issue(ends_on=TODAY + timedelta(days=1)))
    book.record(asked(), LI, issue(ends_on=TODAY + timedelta(days=366)))
    with pytest.raises(TokenLasts):
        book.record(asked(), LI, issue(ends_on=TODAY + timedelta(days=days)))


def test_a_token_acts_under_an_appointment_that_is_in_force(ledger, officers, book):
    with pytest.raises(UnknownAppointment):
        book.record(asked(), LI, issue(appointment=3))
    later = AppointOfficer(role=Role.AUDITOR, body=COMMITTEE, area=VILLAGE, in_force_from=TODAY + timedelta(days=1))
    officers.change(asked(), LI, later)
    with pytest.raises(NotInForce):
        book.record(asked(), LI, issue(appointment=3))
    with pytest.raises(UnknownStream):
        book.record(asked(), officer_id("nobody"), issue())


def test_a_token_lives_no_longer_than_its_appointment(ledger, officers, book):
    until = TODAY + timedelta(days=5)
    ending = AppointOfficer(role=Role.AUDITOR, body=COMMITTEE, area=VILLAGE, in_force_from=DAY, in_force_until=until)
    officers.change(asked(), LI, ending)
    book.record(asked(), LI, issue(appointment=3))

    assert (live(ledger, until - timedelta(days=1)), live(ledger, until)) == ([1], [])


def test_a_token_ends_once(ledger, officers, book):
    book.record(asked(), LI, issue())
    with pytest.raises(UnknownToken):
        officers.change(asked(), LI, EndToken(number=2))
    officers.change(asked(), LI, EndToken(number=1))

    assert live(ledger) == []
    with pytest.raises(TokenEndedAlready):
        officers.change(asked(), LI, EndToken(number=1))


def test_whoever_is_disabled_has_no_token_and_gets_none_back(ledger, officers, book):
    book.record(asked(), LI, issue())
    officers.change(asked(), LI, DisableOfficer())
    assert live(ledger) == []
    with pytest.raises(NotAllowedNow):
        book.record(asked(), LI, issue())

    officers.change(asked(), LI, EnableOfficer())
    assert live(ledger) == []


def test_with_an_appointment_its_tokens_end_at_once_and_no_others(ledger, officers, book):
    book.record(asked(), LI, issue(appointment=1))
    book.record(asked(), LI, issue(appointment=2))

    officers.change(asked(), LI, RevokeAppointment(number=1, in_force_until=TODAY + timedelta(days=9)))

    assert live(ledger) == [2]
