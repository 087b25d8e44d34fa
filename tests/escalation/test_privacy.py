"""个人信息: a text of an escalation gives way to a copy, whatever its stage, and nothing else of it changes."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from application.escalation.row import escalation_card
from domain.escalation.escalation import Escalation
from domain.escalation.privacy import EraseEscalationTexts
from domain.shared.decider import History, decide
from domain.shared.erasing import Replacement, UnknownText, read_instead, texts_of
from domain.shared.errors import NotAllowedNow
from domain.shared.values import EscalationId
from tests.case.histories import entries, occasion
from tests.escalation.test_lifecycle import DAY, HOLDERS, START, STORIES, EscalationLifecycle

BASIS = "本人申请"
LATER = replace(occasion(), now=START + 400 * DAY, occurred_at=START + 400 * DAY)


def lived(story):
    life = EscalationLifecycle()
    life.told(HOLDERS[0], story)
    return life.history


def erase(history, *told):
    copies = tuple(Replacement(narrative=id, told=text) for id, text in told)
    return decide(history, EraseEscalationTexts(replacements=copies, basis=BASIS), LATER)


@pytest.mark.parametrize("story", STORIES)
def test_a_copy_takes_a_texts_place_in_any_stage_and_changes_no_state_and_no_list(story):
    history = lived(story)

    for text in texts_of(history.entries):
        after = history.then(entries(history, erase(history, (text.id, "一份副本")), LATER))

        assert after.state == history.state
        assert read_instead(after.entries) == {text.id: "一份副本"}
        before = vars(escalation_card(history))
        assert vars(escalation_card(after)) == before | {"version": after.version}
        with pytest.raises(UnknownText):
            erase(after, (text.id, "再一份"))


def test_of_what_never_began_nothing_is_erased():
    id = EscalationId(uuid4())

    with pytest.raises(NotAllowedNow):
        erase(History.of(id, Escalation.blank(id), ()))
