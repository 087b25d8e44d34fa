"""What was recorded in an older form is read in today's: nothing that it did not tell is made up."""

from uuid import uuid4

import pytest
from pydantic import ValidationError

from domain.shared.values import RECORDED
from infrastructure.ledger.event_names import EVENTS, upcast


@pytest.mark.parametrize(
    ("ground", "told", "follows", "still_told"),
    [
        ("failed", True, False, True),
        ("to-court", True, False, True),
        ("time-limit", False, True, False),
        ("referred", True, True, False),
        ("escalated", True, True, False),
    ],
)
def test_an_end_says_whether_it_followed_from_something_else(ground, told, follows, still_told):
    old = {"mediation": 1, "ground": ground, "remedies_told": told, "account": None}

    new = EVENTS["case.mediation_ended"].model_validate(upcast("case.mediation_ended", 1, old))

    assert (new.follows, new.remedies_told) == (follows, still_told)


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("case.consent_given", {"moves_stage": True}),
        ("case.consent_withdrawn", {"moves_stage": True}),
        ("case.mediation_refused", {"moves_stage": True}),
        ("case.party_withdrew", {"moves_stage": True}),
        ("case.due_fixed", {"asks_state": True}),
        ("case.mediation_resumed", {"provisional": False}),
        ("case.proceedings_noted", {"number": 0}),
        ("case.registered", {"highest": None}),
    ],
)
def test_what_an_older_form_did_not_tell_is_left_open(name, added):
    assert upcast(name, 1, {"kept": 1}) == {"kept": 1, **added}


def test_a_text_that_a_later_rule_would_refuse_is_still_read():
    turned = {"note": {"id": str(uuid4()), "text": "甲\u202e乙"}}
    written = EVENTS["case.note_written"]

    assert written.model_validate(turned, context=RECORDED).model_dump(mode="json") == turned
    with pytest.raises(ValidationError):
        written.model_validate(turned)
    with pytest.raises(ValidationError):
        written.model_validate({"note": {"id": str(uuid4()), "text": "甲\x00乙"}}, context=RECORDED)
