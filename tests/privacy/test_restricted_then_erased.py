"""Restricted while the file is kept, erased afterwards: not too early, finished if it broke off, seen by everybody."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from api.settings import Settings
from api.wiring import wired
from application.case.disclosure.masks import MASK
from application.streams import CASES
from domain.case.commands import PersonIsWithheld
from domain.case.record.privacy import (
    BasisNamesPerson,
    EraseNarrative,
    ErasePerson,
    RestrictPerson,
    RetentionRuns,
    UnknownPerson,
)
from domain.shared.erasing import Replacement, StillNamed, UnknownText
from domain.shared.errors import UnknownStream
from domain.shared.values import ERASED, CaseId, NarrativeId, PersonId
from infrastructure.privacy.erased_keys import ErasedKeys
from tests.ledger.feeds import Tables
from tests.patience import PATIENCE
from tests.privacy.conftest import BASIS, NAME, NUMBER, PHONE, SECRETS, Kept, kept, wrapped_keys


@pytest.fixture
def case(county):
    """One of several of the county, all with the same parties."""
    return kept(county)


def told_of(case: Kept, login: str) -> str:
    desk = case.county.as_(login)
    paths = (f"/api/cases/{case.id}", f"/cases/{case.id}", "/api/cases", "/cases")
    return "".join(desk.get(path).text for path in paths)


@pytest.fixture
def alone(place):
    """The only case of its county."""
    with place.opened() as county:
        yield kept(county)


def test_who_is_restricted_is_shown_to_nobody_and_found_by_nobody_and_stays_recorded(alone):
    case = alone
    assert NAME in told_of(case, "li.ming")

    case.restrict()

    for login in ("li.ming", "town", "auditor"):
        told = told_of(case, login)
        assert [one for one in SECRETS if one in told] == []
        assert MASK in told
        assert "吴小河" in told
    for text in (NAME, PHONE, NUMBER):
        assert case.county.as_("auditor").post("/api/cases/search", party=text).json()["cases"] == []
    stored = case.county.parts.ledger.history(CASES, case.id)
    assert stored.state.parties[case.person].details.name == NAME
    assert stored.state.restricted == {case.person}


def test_while_the_file_is_kept_nobody_is_erased(case):
    privacy = case.county.parts.system.deciding.privacy
    command = ErasePerson(person=case.person, basis=BASIS, replacements=case.copies())
    until = privacy.kept_until(case.id, case.asked())

    with pytest.raises(RetentionRuns) as refusal:
        privacy.erase(case.id, command, case.asked(days=300))

    assert refusal.value.details["until"] == until
    assert NAME in told_of(case, "auditor")


def test_a_text_that_still_names_the_person_refuses_the_erasure(case):
    privacy, asked = case.county.parts.system.deciding.privacy, case.asked(days=11 * 366)
    naming = {one.narrative for one in case.copies()}
    assert len(naming) == 2

    with pytest.raises(StillNamed) as refusal:
        privacy.erase(case.id, ErasePerson(person=case.person, basis=BASIS), asked)

    assert set(refusal.value.details["narratives"]) == naming


def test_nobody_is_erased_twice_or_who_is_not_in_the_case(case):
    privacy = case.county.parts.system.deciding.privacy
    case.erase()

    with pytest.raises(PersonIsWithheld):
        privacy.erase(case.id, ErasePerson(person=case.person, basis=BASIS), case.asked())
    with pytest.raises(UnknownPerson):
        privacy.restrict(case.id, RestrictPerson(person=PersonId(uuid4()), basis=BASIS), case.asked())


def test_history_replays_with_the_person_erased_and_the_copies_in_place(case):
    before = case.county.parts.ledger.history(CASES, case.id)
    case.erase()

    after = case.county.parts.ledger.history(CASES, case.id)

    assert [one.event.name for one in after.entries][: before.version] == [one.event.name for one in before.entries]
    assert after.state.parties[case.person].details.name == ERASED
    assert after.state.parties[case.other].details.name == "吴小河"
    assert "[当事人]" in told_of(case, "auditor")


def test_a_text_that_named_two_who_are_erased_one_after_the_other_reads_as_its_last_copy(case):
    case.case.act("write-note", note=f"{NAME}与吴小河当面和好")

    case.erase()
    replace(case, person=case.other, other=case.person).erase()

    told = case.county.as_("auditor").get(f"/api/cases/{case.id}").json()["timeline"]
    notes = [one["event"]["note"]["text"] for one in told if one["name"] == "case.note_written"]
    assert "[当事人]与[当事人]当面和好" in notes
    assert ERASED not in notes


def test_what_broke_off_after_the_event_is_finished_by_the_next_process(place):
    with place.opened() as county:
        case = kept(county)
        case.record_erasure()
        assert wrapped_keys(place.state, case.person)
    with place.opened() as county:
        county.parts.erasing.carry_out()
        assert place.holds(*SECRETS) == {}
        assert county.parts.erasing.carry_out() == 0


def test_what_broke_off_after_the_list_is_finished_by_the_next_process(place):
    with place.opened() as county:
        case = kept(county)
        case.record_erasure()
        county.parts.projector.catch_up()
        with psycopg.connect(place.url) as connection:
            owners = {owner for (owner,) in connection.execute("SELECT owner FROM erasure").fetchall()}
    assert case.person in owners
    ErasedKeys(place.state / "erasures.db").add(owners, datetime.now(UTC))
    with place.opened() as county:
        county.parts.erasing.carry_out()
        assert place.holds(*SECRETS) == {}


def test_another_process_forgets_within_seconds_what_it_had_read(place):
    with place.opened() as county:
        case = kept(county)
        settings = Settings(state=place.state)
        with wired(settings, place.url, county.clock) as other:
            read = other.ledger.history(CASES, case.id)
            assert read.state.parties[case.person].details.name == NAME

            case.erase()

            until, found = time.monotonic() + PATIENCE, NAME
            while found == NAME and time.monotonic() < until:
                time.sleep(0.1)
                found = other.ledger.history(CASES, case.id).state.parties[case.person].details.name
            assert found == ERASED


def test_any_rebuild_after_an_erasure_gives_the_tables_that_stand(case):
    case.erase()
    parts = case.county.parts
    parts.projector.catch_up()
    tables = Tables(parts.ledger, parts.projector._owner_url, parts.projector._pool)
    before = tables.contents()

    parts.projector.rebuild()

    assert tables.contents() == before
    assert ERASED in case.county.as_("auditor").get("/api/cases").text


@pytest.mark.parametrize("command", [RestrictPerson, ErasePerson])
def test_the_basis_of_an_erasure_names_nobody(case, command):
    asked = command(person=case.person, basis=f"{NAME}申请")

    with pytest.raises(BasisNamesPerson):
        case.county.parts.system.deciding.privacy.restrict(case.id, asked, case.asked())


def test_a_text_that_the_case_does_not_have_is_not_replaced(case):
    copies = (Replacement(narrative=NarrativeId(uuid4()), told="一份副本"),)
    command = EraseNarrative(basis=BASIS, replacements=copies)
    asked = case.asked(days=11 * 366)

    with pytest.raises(UnknownText):
        case.county.parts.system.deciding.privacy.erase(case.id, command, asked)


def test_an_unknown_case_has_nobody(case):
    with pytest.raises(UnknownStream):
        case.county.parts.system.deciding.privacy.people(CaseId(uuid4()))
