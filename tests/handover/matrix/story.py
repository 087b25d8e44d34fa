"""One case of the matrix: what was done with it, chapter by chapter, and at which desks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.office.officer import officer_id
from tests.api.conftest import Case, County
from tests.handover.matrix.marks import Mark, Marks
from tests.referral.offices import DESKS, Handover, as_seen_from, case_at, refresh

AT_THE_DESK = {**DESKS, "WG": "grid"}
CHANNELS = {"LW": "people", "JY": "administrative", "HK": "people"}


@dataclass(frozen=True)
class Chapter:
    """How it stood at the end of a chapter."""

    version: int
    moment: datetime


@dataclass
class Story:
    name: str
    county: County
    marks: Marks
    case: Case = field(init=False)
    referral: Handover | None = None
    escalation: Handover | None = None
    chapters: list[Chapter] = field(default_factory=list)
    born: datetime = field(init=False)
    entry: int = 0
    """One that another body corrects later."""
    mediation: int = 0
    """The one that its commands are asked of."""

    def word(self, label: str, masked: bool = False) -> str:
        return self.marks.text(Mark(self.name, label, len(self.chapters), masked))

    def phone(self, label: str) -> str:
        return self.marks.phone(Mark(self.name, label, len(self.chapters), True))

    def registered_at(self, code: str, by: str | None = None, **more: Any) -> None:
        """With two parties: the name of the first is `given`, all else is the body's own."""
        self.county.clock.forward(hours=1)
        self.born = self.county.clock()
        facts = {"facts": self.word("first"), "parties": [], "foreign_number": self.word("first"), **more}
        desk = self.county.as_(AT_THE_DESK[by]) if by else None
        self.case = desk.register(**facts) if desk else case_at(self.county, code, **facts)
        at = self.at(code)
        for side, name in (("applicant", self.word("given")), ("respondent", self.word("first"))):
            secret = {"phone": self.phone("first"), "address": self.word("first", masked=True)}
            at.act("add-party", side=side, name=name, **secret)
        at.act("rate-risk", risk="red", possible_crime=False, reason=self.word("first"))
        at.act("rate-difficulty", difficulty="simple", reason=self.word("first"))
        at.act("classify-case", category="neighbours", subcategory=self.word("first"))

    def at(self, code: str) -> Case:
        self.case = as_seen_from(self.case, code)
        return self.case

    @property
    def parties(self) -> list[str]:
        whole = Case(self.county.as_("auditor"), self.case.id, 0)
        return list(whole.state()["parties"])

    def mediated(self, code: str, label: str, number: int = 1) -> None:
        """Taken up, consented, and a session held."""
        at, me, both = self.at(code), str(officer_id(DESKS[code])), self.parties
        at.act("accept-case", note=self.word(label))
        at.act("tell-rights", parties=both)
        for party in both:
            at.act("give-consent", party=party, subject={"about": "mediation", "channel": CHANNELS[code]})
        at.act("propose-mediator", mediation=number, mediator=me)
        at.act("accept-mediator", mediation=number, mediator=me, parties=both)
        at.act("start-mediation", mediation=number)
        self.session(code, label, number)
        self.mediation = number

    def session(self, code: str, label: str, number: int = 1) -> int:
        when = {"at": "2026-12-01T10:00:00+08:00", "where": self.word(label)}
        at = self.at(code)
        at.act("schedule-session", mediation=number, **when)
        record = {"attended": self.parties, "participants": [], "record": self.word(label)}
        return at.act("hold-session", mediation=number, **record)

    def noted(self, code: str, label: str) -> None:
        at = self.at(code)
        at.act("write-note", note=self.word(label))
        at.act("file-evidence", kind="document", description=self.word(label), sha256="cd" * 32)

    def ends_chapter(self) -> None:
        self.county.clock.forward(minutes=30)
        refresh(self.case)
        self.chapters.append(Chapter(self.case.version, self.county.clock()))
        self.county.clock.forward(minutes=30)
