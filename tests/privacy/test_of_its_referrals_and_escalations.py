"""An erasure reaches what was written about the case elsewhere: on its referrals and its escalations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from application.case.disclosure.masks import MASK
from application.case.texts import elsewhere
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.case.record.privacy import EraseNarrative, ErasePerson
from domain.shared.erasing import Replacement, StillNamed, naming_texts, texts_of
from domain.shared.values import ERASED
from infrastructure.projection import rebuilding
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from tests.ledger.feeds import Tables
from tests.privacy.conftest import BASIS, FACTS, NAME, PARTIES, PHONE, SECRETS, Kept, named
from tests.referral.offices import Handover, as_seen_from, begin, body, case_at, offer, open_desks

LATER = 11 * 366


@dataclass
class Moved(Kept):
    """A case that was offered to an organ, and closed at the level above."""

    referral: Handover
    escalation: Handover

    def told(self, code: str) -> str:
        """Of both, to whoever sits at that desk: the answers and the pages."""
        desk = as_seen_from(self.case, code).desk
        paths = [f"/cases/{self.case.id}/{one.folder}/{one.id}" for one in (self.referral, self.escalation)]
        return "".join(desk.get(path).text for path in (*paths, *(f"/api{path}" for path in paths)))

    def listed(self, code: str) -> str:
        desk = as_seen_from(self.case, code).desk
        return "".join(desk.get(path).text for path in ("/api/referrals", "/referrals", "/api/escalations", "/levels"))


def moved(county) -> Moved:
    case = case_at(county, "LW", facts=FACTS, parties=PARTIES)
    referral = offer(case, "transfer", "JY", note=f"{NAME}愿意由贵局调解")
    referral.act("JY", "acknowledge-referral")
    referral.act("JY", "ask-back", question=f"{NAME}的电话是{PHONE}吗?")
    referral.act("LW", "answer-question", answer="是")
    referral.act("JY", "reject-referral", because="other", reason=f"{NAME}没有到场")
    escalation = begin(case, "LW", "request-escalation", to=body("HK"), because="too-complex", account=f"{NAME}不同意")
    escalation.act("HK", "accept-escalation", note=f"由镇里联系{NAME}")
    above = as_seen_from(case, "HK")
    above.act("decline-case", because="not-civil", reason="不属受理范围", remedies_told=True)
    county.parts.projector.catch_up()
    return Moved(county, above, *named(above), referral, escalation)


@pytest.fixture(scope="module")
def county(make_database, tmp_path_factory):
    with open_desks(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture
def case(county):
    return moved(county)


@pytest.fixture
def alone(empty_place):
    """The only case of its county."""
    with open_desks(empty_place.url, empty_place.state) as county:
        yield moved(county)


def secrets_in(told: str) -> list[str]:
    return [one for one in SECRETS if one in told]


def test_a_restricted_person_reads_as_masked_on_referrals_and_escalations_for_everybody(case):
    assert NAME in case.told("JY")

    case.restrict()

    for code in ("LW", "HK", "JY"):
        assert secrets_in(case.told(code)) == []
    assert MASK in case.told("HK")
    assert MASK in case.told("JY")


def test_after_an_erasure_nobody_finds_the_person_in_what_was_written_elsewhere(alone, empty_place):
    case = alone
    before = [desk_version(case, one) for one in (case.referral, case.escalation)]
    case.county.parts.proof.seal()
    case.erase()
    case.county.parts.proof.seal()

    for code in ("LW", "HK", "JY"):
        assert secrets_in(case.told(code) + case.listed(code)) == []
    assert "[当事人]没有到场" in case.told("JY")
    assert "由镇里联系[当事人]" in case.told("HK")
    assert empty_place.holds(*SECRETS) == {}
    assert secrets_in(empty_place.dumped()) == []
    assert ProofDesk(empty_place.url, LogFiles.of(empty_place.state)).verify([], lambda done: None).outcome == 0
    ledger = case.county.parts.ledger
    for stream, one, was in zip((REFERRALS, ESCALATIONS), (case.referral, case.escalation), before, strict=True):
        history = ledger.history(stream, UUID(one.id))
        assert secrets_in(str(history.entries)) == []
        assert ERASED in str(history.entries)
        assert history.version > was
        assert naming_texts(history.entries, [NAME]) == []


def desk_version(case: Moved, one: Handover) -> int:
    stream = REFERRALS if one.folder == "referrals" else ESCALATIONS
    return case.county.parts.ledger.history(stream, UUID(one.id)).version


def test_a_text_of_a_referral_that_still_names_the_person_refuses_the_erasure(case):
    privacy = case.county.parts.system.deciding.privacy
    of_case = {one.id for one in texts_of(case.county.parts.ledger.history(CASES, case.id).entries)}
    copies = case.copies()
    assert len([one for one in copies if one.narrative not in of_case]) == 5
    some = tuple(one for one in copies if one.narrative in of_case)
    before = case.county.events()

    with pytest.raises(StillNamed):
        privacy.erase(case.id, ErasePerson(person=case.person, basis=BASIS, replacements=some), case.asked(days=LATER))

    assert case.county.events() == before
    assert NAME in case.told("HK")


def test_the_copies_are_recorded_in_one_piece_of_work_with_the_erasure(case):
    case.erase()

    with psycopg.connect(case.county.url) as connection:
        query = (
            "SELECT count(DISTINCT recorded_at), array_agg(DISTINCT topic ORDER BY topic) FROM stored_events"
            " WHERE topic = 'case.person_erased' OR topic LIKE '%text_erased' OR topic LIKE '%narrative_erased'"
        )
        ((pieces, topics),) = connection.execute(query).fetchall()
    assert pieces == 1
    assert topics == ["case.narrative_erased", "case.person_erased", "escalation.text_erased", "referral.text_erased"]


def test_a_text_of_a_referral_is_erased_by_itself(case):
    history = case.county.parts.ledger.history(REFERRALS, UUID(case.referral.id))
    (asked,) = [one for one in texts_of(history.entries) if PHONE in one.text]
    command = EraseNarrative(basis=BASIS, replacements=(Replacement(narrative=asked.id, told="电话是多少?"),))

    case.county.parts.system.deciding.privacy.erase(case.id, command, case.asked(days=LATER))
    case.county.parts.erasing.carry_out()

    assert "电话是多少?" in case.told("JY")
    assert PHONE not in case.told("JY")
    assert NAME in case.told("JY"), "the other texts stay"


def test_an_erasure_changes_no_answer_no_day_and_no_figure_of_a_referral_or_an_escalation(case):
    parts = case.county.parts
    tables = Tables(parts.ledger, parts.projector._owner_url, parts.projector._pool)
    before = {name: rows for name, rows in tables.contents().items() if "board" in name and name != "case_board"}

    case.erase()
    parts.projector.catch_up()

    after = {name: rows for name, rows in tables.contents().items() if name in before}
    assert [without_version(rows) for rows in after.values()] == [without_version(rows) for rows in before.values()]
    assert after != before, "only the version is another"


def test_whose_keys_are_gone_is_told_alike_by_a_rebuild_in_several_processes(case, monkeypatch):
    case.erase()
    parts = case.county.parts
    with psycopg.connect(case.county.url) as connection:
        query = "SELECT owner, stream, position FROM erasure ORDER BY position, owner"
        before = connection.execute(query).fetchall()
    monkeypatch.setattr(rebuilding, "MANY", 1)

    parts.projector.rebuild(["erasure"])

    with psycopg.connect(case.county.url) as connection:
        assert connection.execute(query).fetchall() == before
    assert {UUID(case.referral.id), UUID(case.escalation.id)} <= {stream for _, stream, _ in before}


def without_version(rows: list[str]) -> list[list[str]]:
    return [[field for at, field in enumerate(row.split(",")) if at != 1] for row in rows]


def test_every_referral_and_escalation_of_the_case_is_found_by_what_its_history_says(case):
    found = elsewhere(case.county.parts.ledger.history(CASES, case.id).entries)

    assert found == {(REFERRALS, UUID(case.referral.id)), (ESCALATIONS, UUID(case.escalation.id))}
