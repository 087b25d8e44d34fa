"""A matter is replayed step by step: its referrals and escalations among its own entries, compared, proven, taken."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from domain.jurisdiction.body import body_id
from infrastructure.proof.bundle_check import verify_file
from infrastructure.proof.files import LogFiles
from tests.api.conftest import Case, County
from tests.referral.offices import as_seen_from, begin, case_at, desk, offer, open_desks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("state")) as made:
        made.clock.moment = max(made.clock.moment, datetime(2026, 6, 30, 4, 0, tzinfo=UTC))
        yield made


@pytest.fixture(scope="module")
def risen(county: County) -> Case:
    """Registered, corrected, asked up and taken up."""
    case = case_at(county, "LW")
    county.clock.forward(days=1)
    case.act("correct-entry", entry=1, changes={"category": "forest-land"}, reason="类别录错")
    county.clock.forward(days=1)
    up = begin(case, "LW", "request-escalation", to=str(body_id("HK")), because="mass-matter")
    county.clock.forward(days=1)
    up.act("HK", "accept-escalation")
    return as_seen_from(case, "HK")


def get(county, path, login="auditor", **query):
    told = county.as_(login).get(path, **query)
    assert told.status_code == 200, told.text
    return told


def page(county, case, login="auditor", **query):
    told = county.as_(login).get(f"/cases/{case.id}/replay", {"Accept": "text/html"}, **query)
    assert told.status_code == 200, told.text
    return told.text


def steps_of(county, case, login="auditor"):
    return get(county, f"/api/cases/{case.id}/history", login).json()["steps"]


def test_every_step_of_the_matter_stands_in_the_order_of_the_ledger(county, risen):
    found = steps_of(county, risen)

    assert [one["step"] for one in found] == list(range(1, len(found) + 1))
    assert [one["position"] for one in found] == sorted(one["position"] for one in found)
    assert {one["of"] for one in found} == {"case", "escalation"}
    assert {one["acted"]["role"] for one in found} == {"mediator", "coordinator"}


def test_two_steps_are_compared_fact_by_fact(county, risen):
    found = steps_of(county, risen)
    corrected = next(one["step"] for one in found if one["name"] == "case.entry_corrected")

    told = get(county, f"/api/cases/{risen.id}/diff", **{"from": corrected - 1, "to": len(found)}).json()

    changed = {(one["section"], one["field"]): (one["was"], one["now"]) for one in told["changes"]}
    assert changed["matter", "category"] == ("other", "forest-land")
    assert changed["standing", "level"] == ("village", "township")
    assert changed["standing", "holder"] == (str(body_id("LW")), str(body_id("HK")))
    assert changed["escalation", "stage"] == (None, "accepted")


def test_the_same_two_steps_the_other_way_round_say_the_opposite(county, risen):
    there = get(county, f"/api/cases/{risen.id}/diff", **{"from": 1, "to": 5}).json()["changes"]
    back = get(county, f"/api/cases/{risen.id}/diff", **{"from": 5, "to": 1}).json()["changes"]

    assert {(one["field"], str(one["was"]), str(one["now"])) for one in there} == {
        (one["field"], str(one["now"]), str(one["was"])) for one in back
    }


def test_a_page_shows_the_step_what_it_changed_and_what_could_be_done(county, risen):
    found = steps_of(county, risen)
    taken_up = next(one["step"] for one in found if one["name"] == "case.holder_changed")

    told = page(county, risen, at=taken_up)

    assert "河口镇人民调解委员会" in told
    assert 'rel="prev"' in told
    assert 'rel="next"' in told or taken_up == len(found)
    assert "类别录错" in page(county, risen, at=3)
    could = page(county, risen, at=3).split("当时可办事项")[1].split("</details>")[0]
    assert "受理" in could


def test_a_step_that_there_is_not_is_not_found(county, risen):
    asked = {f"/cases/{risen.id}/replay": {"at": 999}, f"/api/cases/{risen.id}/diff": {"from": 1, "to": 999}}
    for path, steps in asked.items():
        assert county.as_("auditor").get(path, **steps).status_code == 404


def test_a_stranger_replays_nothing(county, risen):
    for path in ("history", "bundle", "steps/1/receipt"):
        assert county.as_("ping.tou").get(f"/api/cases/{risen.id}/{path}").status_code == 404


def test_the_bundle_of_a_matter_is_verified_by_the_public_script_alone(county, risen, tmp_path):
    county.parts.proof.seal()
    key = tmp_path / "key"
    key.write_text(get(county, "/api/log/key").text)
    file = tmp_path / "matter.zip"
    file.write_bytes(get(county, f"/api/cases/{risen.id}/bundle").content)

    done = verified(file, key)

    assert (done.returncode, f"{len(steps_of(county, risen))} entries" in done.stdout) == (0, True), done.stdout
    with ZipFile(file) as bundle:
        readable = json.loads(bundle.read("readable/matter.json"))
    assert [one["step"] for one in readable["steps"]] == [one["step"] for one in steps_of(county, risen)]
    assert "已核验" in page(county, risen)


def verified(file: Path, key: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "docs" / "verify.py"), str(file), "--key", str(key)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def spoilt(content: bytes, file: Path, change: Callable[[str, bytes], dict[str, bytes]]) -> Path:
    """`change`: what stands in the place of each file."""
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w") as new:
        for one in old.namelist():
            for name, text in change(one, old.read(one)).items():
                new.writestr(name, text)
    return file


SPOILT = {
    "a receipt": lambda name, text: {name: text.replace(b"index ", b"index 1", 1)},
    "the readable text": lambda name, text: {name: text.replace("类别录错".encode(), "类别没错".encode())},
    "the readable text taken away": lambda name, text: {} if name.startswith("readable/") else {name: text},
    "another readable text beside it": lambda name, text: {name: text, f"{name}.new": text},
    "what it holds": lambda name, text: {name: text.replace(b'"versions"', b'"versions":[1],"was"')},
}


@pytest.mark.parametrize("change", SPOILT)
def test_a_bundle_of_which_anything_is_changed_taken_away_or_added_is_not_verified(county, risen, tmp_path, change):
    county.parts.proof.seal()
    key = tmp_path / "key"
    key.write_text(get(county, "/api/log/key").text)
    content = get(county, f"/api/cases/{risen.id}/bundle").content
    verifier = LogFiles.of(county.state).key

    whole, changed = tmp_path / "whole.zip", spoilt(content, tmp_path / "changed.zip", SPOILT[change])
    whole.write_bytes(content)

    assert [verified(one, key).returncode for one in (whole, changed)] == [0, 1]
    assert [verify_file(one, verifier, [], None).outcome for one in (whole, changed)] == [0, 1]


def test_the_receipt_of_a_step_of_an_escalation_is_given(county, risen):
    county.parts.proof.seal()
    up = next(one for one in steps_of(county, risen) if one["of"] == "escalation")

    told = get(county, f"/api/cases/{risen.id}/steps/{up['step']}/receipt")

    assert told.text.startswith("c2sp.org/tlog-proof@v1")


def test_a_side_of_a_referral_replays_it_though_it_reads_only_a_part_of_the_case(county):
    case = case_at(county, "LW")
    offered = offer(case, "transfer", "JY", content={"parties": case.parties[:1], "facts": False, "amount": False})
    offered.act("JY", "acknowledge-referral")
    offered.act("JY", "accept-referral")
    county.parts.proof.seal()

    for code in ("LW", "JY"):
        steps = desk(county, code).get(f"/api/cases/{case.id}/history").json()["steps"]
        assert [one["name"] for one in steps if one["of"] == "referral"] == [
            "referral.offered",
            "referral.acknowledged",
            "referral.accepted",
        ]
        with ZipFile(BytesIO(desk(county, code).get(f"/api/cases/{case.id}/bundle").content)) as bundle:
            assert [one for one in bundle.namelist() if offered.id in one]
