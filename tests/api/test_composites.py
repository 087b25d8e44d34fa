"""一次说合: a meeting, a signing and a closing are each told at once; all of it is recorded, or nothing."""

from typing import Any

import pytest

from domain.office.officer import officer_id
from tests.api.conftest import Case

HASH = "a" * 64
LI_MING = str(officer_id("li.ming"))


@pytest.fixture
def case(mediator):
    return mediator.register()


def at_table(case: Case, **told: Any) -> list[dict[str, Any]]:
    row = {"came": True, "answer": "consents", "accepts_mediator": True, "identity": "居民身份证"}
    return [{"party": id, **row, **told} for id in case.parties]


def agreed(case: Case, **told: Any) -> dict[str, Any]:
    term = {"obligor": case.parties[1], "what": "修好屋檐", "amount": 80000, "due": "2026-03-10"}
    return {"terms": [term], **told}


def meeting(case: Case, **told: Any) -> dict[str, Any]:
    content = {
        "at_table": at_table(case, signed=True),
        "rights_told": True,
        "mediator": LI_MING,
        "record": "双方各退一步。",
        "outcome": "agreed",
        "agreed": agreed(case, mediator_signed=True, sealed=True),
    }
    return content | told


def stage(case: Case) -> str:
    return str(case.state()["mediations"]["1"]["stage"])


def names(case: Case) -> list[str]:
    return [one["name"].removeprefix("case.") for one in case.desk.get(f"/api/cases/{case.id}").json()["timeline"]]


def test_a_written_agreement_is_told_by_one_sending_and_takes_effect(case):
    case.act("record-meeting", **meeting(case))

    agreement = case.state()["mediations"]["1"]["agreement"]
    assert stage(case) == "in-effect"
    assert agreement["obligations"]["1"]["amount"] == 80000
    assert names(case)[3:] == [
        "accepted",
        "mediation_opened",
        "rights_told",
        "identity_checked",
        "identity_checked",
        "consent_given",
        "consent_given",
        "mediation_consented",
        "mediator_proposed",
        "consent_given",
        "consent_given",
        "mediation_started",
        "session_held",
        "agreement_reached",
        "agreement_signed_by_mediator",
        "agreement_signed",
        "agreement_signed",
        "agreement_sealed",
        "agreement_took_effect",
    ]


def test_an_oral_agreement_that_is_done_at_once_is_closed_and_archived_by_two(case):
    terms = [{"obligor": case.parties[1], "what": "当场道歉", "done": True}]
    case.act("record-meeting", **meeting(case, at_table=at_table(case), agreed={"form": "oral", "terms": terms}))
    case.act(
        "record-closing",
        findings="双方和好。",
        asked=[{"party": id, "satisfaction": "satisfied"} for id in case.parties],
        close_when_done=True,
        papers=[{"paper": "performance-proof", "sha256": HASH}],
        archive_when_complete=True,
    )

    assert (case.state()["status"], case.state()["result"]) == ("archived", "agreement-oral")


def test_a_case_whose_papers_are_missing_is_closed_and_stays_closed_until_they_are_there(case):
    case.act("record-meeting", **meeting(case))
    performed = [{"mediation": 1, "obligation": 1}]
    assert case.attempt("record-closing", close_when_done=True).json()["code"] == "nothing-told"

    case.act("record-closing", performed=performed, close_when_done=True, archive_when_complete=True)
    assert case.state()["status"] == "closed"

    case.act(
        "record-closing",
        papers=[{"paper": one, "sha256": HASH} for one in ("agreement", "performance-proof")],
        archive_when_complete=True,
    )
    assert case.state()["status"] == "archived"


def test_what_is_missing_is_refused_at_its_field_and_nothing_is_recorded(county, case):
    before = county.events()
    for told, code, field in (
        ({"rights_told": False}, "rights-not-told", "at_table"),
        ({"at_table": at_table(case, answer=None)}, "consent-needed", "record"),
        ({"at_table": at_table(case, accepts_mediator=False)}, "no-mediator-accepted", "at_table"),
        ({"mediator": None}, "mediator-needed", "mediator"),
        ({"mediator": str(officer_id("shi.qiao"))}, "mediator-not-a-member", "mediator"),
        ({"at_table": at_table(case, came=False), "rights_told": True}, "rights-not-told", "at_table"),
        ({"agreed": {}}, "nothing-agreed", "agreed.terms.0.what"),
        ({"outcome": "ended"}, "ground-needed", "because"),
        ({"outcome": "ended", "because": "failed"}, "remedies-not-told", "because"),
        ({"occurred_at": "2026-01-01T09:00:00+08:00"}, "before-what-it-builds-on", "occurred_at"),
        ({"agreed": agreed(case, mediator_signed=True), "outcome": "again", "next_at": "2026-03-01T09:00:00+08:00"},
         "in-the-past", "next_at"),
    ):  # fmt: skip
        answer = case.attempt("record-meeting", **meeting(case, **told))
        assert (answer.json().get("code"), answer.json().get("field")) == (code, field), answer.text

    assert county.events() == before


