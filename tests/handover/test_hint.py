"""The hint of a known dispute: whoever reads a part of it is told of it, and is never told whom that part withholds."""

from __future__ import annotations

import pytest

from tests.api.test_one_person import hinted
from tests.referral.offices import begin, body, case_at, offer

VILLAGE = "990101101201"


def known(county, name):
    parties = [{"side": "applicant", "name": f"{name}甲"}, {"side": "respondent", "name": f"{name}乙"}]
    return case_at(county, "LW", parties=parties)


def handed_over(case):
    first = case.parties[0]
    offered = offer(case, "transfer", "JY", content={"parties": [first], "facts": False, "amount": False})
    offered.act("JY", "acknowledge-referral")
    offered.act("JY", "accept-referral")


def gone_up(case):
    begin(case, "LW", "request-escalation", to=body("HK"), because="too-complex").act("HK", "accept-escalation")


@pytest.mark.parametrize("gone", [handed_over, gone_up])
def test_who_held_a_dispute_once_is_told_that_it_is_known(county, gone):
    case = known(county, "提示" if gone is gone_up else "告知")
    code = case.state()["code"]
    name = "提示乙" if gone is gone_up else "告知乙"
    gone(case)
    county.parts.projector.catch_up()

    assert code in hinted(county, "li.ming", VILLAGE, {"name": name})


def test_who_was_handed_a_part_is_told_by_the_names_that_it_was_given_and_by_no_other(county):
    case = known(county, "部分")
    code = case.state()["code"]
    handed_over(case)
    county.parts.projector.catch_up()

    assert code in hinted(county, "shi.jian", VILLAGE, {"name": "部分甲"})
    assert code not in hinted(county, "shi.jian", VILLAGE, {"name": "部分乙"})
