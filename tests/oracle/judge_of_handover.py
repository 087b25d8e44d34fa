"""The judge's part on what moves a matter: other organs, referrals, levels and the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.oracle.account import ACTIVE, LEVELS, Account, Clock, Matter, day_of

UNTIL_CLOSED = frozenset({"registered", "open"})


class JudgeOfHandover(Account):
    def goes_on(self) -> None:
        assert self.status in UNTIL_CLOSED, f"nothing moves that is {self.status}"

    def on_proceedings_noted(self, event: Any, at: datetime) -> None:
        assert event.number not in self.matters, "a number is given once"
        matter = Matter(event.organ, event.step or "", at, event.settled, Clock.of(event.due))
        self.matters[event.number] = matter
        if matter.is_filed and self.active and self.active.mandate != "entrusted":
            self.active.sued = True

    def on_proceedings_ended(self, event: Any, at: datetime) -> None:
        matter = self.matters[event.matter]
        assert not matter.over, "what is over has ended"
        assert at >= matter.at, "nothing ends before it began"
        matter.over, matter.settled = True, event.settled

    def on_matter_extended(self, event: Any, _: datetime) -> None:
        matter = self.matters[event.matter]
        assert not matter.over, "nothing is extended that is over"
        assert not matter.extended, "a time is extended once"
        assert matter.clock
        assert event.due.day > matter.clock.day
        matter.clock, matter.extended = Clock.of(event.due), True

    def on_hearing_held(self, event: Any, _: datetime) -> None:
        matter = self.matters[event.matter]
        assert matter.step == "petition-review", "only that time stands still for a hearing (信访 36)"
        assert not matter.over
        assert matter.clock
        assert event.days, "a day is taken out once"
        assert not set(event.days) & matter.heard
        assert event.due.day >= matter.clock.day
        matter.clock, matter.heard = Clock.of(event.due), matter.heard | frozenset(event.days)

    def on_offered(self, event: Any, _: datetime) -> None:
        self.goes_on()
        if event.moves_mediation:
            assert not any(self.offers.values()), "one offer at a time may move the mediation"
        self.offers[event.referral] = event.moves_mediation

    def on_offer_ended(self, event: Any, _: datetime) -> None:
        self.offers.pop(event.referral)
        self.bounces += event.bounced

    def on_handed_over(self, event: Any, _: datetime) -> None:
        self.goes_on()
        assert self.offers.pop(event.referral) == (event.kind != "invite"), "what is taken was offered"
        self.handed.add(event.referral)

    def on_joint_body_joined(self, event: Any, _: datetime) -> None:
        assert self.talks[event.mediation].stage != "ended", "nobody joins what has ended"

    def on_referral_came_back(self, event: Any, _: datetime) -> None:
        self.handed.remove(event.referral)
        own = [one for one in self.talks.values() if one.referral == event.referral and one.stage in ACTIVE]
        assert all(one.mandate == "entrusted" and one.stage == "agreed" for one in own), "it has come to an end"
        self.bounces += event.bounced

    def on_holder_changed(self, event: Any, at: datetime) -> None:
        self.goes_on()
        assert event.was == self.holder, "it goes from the one who held it"
        self.holder, self.level = event.holder, event.level
        self.highest = max(self.highest, self.level, key=LEVELS.index)
        self.held, self.accept, self.held_since = Clock.of(event.due), None, at
        assert event.due.since == at, "who holds it newly has the whole time"
        self.bounces += event.bounced

    def on_escalation_began(self, event: Any, _: datetime) -> None:
        self.goes_on()
        self.escalations[event.escalation] = event.phase

    def on_escalation_over(self, event: Any, _: datetime) -> None:
        self.escalations.pop(event.escalation)
        self.bounces += event.bounced

    def on_clock_ran_out(self, event: Any, at: datetime) -> None:
        key = (str(event.clock), event.due.day)
        assert key not in self.ran_out, "a deadline fires once"
        assert not event.due.provisional, "what is provisional does not fire"
        assert day_of(at) > event.due.day, "its day is over"
        self.ran_out.add(key)
        kind, _, number = str(event.clock).partition("/")
        if kind == "conclude" and event.due.effect == "close-as-failed":
            self.talks[int(number)].expired = True

    def on_due_fixed(self, event: Any, _: datetime) -> None:
        kind, *which = str(event.clock).split("/")
        clock = self._clock(kind, *which)
        assert clock is not None
        assert clock.since == event.due.since, "what was counted anew since is struck"
        assert event.due.day >= clock.day, "later, never earlier"
        clock.day, clock.provisional = event.due.day, event.due.provisional

    def _clock(self, kind: str, *which: str) -> Clock | None:
        if kind in {"holder", "accept", "dispute"}:
            return {"holder": self.held, "accept": self.accept, "dispute": self.whole}[kind]
        if kind == "begun":
            return self.begun.get(which[0])
        number = int(which[0])
        if kind == "risk":
            return self.reports[number][1] if number in self.reports else None
        if kind == "matter":
            return self.matters[number].clock if number in self.matters else None
        if number not in self.talks:
            return None
        talks = self.talks[number]
        if kind == "also":
            return talks.also.get(which[1])
        return talks.conclude if kind == "conclude" or not talks.deal else getattr(talks.deal, kind)
