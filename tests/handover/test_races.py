"""Two hundred times: of two desks that decide the same thing at the same moment exactly one does."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import pytest

from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.escalation.kinds import ReturnGround
from domain.escalation.raising import AcceptEscalation, SendBackEscalation
from domain.referral.answering import AcceptReferral
from domain.referral.taking_back import WithdrawReferral
from domain.shared.errors import DomainError
from domain.shared.values import ReferralKind
from tests.effort import times
from tests.handover.many import asked, offered, raced, registered, sent_up, viewer
from tests.referral.offices import body

ROUNDS = times(test=40, soak=1_000)
LONG_AGO, NOW = datetime(2026, 6, 1, 2, tzinfo=UTC), datetime(2026, 6, 30, 2, tzinfo=UTC)


def answer(county, code, case, id, command):
    version = county.parts.ledger.history(REFERRALS, id).version
    system, who = county.parts.system, viewer(county, code)
    return lambda: system.deciding.referrals.change(case, id, command, who, asked(county, code), version)


def step(county, code, case, id, command):
    system, who = county.parts.system, viewer(county, code)
    return lambda: system.deciding.escalations.change(case, id, command, who, asked(county, code), 1)


def state(county, stream, id):
    return county.parts.ledger.history(stream, id).state


def test_of_two_receivers_one_accepts(county):
    for case, id in offered(county, ReferralKind.DELEGATE, "FY", ("LW", "SQ"), ROUNDS, NOW):
        won = raced(*(answer(county, code, case, id, AcceptReferral()) for code in ("LW", "SQ")))

        assert sum(won) == 1
        found = state(county, CASES, case)
        assert str(found.active_mediation.body) == body(("LW", "SQ")[won.index(True)])
        assert (len(found.mediations), found.handed, dict(found.offers)) == (1, {id}, {})


def test_an_offer_is_accepted_or_withdrawn(county):
    withdraw = WithdrawReferral(reason="改变主意")
    for case, id in offered(county, ReferralKind.DELEGATE, "FY", ("LW",), ROUNDS, NOW):
        accepted, withdrawn = raced(
            answer(county, "LW", case, id, AcceptReferral()), answer(county, "FY", case, id, withdraw)
        )

        assert accepted is not withdrawn
        found = state(county, CASES, case)
        assert (state(county, REFERRALS, id).stage, bool(found.mediations)) == (
            ("accepted", True) if accepted else ("withdrawn", False)
        )
        assert not found.offers


def test_an_offer_is_accepted_or_lapses(county):
    made = offered(county, ReferralKind.TRANSFER, "JY", ("LW",), ROUNDS, LONG_AGO)
    county.parts.projector.catch_up()
    clock = Thread(target=county.parts.system.deciding.timers.fire, args=(county.clock(),))
    answers = [(case, id, answer(county, "LW", case, id, AcceptReferral())) for case, id in reversed(made)]

    clock.start()
    won = {}
    for _, id, accept in answers:
        try:
            accept()
            won[id] = True
        except DomainError:
            won[id] = False
    clock.join(60)
    county.parts.projector.catch_up()
    county.parts.system.deciding.timers.fire(county.clock())

    for case, id, _ in answers:
        found = state(county, CASES, case)
        assert state(county, REFERRALS, id).stage == ("accepted" if won[id] else "lapsed")
        assert (bool(found.mediations), str(found.holder)) == (won[id], body("LW" if won[id] else "JY"))
        assert not found.offers


def test_a_request_is_accepted_or_sent_back(county):
    back = SendBackEscalation(because=ReturnGround.OTHER, reason="请先调解")
    for case, id in sent_up(county, ROUNDS, NOW):
        accepted, returned = raced(step(county, "HK", case, id, AcceptEscalation()), step(county, "HK", case, id, back))

        assert accepted is not returned
        found = state(county, CASES, case)
        assert state(county, ESCALATIONS, id).stage == ("accepted" if accepted else "sent-back")
        assert (found.level, str(found.holder)) == (("township", body("HK")) if accepted else ("village", body("LW")))
        assert found.bounces == (0 if accepted else 1)


@pytest.mark.parametrize("count", [times(test=1_000, soak=10_000)])
def test_however_many_are_overdue_each_is_acted_on_once(county, count):
    """B18: pages of a hundred."""
    ids = {case for _ in range(count // 500) for case in registered(county, "HK", 500, LONG_AGO)}
    county.parts.projector.catch_up()

    county.parts.system.deciding.timers.fire(county.clock())

    with county.parts.system.reading.board._pool.connection() as connection:
        query = "SELECT originator_id FROM stored_events WHERE topic = 'case.clock_ran_out'"
        acted = [row[0] for row in connection.execute(query).fetchall()]
    assert len([id for id in acted if id in ids]) == 2 * count == 2 * len(ids)
