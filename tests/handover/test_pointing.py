"""Who reads a part of a case neither changes, joins nor hands on what they cannot read, nor what others recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import Case
from tests.referral.offices import (
    as_seen_from,
    attempt_offer,
    body,
    case_at,
    desk,
    nothing_recorded,
    offer,
    refused,
    truth,
)

SHA = "ab" * 32


@pytest.fixture
def part(county: Any) -> Case:
    """Held by the village, to which one name was handed; the market office has recorded more."""
    case = case_at(county, "JY", facts="密事")
    case.act("file-evidence", kind="document", description="密证", sha256=SHA)
    case.act("state-amount", amount=7, people=2)
    given = {"parties": case.parties[:1], "contacts": [], "facts": False, "amount": False, "entries": []}
    moving = offer(case, "transfer", "LW", content=given)
    for step in ("acknowledge-referral", "accept-referral"):
        moving.act("LW", step)
    return as_seen_from(case, "LW")


def hidden(case: Case) -> dict[str, Any]:
    _, second = case.parties
    return {
        "correct-party": {"party": second, "phone": "13900000001"},
        "withdraw-party": {"party": second, "reason": "走"},
        "represent-party": {"party": second, "name": "代理"},
        "check-identity": {"party": second},
        "file-evidence": {"party": second, "kind": "document", "sha256": SHA},
        "write-note": {"note": "记", "on_behalf_of": second},
    }


@pytest.mark.parametrize("command", ["correct-party", "withdraw-party", "represent-party", "check-identity"])
def test_nobody_changes_what_is_said_of_a_person_who_was_not_told(county, part, command):
    with nothing_recorded(county):
        refused(part.attempt(command, **hidden(part)[command]), 403, "person-not-told")


@pytest.mark.parametrize("command", ["file-evidence", "write-note"])
def test_nor_records_anything_on_their_behalf(county, part, command):
    with nothing_recorded(county):
        refused(part.attempt(command, **hidden(part)[command]), 403, "person-not-told")


def test_of_whom_the_name_was_told_it_may_be_changed(part):
    first, _ = part.parties
    part.act("represent-party", party=first, name="代理甲")


def test_a_party_who_was_not_told_may_still_speak_to_the_mediator(part):
    for party in part.parties:
        part.act("give-consent", party=party)


@pytest.mark.parametrize("command", ["correct-entry", "strike-entry"])
def test_entries_of_another_body_stay_as_they_are_read_or_not(county, part, command):
    whole = desk(county, "JY").get(f"/api/cases/{part.id}").json()["timeline"]
    theirs = [one["version"] for one in whole if one["body"] == body("JY")]
    for entry in theirs:
        named = {"entry": entry, "changes": {}} if command == "correct-entry" else {"entries": [entry]}
        with nothing_recorded(county):
            refused(part.attempt(command, reason="因", **named), 403, "not-your-entry")


def test_whoever_reads_a_part_neither_splits_nor_merges_it(county, part):
    first, _ = part.parties
    split = part.attempt("split-case", parties=[first], facts="另", reason="分")
    merge = part.attempt("merge-case", into=case_at(county, "LW").id, reason="并")

    for told in (split, merge):
        refused(told, 403, "seen-in-part")


def test_nothing_is_merged_into_a_case_of_which_a_part_is_read(county, part):
    own = case_at(county, "LW")
    refused(own.attempt("merge-case", into=part.id, reason="并"), 403, "seen-in-part")


def test_a_merger_is_struck_only_by_who_reads_both(county):
    into, own = case_at(county, "LW"), case_at(county, "LW")
    own.act("merge-case", into=into.id, reason="并")
    merged = own.version
    into = as_seen_from(into, "LW")
    given = {"parties": into.parties[:1], "contacts": [], "facts": False, "amount": False, "entries": []}
    moving = offer(into, "transfer", "JY", content=given)
    for step in ("acknowledge-referral", "accept-referral"):
        moving.act("JY", step)

    with nothing_recorded(county):
        refused(own.attempt("strike-entry", entries=[merged], reason="误"), 403, "seen-in-part")


def test_nobody_hands_on_what_was_not_handed_to_them(county, part):
    first, second = part.parties
    base = {"parties": [first], "contacts": [], "facts": False, "amount": False, "entries": []}
    proof = desk(county, "JY").get(f"/api/cases/{part.id}").json()["timeline"]
    entry = next(one["version"] for one in proof if one["name"] == "case.evidence_filed")
    for more, code in (
        ({"parties": [second]}, "person-not-told"),
        ({"facts": True}, "seen-in-part"),
        ({"amount": True}, "seen-in-part"),
        ({"contacts": [first]}, "seen-in-part"),
        ({"entries": [entry]}, "slice-lacks"),
    ):
        told = attempt_offer(part, "invite", "GA", content={**base, **more}, consented=[first, second])
        assert told.json()["code"] == code, (more, told.text)
    assert attempt_offer(part, "invite", "GA", content=base, consented=[first, second]).status_code == 201


@pytest.mark.parametrize("command", ["accept-case", "appoint-lead", "confirm-difficulty"])
def test_who_held_it_once_takes_it_up_no_more_but_may_tell_of_a_danger(county, part, command):
    content = {"official": "镇长", "post": "镇长"} if command == "appoint-lead" else {}
    once = as_seen_from(part, "JY")

    refused(once.attempt(command, **content), 403, "not-your-body")
    once.act("rate-risk", risk="red", reason="听说")
    once.act("write-note", note="转告")


def test_who_was_not_told_a_number_does_not_write_over_it(county):
    parties = [
        {"side": "applicant", "name": "周大山", "phone": "13800001111"},
        {"side": "respondent", "name": "吴小河"},
    ]
    case = case_at(county, "LW", parties=parties)
    first = next(id for id, one in case.state()["parties"].items() if one["side"] == "applicant")
    offered = offer(case, "transfer", "JY", content={"parties": [first], "facts": False, "amount": False})
    offered.act("JY", "acknowledge-referral")
    offered.act("JY", "accept-referral")
    there = as_seen_from(case, "JY")

    refused(there.attempt("correct-party", party=first, phone="13900002222"), 403, "person-not-told")
    there.act("correct-party", party=first, name="周大川")

    assert truth(case).parties[UUID(first)].details.phone == "13800001111"
