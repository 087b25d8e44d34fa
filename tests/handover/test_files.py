"""Whoever reads a part of a case reads the files of that part, and no others."""

from __future__ import annotations

from tests.api.test_files import bring, photo
from tests.referral.offices import as_seen_from, case_at, offer, refused


def test_a_file_goes_along_with_the_entry_that_was_handed_over_and_no_other_does(county):
    case = case_at(county, "JY", facts="密事")
    handed, kept = (bring(case, photo(colour)).json()["sha256"] for colour in ("red", "blue"))
    case.act("file-evidence", kind="photo", sha256=kept)
    entry = case.act("file-evidence", kind="photo", sha256=handed)
    given = {"parties": case.parties[:1], "contacts": [], "facts": False, "amount": False, "entries": [entry]}
    moving = offer(case, "transfer", "LW", content=given)
    for step in ("acknowledge-referral", "accept-referral"):
        moving.act("LW", step)
    theirs = as_seen_from(case, "LW")

    assert theirs.desk.get(f"/api/cases/{case.id}/files/{handed}").content == photo("red")
    refused(theirs.desk.get(f"/api/cases/{case.id}/files/{kept}"), 404, "no-such-file")
    assert f"/files/{entry}/small" in theirs.desk.get(f"/cases/{case.id}").text
    assert f"/files/{entry - 1}/small" not in theirs.desk.get(f"/cases/{case.id}").text
