"""Two people of one name are told apart wherever one is chosen or named, by what the reader may read of them."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Desk

ALIKE = {
    "side": ({"side": "applicant", "name": "王伟"}, {"side": "respondent", "name": "王 伟"}),
    "telephone": (
        {"side": "applicant", "name": "王伟", "phone": "13800001111"},
        {"side": "applicant", "name": "王伟", "phone": "13800002222"},
    ),
    "address": (
        {"side": "applicant", "name": "王伟", "address": "东头1号"},
        {"side": "applicant", "name": "王伟", "address": "西头2号"},
    ),
    "number": ({"side": "applicant", "name": "王伟"}, {"side": "applicant", "name": "王伟"}),
}
TOLD = {
    "side": ["王伟（申请人）", "王 伟（被申请人）"],
    "telephone": ["王伟（…1111）", "王伟（…2222）"],
    "address": ["王伟（东头1号）", "王伟（西头2号）"],
    "number": ["王伟（1）", "王伟（2）"],
}


def chosen_from(desk: Desk, path: str) -> list[str]:
    told = desk.get(path, {"Accept": "text/html"}).text
    return [one.strip() for one in re.findall(r">([^<>]*王 ?伟[^<>]*)</option>", told)]


@pytest.mark.parametrize("by", ALIKE)
def test_two_of_one_name_are_told_apart_where_one_is_chosen(county, mediator, by):
    case = mediator.register(parties=[*ALIKE[by], {"side": "respondent", "name": "吴小河"}])

    told = chosen_from(mediator, f"/cases/{case.id}/do/give-consent")

    assert [one for one in told if one in TOLD[by]] == [*TOLD[by], *TOLD[by]], "the party, and on whose behalf"


def test_who_may_not_see_a_telephone_number_is_not_told_its_end(county, mediator):
    case = mediator.register(parties=[*ALIKE["telephone"], {"side": "respondent", "name": "吴小河"}])

    told = county.as_("auditor").get(f"/cases/{case.id}", {"Accept": "text/html"}).text

    assert ("1111" in told, "王伟（1）" in told, "王伟（2）" in told) == (False, True, True)


def test_a_refusal_says_which_of_the_two_is_missing(county, mediator):
    case = mediator.register(parties=list(ALIKE["side"]))
    case.act("accept-case")
    for party in case.parties:
        case.act("give-consent", party=party)

    told = mediator.get(f"/cases/{case.id}", {"Accept": "text/html"}).text

    assert "王伟（申请人）、王 伟（被申请人）" in told or "王 伟（被申请人）、王伟（申请人）" in told
