"""Somebody is erased while officers work on the same case: nothing acknowledged is lost, and no name comes back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event
from uuid import UUID, uuid4

import pytest

from api.cli.console import asked
from api.settings import Settings
from api.wiring import Wired, wired
from application import privacy
from application.case.service import again_if_overtaken
from application.ports import Receipt, VersionMismatch
from application.streams import CASES, REFERRALS
from domain.case.commands import CaseCommand, PersonIsWithheld
from domain.case.kinds import EvidenceKind
from domain.case.opening.parties import CorrectParty
from domain.case.record.papers import FileEvidence, WriteNote
from domain.case.record.privacy import ErasePerson
from domain.referral.asking import QuestionAnswered
from domain.shared.erasing import StillNamed
from domain.shared.values import ERASED, Narrative, NarrativeId
from infrastructure.privacy import erasing
from tests.privacy.conftest import BASIS, FACTS, NAME, PARTIES, PHONE, SECRETS, Kept, kept, named
from tests.referral.conftest import county as desks
from tests.referral.offices import case_at, offer, refresh

__all__ = ["desks"]
HASH = "ab" * 32


def tell(parts: Wired, case: Kept, command: CaseCommand) -> Receipt:
    """As an officer of the body that holds it, who is told again where somebody was faster."""
    holder = parts.ledger.history(CASES, case.id).state.holder
    assert holder
    by = replace(asked(), now=case.county.clock(), body=holder)

    def work(unit):
        parts.system.deciding.cases.act(unit, case.id, command, by)
        return case.id

    return again_if_overtaken(lambda: parts.ledger.carry_out(by, work, from_memory=True), None)


@contextmanager
def another_process(case: Kept, url: str, monkeypatch) -> Iterator[Wired]:
    """Which does not look for erasures, and goes on with all that it remembers."""
    monkeypatch.setattr(erasing, "LOOK", 3600)
    with wired(Settings(state=case.county.state), url, case.county.clock) as other:
        other.projector.catch_up()
        tell(other, case, WriteNote(note="来访一次"))
        other.projector.catch_up()
        yield other


def test_what_was_acknowledged_while_somebody_was_erased_is_there_and_the_person_is_not(place):
    with place.opened() as county:
        case = kept(county)
        parts, over = county.parts, Event()

        def notes(who: int) -> int:
            """How many were acknowledged."""
            written = 0
            for number in range(1_000):
                with suppress(VersionMismatch):
                    tell(parts, case, WriteNote(note=f"{who}号的第{number}笔"))
                    written += 1
                if over.wait(0.1):
                    break
            return written

        def names(_: int) -> int:
            """How often the person was named until it was refused."""
            for number in range(1_000):
                try:
                    tell(parts, case, CorrectParty(party=case.person, phone=PHONE[:-3] + f"{number:03}"))
                    tell(parts, case, FileEvidence(party=case.person, kind=EvidenceKind.DOCUMENT, sha256=HASH))
                except VersionMismatch:
                    continue
                except PersonIsWithheld:
                    return number
                over.wait(0.1)
            return 1_000

        with ThreadPoolExecutor(3) as officers:
            told = [officers.submit(notes, who) for who in (1, 2)]
            named = officers.submit(names, 3)
            case.erase()
            over.set()
            written = sum(one.result(60) for one in told)
            assert named.result(60) < 1_000

        history = parts.ledger.history(CASES, case.id)
        kept_notes = [text for one in history.entries if "号的第" in (text := str(one.event))]
        assert len(kept_notes) == written
        assert history.state.parties[case.person].details.name == ERASED
        after = [one.event.name for one in history.entries]
        assert after.count("case.person_erased") == 1
        at = after.index("case.person_erased")
        assert {"case.party_corrected", "case.evidence_filed"}.isdisjoint(after[at:])
        parts.projector.catch_up()
        phones = [PHONE[:-3] + f"{number:03}" for number in range(0, 1_000, 7)]
        assert place.holds(*SECRETS, *phones) == {}
        assert parts.projector.parked() == []


def test_a_process_that_still_remembers_the_person_writes_them_into_no_table_and_no_event(place, monkeypatch):
    with place.opened() as county:
        case = kept(county)
        with another_process(case, place.url, monkeypatch) as other:
            case.erase()

            tell(other, case, WriteNote(note="再来访一次"))
            with pytest.raises(PersonIsWithheld):
                tell(other, case, CorrectParty(party=case.person, address="别处"))
            other.projector.catch_up()
            with pytest.raises(PersonIsWithheld):
                tell(other, case, FileEvidence(party=case.person, kind=EvidenceKind.DOCUMENT, sha256=HASH))

            assert NAME in str(other.ledger._loader.remembered(CASES, case.id)), "it does remember them"
            assert place.holds(*SECRETS) == {}
            assert ERASED in county.as_("auditor").get("/api/cases").text


def test_who_writes_on_a_referral_while_somebody_is_erased_is_not_passed_over(desks, monkeypatch):
    case = case_at(desks, "LW", facts=FACTS, parties=PARTIES)
    referral = offer(case, "transfer", "JY")
    referral.act("JY", "acknowledge-referral")
    referral.act("JY", "reject-referral", because="other", reason="不属于本机关")
    refresh(case).act("decline-case", because="not-civil", reason="不属受理范围", remedies_told=True)
    asks = Kept(desks, case, *named(case))
    command = ErasePerson(person=asks.person, basis=BASIS, replacements=asks.copies())
    real = privacy.TextsElsewhere.replace

    def overtaken(self, *given):
        real(self, *given)
        monkeypatch.setattr(privacy.TextsElsewhere, "replace", real)
        answer_naming(desks, UUID(referral.id))

    monkeypatch.setattr(privacy.TextsElsewhere, "replace", overtaken)

    with pytest.raises(StillNamed) as refusal:
        desks.parts.system.deciding.privacy.erase(asks.id, command, asks.asked(days=11 * 366))

    assert len(refusal.value.details["narratives"]) == 1
    assert desks.parts.ledger.history(CASES, asks.id).state.erased == frozenset()


def answer_naming(county, id: UUID) -> None:
    """On a referral none of whose texts had to be replaced."""

    def work(unit):
        history = unit.history(REFERRALS, id)
        told = QuestionAnswered(answer=Narrative(id=NarrativeId(uuid4()), text=f"就是{NAME}"))
        unit.append(REFERRALS, id, history.version, [told], county.clock())
        return id

    county.parts.ledger.carry_out(asked(), work)
