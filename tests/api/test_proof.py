"""/api/log: anybody gets checkpoints, tiles and proofs; what was recorded only who may read it."""

from __future__ import annotations

import json
import re
from base64 import b64decode

import pytest

from domain.proof.checkpoint import Checkpoint
from domain.proof.growing import WIDTH
from domain.proof.leaf import Recorded
from domain.proof.receipt import ProofReceipt
from domain.proof.tree import NotProven, check_inclusion, leaf_hash, node_hash
from infrastructure.proof.desk import read_key
from tests.api.conftest import PASSWORD
from tests.proof.bundles import by_script
from tests.proof.checks import check_consistency


@pytest.fixture(scope="module")
def log(county):
    """A county that has recorded more than two tiles hold, sealed twice."""
    desk = county.as_("li.ming")
    for _ in range(60):
        desk.register()
    county.parts.proof.seal()
    for _ in range(130):
        desk.register()
    county.parts.proof.seal()
    assert county.events() > 2 * WIDTH
    return county


def told(county, path, **query):
    answer = county.http.get(f"/api/log/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer


def signed(county):
    ledger, verifier = read_key(told(county, "key").text)
    found = Checkpoint.opened(told(county, "checkpoint").text, verifier)
    assert found.ledger == ledger
    return found


def hashes(content):
    assert len(content) % 32 == 0
    return [content[at : at + 32] for at in range(0, len(content), 32)]


def joined(leaves):
    """The root by its definition."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(joined(leaves[:half]), joined(leaves[half:]))


def test_the_tiles_lead_to_the_signed_root(log):
    checkpoint = signed(log)
    full, rest = divmod(checkpoint.size, WIDTH)
    leaves = [one for number in range(full) for one in hashes(told(log, f"tile/0/{number:03}").content)]
    leaves += hashes(told(log, f"tile/0/{full:03}.p/{rest}").content)

    assert len(leaves) == checkpoint.size == log.events()
    assert joined(leaves) == checkpoint.root
    above = hashes(told(log, f"tile/1/000.p/{full}").content)
    assert above == [joined(leaves[number * WIDTH : (number + 1) * WIDTH]) for number in range(full)]


OUT_OF_REACH = ("0/999", "0/000.p/0", "0/000.p/256", "0/000.p/1000", "64/000", "9/000", "0/" + "x999/" * 7 + "999")
MISWRITTEN = ("0/0", "0/x000/000", "00/000", "-1/000", "0/x001", "0/000/000", "0/000.p/", "x/000", "0/x001/x234/067")


@pytest.mark.parametrize("path", OUT_OF_REACH + MISWRITTEN)
def test_there_is_no_other_tile(log, path):
    answer = log.http.get(f"/api/log/tile/{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-tile")


def test_every_event_is_proven_in_the_tree_of_any_size(log):
    checkpoint = signed(log)
    leaves = hashes(told(log, "tile/0/000").content)

    for position in (1, 2, 100, 255, 256):
        for size in (position, 257, checkpoint.size):
            proof = told(log, "inclusion", position=position, size=size).json()
            found = [b64decode(one) for one in proof["proof"]]
            check_inclusion(leaves[position - 1], position - 1, size, found, b64decode(proof["root"]))
    latest = told(log, "inclusion", position=7).json()
    assert (latest["size"], b64decode(latest["root"])) == (checkpoint.size, checkpoint.root)
    assert latest["checkpoints"] == [told(log, "checkpoint").text]


def test_two_checkpoints_are_shown_to_be_of_one_history(log, tmp_path):
    key = told(log, "key").text
    ledger_notes = log.parts.system.reading.proof
    sizes = [checkpoint.size for checkpoint in _all_signed(log)]
    assert len(sizes) == 2
    answer = told(log, "consistency", **{"from": sizes[0], "to": sizes[1]})
    proof = answer.json()
    old, new = (Checkpoint.opened(one, read_key(key)[1]) for one in proof["checkpoints"])

    found = [b64decode(one) for one in proof["proof"]]
    check_consistency(old.size, new.size, found, old.root, new.root)
    file = tmp_path / "consistency.json"
    file.write_text(answer.text)
    assert by_script(file, key) == (0, f"the first {old.size} of {new.size} events are the same\n")
    spoilt = proof | {"proof": [*proof["proof"][1:], proof["proof"][0]]}
    file.write_text(json.dumps(spoilt))
    assert by_script(file, key)[0] == 1
    assert ledger_notes.consistency(1, 1).proof == []


def _all_signed(county):
    _, verifier = read_key(told(county, "key").text)
    with county.parts.ledger.datastore.get_connection() as connection, connection.cursor() as cursor:
        notes = cursor.execute("SELECT note FROM proof_checkpoint ORDER BY size").fetchall()
    return [Checkpoint.opened(one["note"], verifier) for one in notes]


@pytest.mark.parametrize(
    "query", [{"position": 10**9}, {"position": 5, "size": 4}, {"position": 1, "size": 10**9}, {"position": 0}]
)
def test_what_is_not_in_the_tree_is_not_proven(log, query):
    assert log.http.get("/api/log/inclusion", params=query).status_code == 422


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (1, 10**9)])
def test_nothing_is_the_beginning_of_something_shorter(log, old, new):
    assert log.http.get("/api/log/consistency", params={"from": old, "to": new}).status_code == 422


def receipt(desk, case, version):
    return desk.get(f"/api/cases/{case.id}/entries/{version}/receipt")


def test_a_party_verifies_a_receipt_without_us(log, tmp_path):
    desk, key = log.as_("li.ming"), told(log, "key").text
    case = desk.register()
    case.act("accept-case")
    log.parts.proof.seal()

    answer = receipt(desk, case, case.version)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    recorded, checkpoint = ProofReceipt.read(answer.text).check(read_key(key)[1])
    assert (str(recorded.stream), recorded.version, checkpoint.size) == (case.id, case.version, log.events())
    assert json.loads(recorded.stored)["event"]
    file = tmp_path / "one.tlog-proof"
    file.write_text(answer.text)
    position = recorded.position
    assert by_script(file, key) == (
        0,
        f"position {position}, version {case.version} of {case.id}: recorded as it stands here\n",
    )


def test_a_receipt_holds_no_personal_text_in_the_clear(log):
    desk = log.as_("li.ming")
    case = desk.register()
    log.parts.proof.seal()

    texts = [ProofReceipt.read(receipt(desk, case, version).text).leaf for version in range(1, case.version + 1)]

    assert texts
    assert not any(word.encode() in text for text in texts for word in ("周大山", "滴水檐", "10012345678"))


def test_a_receipt_with_a_byte_changed_proves_nothing(log, tmp_path):
    desk, key = log.as_("li.ming"), told(log, "key").text
    case = desk.register()
    log.parts.proof.seal()
    text = receipt(desk, case, 1).text
    verifier = read_key(key)[1]
    file = tmp_path / "spoilt"
    for place in (0, 30, 400, text.index("index"), text.index("\n\n") - 5, text.index("epoch") + 6):
        spoilt = text[:place] + ("B" if text[place] != "B" else "C") + text[place + 1 :]
        with pytest.raises(NotProven):
            ProofReceipt.read(spoilt).check(verifier)
        file.write_text(spoilt)
        assert by_script(file, key)[0] == 1


def test_whoever_may_not_know_of_the_case_gets_no_receipt(log):
    case = log.as_("li.ming").register()
    log.parts.proof.seal()

    for login in ("ping.tou", "shi.qiao", "admin"):
        desk = log.as_(login)
        desk.refused(receipt(desk, case, 1), 404, "unknown-stream")
    assert receipt(log.as_("auditor"), case, 1).status_code == 200
    assert log.http.get(f"/api/cases/{case.id}/entries/1/receipt").status_code == 401
    for version in (0, -1, case.version + 1):
        desk = log.as_("li.ming")
        desk.refused(receipt(desk, case, version), 404, "unknown-stream")


def test_a_receipt_of_what_was_recorded_just_now_comes_after_the_next_checkpoint(log):
    desk = log.as_("li.ming")
    case = desk.register()

    answer = receipt(desk, case, 1)
    desk.refused(answer, 503, "not-sealed-yet")
    log.parts.proof.seal()
    assert receipt(desk, case, 1).status_code == 200


def test_bundles_of_entries_are_for_who_may_read_everything(log):
    leaves = hashes(told(log, "tile/0/001").content)
    answer = log.as_("auditor").get("/api/log/tile/entries/001")
    raw, entries = answer.content, []
    while raw:
        length = int.from_bytes(raw[:2])
        entries.append(raw[2 : 2 + length])
        raw = raw[2 + length :]

    assert [leaf_hash(one) for one in entries] == leaves
    assert Recorded.read(entries[0]).position == WIDTH + 1
    for login in ("li.ming", "leader", "admin", "town"):
        desk = log.as_(login)
        desk.refused(desk.get("/api/log/tile/entries/001"), 403, "not-your-right")
    assert log.http.get("/api/log/tile/entries/001").status_code == 401
    assert log.as_("auditor").get("/api/log/tile/entries/999").status_code == 404


def test_the_page_of_an_entry_leads_to_its_receipt(log):
    case = log.as_("li.ming").register()
    log.parts.proof.seal()
    client, login = log.http, {"login": "li.ming", "password": PASSWORD}
    assert client.post("/login", data=login, follow_redirects=False).status_code == 303
    try:
        page = client.get(f"/cases/{case.id}", params={"version": 1}).text
        found = re.findall(r'href="(/api/cases/[^"]+/receipt)"', page)
        answers = [client.get(address).status_code for address in found]
    finally:
        client.cookies.clear()

    assert (found, answers) == ([f"/api/cases/{case.id}/entries/1/receipt"], [200])
