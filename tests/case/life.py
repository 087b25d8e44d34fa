"""The life of one case, lived command by command: each answer is held against the table, the reasons and the judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.case.actions import actions
from domain.case.case import DisputeCase
from domain.case.joining import CannotTakeIn, SplitCase, taken_in
from domain.shared.decider import History, decide
from domain.shared.errors import DomainError
from domain.shared.occasion import Occasion
from tests.case.account import Account, lines
from tests.case.drawing import Seen, turned
from tests.case.histories import MONDAY, blank, entries, id_of, occasion
from tests.case.judge import Judge
from tests.case.lawful import AMENDMENTS, STAGE_MOVES, STAGES, STATUS_MOVES, moves
from tests.case.reasons import BY_OUTCOME, name_of, reasons


class Life:
    def __init__(self, accepted: Counter[str]) -> None:
        self.history: History[DisputeCase] = blank()
        self.account: Account = Judge()
        self.now = MONDAY
        self.asked = 0
        self.turn = 0
        """Draws prefer the first of a choice: the choices of each step begin elsewhere."""
        self.accepted = accepted

    @property
    def record(self) -> dict[int, Any]:
        return lines(self.history.entries)

    def seen(self, command: str) -> Seen:
        return Seen(self.account, self.record, self.now, command, self.turn + self.asked)

    def turned(self, choice: Sequence[Any]) -> list[Any]:
        return turned(choice, self.turn + self.asked * 13)

    def occasion(self, occurred_at: datetime | None = None, **facts: Any) -> Occasion:
        """As the use case makes it: now, by a seed of its own."""
        moments = {"occurred_at": occurred_at or self.now, "now": self.now, "seed": id_of(f"seed {self.asked}")}
        return replace(occasion(), **moments | facts)

    def ask(self, command: Any, on: Occasion) -> DomainError | None:
        """Decides it and, where it is accepted, records it. The refusal, if there was one."""
        self.asked += 1
        why_not = reasons(self.account, command, on, self.record)
        before = self.history
        try:
            events = decide(before, command, on)
        except DomainError as refusal:
            self.refused(command, refusal, why_not)
            return refusal
        assert not why_not, f"{command!r} was accepted in spite of {why_not}"
        assert events, "what is accepted is recorded"
        self.offered(command)
        self.lived(command, events, on)
        return None

    def take_in(self, other: Any, on: Occasion) -> None:
        """Another case is merged into this one."""
        self.asked += 1
        try:
            events = taken_in(self.history.state, other)
        except CannotTakeIn:
            assert self.account.status not in {"registered", "open"}
        else:
            assert self.account.status in {"registered", "open"}
            self.history = self.history.then(entries(self.history, events, on))
            self.told_alike()

    def offered(self, command: Any) -> None:
        free = [one for one in actions(self.history.state) if one.blocked is None and one.command is type(command)]
        number = command.mediation if name_of(command) in STAGES else None
        assert number in [one.mediation for one in free], "what is accepted was offered"

    def lived(self, command: Any, events: Any, on: Occasion) -> None:
        self.accepted[name_of(command)] += 1
        before = self.account
        if isinstance(command, SplitCase):
            splits_off(command, self.history.state, on)
        for event in events:
            assert type(event).model_validate_json(event.model_dump_json()) == event, "it is stored as it was decided"
        self.history = self.history.then(entries(self.history, events, on))
        self.account = judged(self.history)
        if name_of(command) not in AMENDMENTS:
            moved_lawfully(name_of(command), before, self.account)
        self.told_alike()

    def refused(self, command: Any, refusal: DomainError, why_not: set[str]) -> None:
        possible = why_not | (BY_OUTCOME if name_of(command) in AMENDMENTS else set())
        assert type(refusal).__name__ in possible, f"{command!r} was refused without reason: {refusal!r}"
        assert known(self.account) == stated(self.history.state), "what is refused changes nothing"

    def told_alike(self) -> None:
        """The state is the same however the record is read, and says what the judge read."""
        history = self.history
        assert History.of(history.id, history.blank, history.entries).state == history.state
        assert blank().then(history.entries).state == history.state
        assert history.effective_at(datetime.max.replace(tzinfo=MONDAY.tzinfo)) == history.state
        told, state = known(self.account), stated(history.state)
        assert told == state, {name: (told[name], state[name]) for name in told if told[name] != state[name]}


def judged(history: History[DisputeCase]) -> Judge:
    judge = Judge()
    for event, at in lines(history.entries).values():
        judge.read(event, at)
    for talks in judge.talks.values():
        waiting = talks.stage == "agreed" and talks.bound_since(judge.present)
        assert not waiting, "what all have signed is in effect"
        assert not (talks.sued and talks.stage in STAGES["EndMediation"]), "a suit ends the mediation"
    return judge


def moved_lawfully(name: str, before: Account, after: Account) -> None:
    status, stages = moves(before, after)
    assert status <= STATUS_MOVES.get(name, frozenset()), f"{name} moved the case {status}"
    assert stages <= STAGE_MOVES.get(name, frozenset()), f"{name} moved a mediation {stages}"


def splits_off(command: SplitCase, case: DisputeCase, on: Occasion) -> None:
    """The new case is registered with the same place, and with the parties under ids of their own."""
    begun = command.split_off(case, on)
    empty = History.of(on.seed, DisputeCase.blank(on.seed), ())
    new = empty.then(entries(empty, begun, on)).state
    assert (new.status, new.place) == ("registered", case.place)
    assert [one.side for one in new.parties.values()] == [case.parties[id].side for id in command.parties]
    assert not set(new.parties) & set(case.parties)


def known(account: Account) -> dict[str, Any]:
    return {
        "status": (account.status, account.since, account.result),
        "resolved": account.resolved,
        "present": account.present,
        "refusals": account.refusals,
        "disclosed": account.disclosed,
        "papers": account.papers,
        "difficulty": account.difficulty,
        "talks": {number: _known_of(one) for number, one in account.talks.items()},
    }


def _known_of(talks: Any) -> Any:
    accepted = {id: set(by) for id, by in talks.mediators.items()}
    told = (talks.stage, talks.since, talks.conclude_by, set(talks.consents), accepted, talks.sessions, talks.ground)
    deal = talks.deal
    if deal is None:
        return told, None
    promises = {number: (one.paid, one.done_at, one.breached) for number, one in deal.promises.items()}
    signed = (deal.signed, deal.mediator_signed, deal.sealed, deal.document)
    return told, (deal.form, deal.extent, promises, signed, deal.court, talks.last_day_for_the_court())


def stated(case: DisputeCase) -> dict[str, Any]:
    return {
        "status": (case.status, case.since, case.result or ""),
        "resolved": case.resolved_at is not None,
        "present": set(case.present_parties),
        "refusals": set(case.refusals),
        "disclosed": set(case.disclosures),
        "papers": set(case.papers),
        "difficulty": case.difficulty or "",
        "talks": {number: _stated_of(one) for number, one in case.mediations.items()},
    }


def _stated_of(mediation: Any) -> Any:
    accepted = {id: set(one.accepted_by) for id, one in mediation.mediators.items()}
    told = (mediation.stage, mediation.since, mediation.conclude_by, set(mediation.consents), accepted)
    rest = (dict(mediation.sessions), mediation.ground or "")
    deal = mediation.agreement
    if deal is None:
        return (*told, *rest), None
    promises = {number: (one.paid, one.done_at, one.breached) for number, one in deal.obligations.items()}
    signed = (dict(deal.signed), deal.mediator_signed_at, deal.sealed_at, deal.court_document_at)
    return (*told, *rest), (deal.form, deal.extent, promises, signed, deal.confirmation or "", deal.confirm_by)