def test_a_second_meeting_asks_nothing_again(case):
    case.act("record-meeting", **meeting(case, outcome="again", next_at="2026-03-09T09:00:00+08:00"))
    before = len(names(case))

    rows = [{"party": id, "came": True} for id in case.parties]
    case.act("record-meeting", at_table=rows, session=2, record="再谈。", outcome="again")

    assert names(case)[before:] == ["session_held"]


def test_a_meeting_that_one_party_refused_ends_without_a_session(case):
    rows = at_table(case)
    rows[1] = {"party": case.parties[1], "answer": "refuses"}
    told = meeting(case, at_table=rows, outcome="ended", because="refused", remedies_told=True)
    case.act("record-meeting", **told)

    assert stage(case) == "ended"
    assert "session_held" not in names(case)
    assert "mediation_refused" in names(case)


def test_a_failure_after_talking_is_a_session_and_an_end(case):
    case.act("record-meeting", **meeting(case, outcome="ended", because="failed", remedies_told=True))

    assert names(case)[-2:] == ["session_held", "mediation_ended"]


def test_those_who_sign_later_sign_by_one_sending(case):
    case.act("record-meeting", **meeting(case, at_table=at_table(case), agreed=agreed(case)))
    assert stage(case) == "agreed"

    rows = [{"party": id, "signed": True, "signing": "fingerprint"} for id in case.parties]
    case.act("record-signing", at_table=rows, mediator_signed=True, sealed=True)

    assert stage(case) == "in-effect"


def test_who_helped_is_on_the_record_with_the_consent_of_those_who_came(case):
    case.act("record-meeting", **meeting(case, helpers=[{"name": "村会计", "role": "official"}]))

    assert "participant_joined" in names(case)


def test_several_texts_of_one_sending_are_several_texts(case):
    case.act("record-meeting", **meeting(case, record="笔录", agreed=agreed(case, facts="事实", also="别无他求")))

    told = case.desk.get(f"/api/cases/{case.id}").json()["texts"]["1"]
    texts = [told["sessions"]["1"]["record"], told["agreement"]["facts"]["text"], told["agreement"]["terms"]["text"]]
    assert texts == ["笔录", "事实", "1. 修好屋檐\n2. 别无他求"]


def test_a_sending_of_an_older_version_is_stale_and_one_of_nothing_is_refused(case):
    content = meeting(case)
    assert case.attempt("record-meeting", version=1, **content).status_code == 412
    assert case.attempt("record-closing").json()["code"] == "nothing-told"
    assert case.attempt("record-signing").json()["code"] == "nothing-to-sign"


def test_it_gives_no_right_that_the_single_commands_do_not_give(county, case):
    for login, status in (("grid", 404), ("shi.qiao", 404), ("leader", 403), ("auditor", 403), ("town", 422)):
        seen = Case(county.as_(login), case.id, case.version)
        answer = seen.desk.post(
            f"/api/cases/{case.id}/record-meeting", {"If-Match": f'"{case.version}"'}, **meeting(case)
        )
        assert answer.status_code == status, (login, answer.text)
    assert stage_or_none(case) is None


def stage_or_none(case: Case) -> str | None:
    first = case.state()["mediations"].get("1")
    return first["stage"] if first else None


def test_what_is_sent_twice_with_one_key_is_recorded_once(county, case):
    marks = {"If-Match": f'"{case.version}"', "Idempotency-Key": "one-meeting"}
    content = meeting(case)
    path = f"/api/cases/{case.id}/record-meeting"
    first = case.desk.post(path, marks, **content)
    again = case.desk.post(path, marks, **content)

    assert first.json()["version"] == again.json()["version"]
    assert again.headers["Idempotency-Replayed"] == "true"
