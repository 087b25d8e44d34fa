"""What is told of a case to whoever reads it over the API, and as facts of the replay."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from api.told_of_a_case import TOLD
from api.web.sentences import NO_NAMES, in_words, yuan
from application.case.page import CasePage
from application.case.picture import OF_A_PROMISE, OF_THE_PAGE, Sum, _of
from domain.case.case import DisputeCase
from domain.case.mediations import ObligationState
from domain.shared.states import State
from domain.shared.values import Count, Fen

KEPT = {"refusals", "disclosures", "registered_for", "course", "receipt"}
"""For the rules of who may do and read what: they tell nobody anything."""


def test_every_field_of_the_state_is_told_or_kept():
    assert vars(DisputeCase(id=uuid4())).keys() == TOLD | KEPT
    assert not TOLD & KEPT


class Wager(State):
    """A part of a state that a newcomer has added."""

    stake: Fen
    lost: Fen | None = None
    players: Count = 2


def test_money_is_told_in_yuan_whatever_its_fact_is_called():
    told = {fact.field: value for fact, value in _of("matter", "", Wager(stake=12_345), ("stake", "lost", "players"))}

    said = {name: in_words(value, NO_NAMES, "zh") for name, value in told.items()}
    assert said == {"stake": yuan(12_345), "lost": "", "players": "2"}


@pytest.mark.parametrize(
    ("thing", "names", "sums"),
    [
        (ObligationState(amount=500, due=None, paid=100), OF_A_PROMISE, {"amount", "paid"}),
        (CasePage(id=uuid4(), version=1, position=1, state=DisputeCase(id=uuid4()), amount=5), OF_THE_PAGE, {"amount"}),
    ],
)
def test_what_is_promised_and_claimed_is_money(thing: Any, names, sums):
    assert {fact.field for fact, value in _of("matter", "", thing, names) if type(value) is Sum} == sums
