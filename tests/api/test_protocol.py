"""Versions, keys, rows of pages, and moments: what a client may rely on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.office.officer import officer_id
from tests.api.conftest import BOTH, County, Desk


def test_a_change_without_the_version_that_was_seen_is_not_made(mediator):
    case = mediator.register()

    answer = mediator.post(f"/api/cases/{case.id}/accept-case")

    mediator.refused(answer, 428, "version-needed")
    assert case.state()["status"] == "registered"


@pytest.mark.parametrize("seen", ['"x"', "", "W/", "-1", '"99999999999"'])
def test_a_version_that_cannot_be_read_is_none(mediator, seen):
    case = mediator.register()

    assert mediator.post(f"/api/cases/{case.id}/accept-case", {"If-Match": seen}).status_code == 428


@pytest.mark.parametrize("offset", [-1, 1, 50])
def test_a_stale_version_is_refused_with_the_one_that_is(mediator, offset):
    case = mediator.register()

    told = mediator.refused(case.attempt("accept-case", version=case.version + offset), 412, "version-mismatch")

    assert told["actual"] == case.version
    assert case.state()["status"] == "registered"


def test_the_etag_of_a_read_serves_as_the_version_of_a_change(mediator):
    case = mediator.register()
    tag = mediator.get(f"/api/cases/{case.id}").headers["ETag"]

    assert mediator.post(f"/api/cases/{case.id}/accept-case", {"If-Match": tag}).status_code == 200


def test_what_has_not_changed_is_not_sent_again(mediator):
    case = mediator.register()
    path = f"/api/cases/{case.id}"
    tag = mediator.get(path).headers["ETag"]

    assert mediator.get(path, {"If-None-Match": tag}).status_code == 304
    assert mediator.get(path, {"If-None-Match": tag, "Accept-Language": "en"}).status_code == 200
    case.act("write-note", note="约好周五见面")
    assert mediator.get(path, {"If-None-Match": tag}).status_code == 200


def test_a_note_is_written_whatever_others_record_meanwhile(mediator):
    case = mediator.register()

    answer = mediator.post(f"/api/cases/{case.id}/write-note", {"If-Match": "*"}, note="记一笔")
    other = mediator.post(f"/api/cases/{case.id}/accept-case", {"If-Match": "*"})

    assert answer.status_code == 200
    mediator.refused(other, 428, "version-needed")


def test_the_same_request_twice_is_one_event_and_one_answer(county, mediator):
    key, content = uuid4().hex, {"place": str(county.area("990101101201")), "facts": "只登记一次", "parties": BOTH}
    first = mediator.post("/api/cases/register-case", {"Idempotency-Key": key}, **content)
    before = county.events()

    again = mediator.post("/api/cases/register-case", {"Idempotency-Key": key}, **content)

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert county.events() == before


def test_a_repeated_change_is_answered_before_its_version_is_looked_at(mediator):
    case, key = mediator.register(), uuid4().hex
    headers = {"If-Match": f'"{case.version}"', "Idempotency-Key": key}
    first = mediator.post(f"/api/cases/{case.id}/accept-case", headers)

    again = mediator.post(f"/api/cases/{case.id}/accept-case", headers)

    assert (again.status_code, again.json()) == (200, first.json())


def test_a_key_with_another_body_is_refused(county, mediator):
    key, place = uuid4().hex, str(county.area("990101101201"))
    mediator.post("/api/cases/register-case", {"Idempotency-Key": key}, place=place, facts="甲", parties=BOTH)
    before = county.events()

    answer = mediator.post("/api/cases/register-case", {"Idempotency-Key": key}, place=place, facts="乙", parties=BOTH)

    mediator.refused(answer, 422, "key-reused")
    assert county.events() == before


def test_out_of_its_stage_a_command_is_refused_with_what_can_be_done(mediator):
    case = mediator.register()

    told = mediator.refused(case.attempt("start-mediation", mediation=1), 404, "no-such-mediation")
    case.act("accept-case")
    told = mediator.refused(case.attempt("start-mediation", mediation=1), 409, "consent-needed")
    assert told["parties"] == sorted(case.parties)

    assert told["version"] == case.version
    allowed = {one["name"] for one in told["allowed_actions"]}
    assert {"give-consent", "refuse-mediation"} <= allowed
    assert not {"start-mediation", "archive-case"} & allowed


def test_nobody_meets_who_has_refused(county, mediator):
    case = mediator.register()
    respondent = case.parties[1]
    case.act("accept-case")
    case.act("refuse-mediation", party=respondent)
    later = (county.clock() + timedelta(days=1)).isoformat()

    told = mediator.refused(case.attempt("schedule-session", mediation=1, at=later), 409, "refused-by-party")

    assert respondent in told["parties"]
    assert "第十七条" in told["basis"] or "第二十三条" in told["basis"]


def test_what_can_be_done_is_what_is_then_accepted(mediator):
    case = mediator.register()
    case.consented()
    listed = mediator.get(f"/api/cases/{case.id}/actions").json()["actions"]
    by_name = {(one["name"], one["mediation"]): one for one in listed}

    assert by_name["start-mediation", 1]["allowed"] is False
    assert by_name["start-mediation", 1]["blocked"]["code"] == "no-mediator-accepted"
    assert by_name["start-mediation", 1]["blocked"]["title"]
    assert by_name["propose-mediator", 1]["schema"]["properties"]["mediator"]
    mediator.refused(case.attempt("start-mediation", mediation=1), 409, "no-mediator-accepted")


def test_every_command_has_a_path_and_every_blocked_one_a_reason(county, mediator):
    from api.labels.names import kebab
    from domain.case.lists import COMMANDS

    case = mediator.register()
    listed = mediator.get(f"/api/cases/{case.id}/actions").json()["actions"]
    paths = county.http.get("/api/openapi.json").json()["paths"]

    for command in COMMANDS:
        offered = {f"/api/cases/{{id}}/{kebab(command)}", f"/api/cases/{kebab(command)}"} & paths.keys()
        assert bool(offered) is command.for_officers(), "what the clock or the operator asks has no path"
    for one in listed:
        assert one["allowed"] or one["blocked"]["title"]


def test_what_people_ask_of_a_referral_or_an_escalation_has_a_path_and_nothing_else_has_one(county):
    from api.labels.names import kebab
    from domain.escalation.lists import COMMANDS as MOVES
    from domain.referral.lists import COMMANDS as ANSWERS
    from domain.shared.vocabulary import OF_PEOPLE

    paths = " ".join(county.http.get("/api/openapi.json").json()["paths"])

    for command in (*ANSWERS, *MOVES):
        assert (f"/{kebab(command)}" in paths) is (command.asker in OF_PEOPLE | OF_PEOPLE)


def test_two_hundred_registered_at_once_have_two_hundred_codes(county: County):
    desks = [county.as_(login) for login in ("li.ming", "shi.qiao")]
    places = ["990101101201", "990101101202"]

    def register(number: int) -> str:
        case = desks[number % 2].register(places[number % 2], facts=f"同时登记之{number}")
        return str(case.state()["code"])

    with ThreadPoolExecutor(16) as many:
        codes = list(many.map(register, range(200)))

    assert len(set(codes)) == 200
    for body in ("LW", "SQ"):
        serials = sorted(int(code.rsplit("-", 1)[1]) for code in codes if code.startswith(f"{body}-2026-"))
        assert serials == list(range(serials[0], serials[0] + 100))


def test_pages_of_a_list_have_every_case_once(county):
    desk: Desk = county.as_("ping.tou")
    made = {desk.register("990101102201", facts=f"分页之{number}").id for number in range(23)}
    seen: list[str] = []
    path: str | None = "/api/cases?limit=5"

    while path:
        answer = desk.get(path)
        seen += [card["id"] for card in answer.json()["cases"]]
        path = answer.headers["Link"].split("<")[1].split(">")[0] if "Link" in answer.headers else None

    assert len(seen) == len(set(seen))
    assert set(seen) >= made
    assert desk.get("/api/cases", count=True).json()["count"] == len(seen)


def test_a_case_is_read_as_it_was_at_a_version_and_as_it_was_known(county, mediator):
    case = mediator.register()
    then = county.clock()
    county.clock.forward(days=2)
    happened = then + timedelta(days=1)
    case.act("accept-case", occurred_at=happened.isoformat())
    known = county.clock()
    county.clock.forward(days=1)

    assert case.state(version=3)["status"] == "registered"
    assert case.state(as_of=then.isoformat())["status"] == "registered"
    assert case.state(as_of=known.isoformat())["status"] == "open"
    assert case.state(effective_at=(happened - timedelta(hours=1)).isoformat())["status"] == "registered"
    assert case.state(effective_at=happened.isoformat())["status"] == "open"
    told = mediator.get(f"/api/cases/{case.id}", as_of=then.isoformat()).json()
    assert told["used"]["as_of"]
    mediator.refused(mediator.get(f"/api/cases/{case.id}", version=999), 404, "unknown-version")


def test_a_corrected_day_shows_only_to_those_who_read_what_is_known_now(county, mediator):
    case = mediator.register()
    before = county.clock()
    entry = mediator.get(f"/api/cases/{case.id}").json()["timeline"][0]["version"]
    county.clock.forward(hours=1)
    case.act("correct-entry", entry=entry, changes={"category": "forest-land"}, reason="录入有误")

    assert case.state()["category"] == "forest-land"
    assert case.state(as_of=before.isoformat())["category"] == "other"


def test_ids_in_addresses_are_in_the_order_of_their_making(county, mediator):
    first = mediator.register()
    county.clock.forward(seconds=1)
    second = mediator.register()

    assert UUID(first.id).version == 7
    assert first.id < second.id


def test_every_entry_names_who_for_which_body_and_under_which_request(county, mediator):
    case = mediator.register()
    line = mediator.get(f"/api/cases/{case.id}").json()["timeline"][0]

    assert line["by"] == str(officer_id("li.ming"))
    entry = county.parts.ledger.feed(county.events() - 1, 1)[0]
    assert all((entry.stamp.request, entry.stamp.correlation, entry.stamp.body))
