"""A judge reads the record line by line: what each event says, and whether it was lawful where it stands.

An event that says nothing to the account has no method here. That none is forgotten is seen at each step: the account
is compared with the state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.case.commands import MediationEvent
from domain.case.lists import EVENTS
from tests.oracle.account import ACTIVE, LEVELS, WITHOUT_AGREEMENT, Clock
from tests.oracle.judge_of_mediation import JudgeOfMediation
from tests.oracle.lawful import STAGES

OF_NO_COMMAND = {
    "mediation_consented": {"opened"},
    "mediation_stopped": WITHOUT_AGREEMENT,
    "joint_body_joined": WITHOUT_AGREEMENT,
    "agreement_took_effect": {"agreed"},
    "performance_told": {"in-effect"},
    "mediation_given_over": ACTIVE,
}
"""Events of a mediation that follow from something else, and the stages in which they may happen."""
OF_COMMANDS = {
    event.name.removeprefix("case."): frozenset().union(*(STAGES.get(one.__name__, ()) for one in event.of))
    for event in EVENTS
    if issubclass(event, MediationEvent) and event.of
}
AT_STAGE = OF_NO_COMMAND | OF_COMMANDS
"""Each event of a mediation, and the stages in which it may happen: those in which its command is lawful."""


class Judge(JudgeOfMediation):
    def read(self, event: Any, at: datetime) -> None:
        name = event.name.removeprefix("case.")
        if name in AT_STAGE:
            talks = self.talks[event.mediation]
            assert self.status == "open", f"{name}: the case is {self.status}"
            assert talks.stage in AT_STAGE[name], f"{name}: the mediation is {talks.stage}"
            ends = name == "mediation_ended"
            assert ends or not talks.sued, "a suit ends what the court did not entrust"
            assert ends or not talks.expired, "what its clock closes has ended"
        if says := getattr(self, f"on_{name}", None):
            says(event, at)

    def on_request_received(self, event: Any, at: datetime) -> None:
        assert self.status == "new"
        self.requested = True
        assert "CONTRACT_LIMITATION" in {one.clock for one in event.begins}, "a request interrupts limitation"
        self.starts(event)
        self.entered("received", at)

    def on_request_dated(self, event: Any, at: datetime) -> None:
        assert event.requested_at <= at, "a request is received before it is registered"
        self.on_request_received(event, event.requested_at)

    def on_registered(self, event: Any, at: datetime) -> None:
        assert self.status in {"new", "received"}
        self.category = event.category
        self.holder, self.level, self.highest = event.holder, event.level, event.level
        self.held, self.accept = Clock.of(event.due), Clock.of(event.accept_by)
        self.whole, self.held_since = Clock.of(event.dispute), at
        self.runs_from_receipt(event)
        self.entered("registered", at)

    def on_settled_on_the_spot(self, _: Any, at: datetime) -> None:
        assert self.status == "registered"
        self.resolved_at, self.result = at, "self-settled"
        self.entered("closed", at)

    def on_party_added(self, event: Any, _: datetime) -> None:
        self.sides[event.party.person] = event.side
        self.known_as[event.party.person] = event.party

    def on_party_corrected(self, event: Any, _: datetime) -> None:
        self.known_as[event.party.person] = event.party

    def on_party_succeeded(self, event: Any, _: datetime) -> None:
        self.gone.add(event.party)
        self.sides[event.successor.person] = event.side
        self.known_as[event.successor.person] = event.successor

    def on_party_represented(self, event: Any, _: datetime) -> None:
        self.represented_by[event.party] = event.representative.person

    def on_rights_told(self, event: Any, _: datetime) -> None:
        self.rights_told |= set(event.parties)

    def on_party_withdrew(self, event: Any, _: datetime) -> None:
        assert not (self.active and self.active.stage == "agreed"), "who agreed signs, or the mediation is ended"
        self.gone.add(event.party)
        assert not self.active or self.has_both_sides(), "a mediation has two sides"

    def on_classified(self, event: Any, _: datetime) -> None:
        assert not self.spoken_against(event.category), "what is agreed orally is not classified into writing"
        self.category = event.category
        self.runs_from_receipt(event)

    def on_difficulty_proposed(self, event: Any, _: datetime) -> None:
        self.proposal = (event.difficulty, event.proposed_by)

    def on_difficulty_rated(self, event: Any, _: datetime) -> None:
        self.difficulty, self.proposal = event.difficulty, None
        self.held = Clock.of(event.due) or self.held
        self.whole = Clock.of(event.dispute) or self.whole

    def on_difficulty_not_confirmed(self, _: Any, __: datetime) -> None:
        self.proposal = None

    def on_risk_rated(self, event: Any, _: datetime) -> None:
        self.possible_crime = event.possible_crime
        self.reported = self.reported and not event.possible_crime

    def on_risk_reported(self, event: Any, __: datetime) -> None:
        self.reported = True
        if event.recipient_body:
            assert event.report_number == len(self.reports) + 1
            self.reports[event.report_number] = [event.recipient_body, Clock.of(event.answer_by), False]

    def on_risk_report_answered(self, event: Any, _: datetime) -> None:
        assert not self.reports[event.report][2], "it is answered once"
        self.reports[event.report][2] = True

    def on_accident_finding_received(self, event: Any, _: datetime) -> None:
        self.starts(event)

    def on_found_out_of_office(self, event: Any, _: datetime) -> None:
        self.starts(event)

    def on_online_mediation_agreed(self, event: Any, _: datetime) -> None:
        self.starts(event)

    def on_paper_filed(self, event: Any, _: datetime) -> None:
        self.papers.add(event.paper)

    def on_followed_up(self, _: Any, __: datetime) -> None:
        self.followed_up = True

    def on_declined(self, _: Any, at: datetime) -> None:
        assert self.status == "registered"
        assert not self.on_its_way(), "what is offered or asked for comes to an end first"
        assert self.reported or not self.possible_crime, "a possible crime is reported"
        self.result = "declined"
        self.entered("closed", at)

    def on_closed(self, event: Any, at: datetime) -> None:
        assert self.status in {"registered", "open"}
        assert self.active is None, "a mediation ends before its case"
        assert not self.open_promises(), "the file closes with full performance or breach"
        assert not self.untold(), "whom the clock sent away is told of the remedies (26)"
        assert not self.on_its_way(), "what is offered or asked for comes to an end first"
        assert self.reported or not self.possible_crime, "a possible crime is reported"
        assert event.result in self.fitting(), f"it did not come out as {event.result}"
        self.result = event.result
        self.resolved_at = self.resolved_at or self.resolved_once_more(event.result, at)
        self.entered("closed", at)

    def on_reopened(self, _: Any, at: datetime) -> None:
        assert self.status in {"closed", "archived"}
        self.result, self.resolved_at = "", None
        self.entered("open" if self.talks else "registered", at)

    def on_archived(self, _: Any, at: datetime) -> None:
        assert self.status == "closed"
        assert not self.missing_papers(), "the file holds its mandatory papers"
        self.entered("archived", at)

    def on_merged(self, _: Any, at: datetime) -> None:
        assert self.status in {"registered", "open"}
        assert self.active is None, "what is mediated is not merged away"
        assert self.reported or not self.possible_crime, "a possible crime is reported"
        assert not self.on_its_way(), "what is offered or asked for comes to an end first"
        self.entered("merged", at)

    def on_taken_in(self, event: Any, _: datetime) -> None:
        if event.highest:
            assert LEVELS.index(event.highest) >= LEVELS.index(self.highest or "grid"), "it never falls"
            self.highest, self.bounces = event.highest, self.bounces + event.bounces_of_it
        if event.dispute:
            assert not self.whole or event.dispute.since < self.whole.since, "the older registration counts"
            self.whole = Clock.of(event.dispute)

    def on_split(self, event: Any, _: datetime) -> None:
        if event.leave:
            assert self.active is None, "nobody leaves by a split while a mediation goes on"
            assert self.has_both_sides(event.parties), "both sides stay"
            self.gone |= set(event.parties)
