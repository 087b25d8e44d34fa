"""个人信息: a text of a referral gives way to a copy, whatever its stage, and nothing else of it changes."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from domain.referral.lists import EVENTS
from domain.referral.privacy import EraseReferralTexts, ReferralTextErased
from domain.referral.referral import Referral, ReferralStage
from domain.shared.decider import History, decide
from domain.shared.erasing import Replacement, UnknownText, read_instead, texts_of
from domain.shared.errors import NotAllowedNow
from domain.shared.values import ReferralId
from tests.case.histories import entries, occasion
from tests.referral.test_lifecycle import DAY, LAWFUL, START, STORIES, ReferralLifecycle

BASIS = "本人申请"
LATER = replace(occasion(), now=START + 400 * DAY, occurred_at=START + 400 * DAY)


def lived(story):
    life, way = ReferralLifecycle(), LAWFUL[0]
    life.told(way, way[2][:1], story, petition=False, complex=False)
    return life.history


def erase(history, *told):
    copies = tuple(Replacement(narrative=id, told=text) for id, text in told)
    command = EraseReferralTexts(replacements=copies, basis=BASIS)
    return decide(history, command, LATER)


@pytest.mark.parametrize("story", STORIES)
def test_a_copy_takes_a_texts_place_in_any_stage_and_changes_no_state(story):
    history = lived(story)

    for text in texts_of(history.entries):
        events = erase(history, (text.id, "一份副本"))
        after = history.then(entries(history, events, LATER))

        assert after.state == history.state
        assert read_instead(after.entries) == {text.id: "一份副本"}
        assert text.id not in {one.id for one in texts_of(after.entries)}
        with pytest.raises(UnknownText):
            erase(after, (text.id, "再一份"))


def test_each_copy_has_a_key_of_its_own():
    history = lived(STORIES[-1])
    told = [one.id for one in texts_of(history.entries)]

    events = erase(history, *((id, "一份副本") for id in told))

    assert len({one.instead.id for one in events}) == len(told) > 1


def test_a_text_that_is_not_there_is_not_replaced():
    with pytest.raises(UnknownText):
        erase(lived([]), (uuid4(), "无"))


def test_of_what_was_never_offered_nothing_is_erased():
    id = ReferralId(uuid4())

    with pytest.raises(NotAllowedNow):
        erase(History.of(id, Referral.blank(id), ()))
    assert ReferralStage.NEW not in EraseReferralTexts.allowed_in
    assert ReferralTextErased in EVENTS
