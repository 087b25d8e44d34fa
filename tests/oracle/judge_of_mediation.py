"""The judge's part on mediations: consent, mediators, sessions, the agreement, its effect and what comes after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.oracle.account import CONCLUDING, OF_THE_COURT, Clock, Deal, Promised, Talks, day_of
from tests.oracle.judge_of_handover import JudgeOfHandover
from tests.oracle.lawful import LIFTS

OUTCOMES = {"failed": "failed", "party-ended": "failed", "time-limit": "failed"}
"""Grounds of an end whose result has another name."""
UNMEDIATED = frozenset(
    {
        *("withdrawn", "self-settled", "refused", "out-of-contact", "to-administrative", "to-arbitration"),
        *("to-court", "public-order", "criminal"),
    }
)
PASSED_ON = frozenset({"referred", "escalated"})
"""It went on elsewhere: what came of it there is said at the end."""


class JudgeOfMediation(JudgeOfHandover):
    def open_promises(self) -> list[Promised]:
        binding = [one.deal for one in self.talks.values() if one.deal and one.stage == "in-effect"]
        return [part for deal in binding for part in deal.promises.values() if part.is_open]

    def untold(self) -> list[Talks]:
        """Mediations that ended by themselves, and whose parties were not told of the remedies since."""
        return [one for one in self.talks.values() if one.untold]

    def fitting(self) -> frozenset[str]:
        """The results that fit what the last mediation came to."""
        if not self.talks:
            return UNMEDIATED
        last = self.talks[max(self.talks)]
        if last.ground in PASSED_ON:
            return UNMEDIATED | {"failed"}
        if last.ground:
            ended = frozenset({OUTCOMES.get(last.ground, last.ground)})
            home_again = last.referral and last.referral not in self.handed and last.ground != "self-settled"
            return ended | UNMEDIATED if home_again else ended
        assert last.deal
        return frozenset({"agreement-partial" if last.deal.extent == "partial" else f"agreement-{last.deal.form}"})

    def resolved_once_more(self, result: str, at: datetime) -> datetime | None:
        """A case that was reopened and comes to the same again was resolved when it was."""
        last = self.talks[max(self.talks)] if self.talks else None
        if last and last.deal and last.stage == "in-effect" and last.deal.extent == "all-claims":
            waits = last.deal.taken_back and last.deal.court != "granted"
            return at if waits and last.deal.kept_since else last.deal.kept_since
        if result != "self-settled":
            return None
        return last.since if last and last.ground == "self-settled" else at

    def crime_is_reported(self) -> None:
        assert self.reported or not self.possible_crime, "a possible crime is reported first (25)"

    def may_go_on(self, talks: Talks) -> None:
        assert not self.unwilling(talks), "nothing goes on without the consent of every party (17, 23)"
        assert self.accepted_mediators(talks), "a mediator is accepted by every party (19)"
        assert self.present <= self.rights_told, "they are told of their rights before (令75 art. 30; 特邀 14)"
        self.crime_is_reported()

    def on_accepted(self, _: Any, at: datetime) -> None:
        assert self.status in {"registered", "open"}
        if self.status == "registered":
            self.entered("open", at)

    def on_mediation_opened(self, event: Any, at: datetime) -> None:
        assert self.status == "open", "the case is accepted with its mediation"
        assert self.active is None, "there is one active mediation"
        assert self.has_both_sides(), "a dispute has two sides"
        assert not self.resolved or self.came_apart, "what is resolved is not mediated again"
        assert not self.refusing(event.channel), "nobody is mediated against a refusal (17)"
        filed = event.mandate == "delegated" and any(one.is_filed for one in self.matters.values())
        assert not filed or event.channel != "people", "what is filed is entrusted, not delegated"
        lifted = self.lifted_for(event.mandate, LIFTS[event.mandate])
        taken = {"people": self.taken_by(), "administrative": self.organ_keeps_off()}.get(event.channel, set()) - lifted
        titled = event.mandate != "own"
        assert event.referral or not titled or self.is_founded(event.mandate), "it stands on what is on file"
        assert event.referral or not taken, "what another organ has is handed over by it (令75 art. 22)"
        assert event.number == len(self.talks) + 1
        self.resolved_at = None
        talks = Talks(event.number, event.channel, event.mandate, event.on_platform, at, Clock.of(event.conclude), at)
        talks.second = event.first_ended_at is not None
        talks.category, talks.referral, talks.sender = event.category, event.referral, event.sender
        talks.also = {due.clock: Clock(due.since, due.day, due.provisional) for due in event.also}
        self.talks[event.number] = talks

    def on_handover_letter_filed(self, event: Any, _: datetime) -> None:
        self.letters.append((event.mandate, event.organ, event.filed_by))

    def on_consent_given(self, event: Any, at: datetime) -> None:
        party, subject, talks = event.party, event.subject, self.active
        match subject.about:
            case "mediation":
                self.refusals.discard((party, subject.channel))
                if talks and talks.channel == subject.channel:
                    assert at >= talks.opened_at, "a consent of before is none to what was opened after it"
                    talks.consents[party] = at
                    talks.withdrawn.discard(party)
                    talks.since = max(talks.since, at) if talks.stage == "opened" else talks.since
            case "disclosure":
                self.disclosed.add((party, subject.body))
            case "closed-doors" if talks:
                talks.closed_doors.add(party)
            case "mediator":
                self.talks[subject.mediation].mediators[subject.mediator].add(party)

    def on_consent_withdrawn(self, event: Any, _: datetime) -> None:
        match event.subject.about:
            case "disclosure":
                self.disclosed.discard((event.party, event.subject.body))
            case "closed-doors" if self.active:
                self.active.closed_doors.discard(event.party)

    def on_mediation_refused(self, event: Any, _: datetime) -> None:
        self.refusals.add((event.party, event.channel))

    def on_mediation_consented(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        assert self.present <= set(talks.consents), "it may begin once every party consents (17)"
        assert event.since == max(talks.since, at), "since the last of the consents, however late it was recorded"
        talks.moved("consented", event.since)

    def on_mediation_stopped(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        assert event.party in self.present
        assert event.since == max(talks.since, at), "nothing is dated back"
        talks.consents.pop(event.party, None)
        talks.withdrawn.add(event.party)
        talks.moved("opened", event.since)

    def on_mediator_proposed(self, event: Any, _: datetime) -> None:
        talks = self.talks[event.mediation]
        assert event.mediator not in {*talks.recused, *talks.mediators}, "who was recused does not mediate"
        talks.mediators[event.mediator] = set()

    def on_mediator_recused(self, event: Any, _: datetime) -> None:
        talks = self.talks[event.mediation]
        del talks.mediators[event.mediator]
        talks.recused.add(event.mediator)

    def on_mediator_replaced(self, event: Any, _: datetime) -> None:
        talks = self.talks[event.mediation]
        assert event.successor not in {*talks.recused, *talks.mediators}, "who was recused does not mediate"
        del talks.mediators[event.mediator]
        talks.mediators[event.successor] = set()

    def on_participant_joined(self, event: Any, _: datetime) -> None:
        self.talks[event.mediation].participants.add(event.participant.person)

    def on_mediation_started(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        self.may_go_on(talks)
        talks.conclude = Clock.of(event.conclude) or talks.conclude
        assert all(talks.consents[party] <= at for party in self.present), "it starts after the last consent"
        talks.moved("under-way", at)

    def on_mediation_paused(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        assert self.has_a_pause(talks), "a pause exists where a law gives one"
        talks.moved("paused", at)

    def on_mediation_resumed(self, event: Any, at: datetime) -> None:
        self.crime_is_reported()
        talks = self.talks[event.mediation]
        if talks.conclude:
            talks.conclude = Clock(talks.conclude.since, event.conclude_by, event.provisional)
        talks.moved("under-way", at)

    def on_mediation_extended(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        talks.conclude = Clock(talks.conclude.since if talks.conclude else at, event.until, provisional=False)

    def on_session_scheduled(self, event: Any, at: datetime) -> None:
        self.crime_is_reported()
        talks = self.talks[event.mediation]
        assert not self.not_to_be_summoned(talks), "nobody is summoned who refuses (17)"
        assert event.at >= at, "a session is scheduled for later"
        talks.sessions[event.number] = "scheduled"

    def on_session_adjourned(self, event: Any, at: datetime) -> None:
        self.crime_is_reported()
        assert event.to >= at, "a session is scheduled for later"
        talks = self.talks[event.mediation]
        assert not self.not_to_be_summoned(talks), "nobody is summoned who refuses (17)"
        talks.sessions[event.session] = "adjourned"

    def on_session_held(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        self.may_go_on(talks)
        assert at >= talks.since, "no session before the start"
        assert set(event.attended) <= self.present
        assert not (event.public and talks.closed_doors & self.present), "behind closed doors as a party asked (23)"
        assert set(event.participants) <= talks.participants, "participants come with the parties' consent (20)"
        talks.sessions[event.number] = "held"

    def on_agreement_reached(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        self.may_go_on(talks)
        assert all(not one.due or one.due >= day_of(at) for one in event.obligations), "nothing is due before"
        assert event.form == "written" or not self.is_in_writing(talks), "the law asks for it in writing"
        promises = {one.number: Promised(one.amount, one.due) for one in event.obligations}
        talks.deal = Deal(event.form, event.extent, event.nature, at, promises)
        talks.moved("agreed", at)

    def _written(self, number: int, at: datetime) -> Deal:
        self.crime_is_reported()
        talks = self.talks[number]
        deal = talks.deal
        assert deal
        assert deal.form == "written" or talks.mandate in OF_THE_COURT, "an oral agreement is not signed (30)"
        assert at >= deal.reached_at, "nothing is signed before it is reached"
        return deal

    def on_agreement_signed(self, event: Any, at: datetime) -> None:
        signed = self._written(event.mediation, at).signed
        assert event.party in self.present
        assert event.party not in signed
        signed[event.party] = at

    def on_agreement_signed_by_mediator(self, event: Any, at: datetime) -> None:
        accepted = self.talks[event.mediation].mediators[event.mediator]
        assert self.present <= accepted, "only whom every party accepted signs (19, 23)"
        self._written(event.mediation, at).mediator_signed = at

    def on_agreement_sealed(self, event: Any, at: datetime) -> None:
        self._written(event.mediation, at).sealed = at

    def on_court_document_issued(self, event: Any, at: datetime) -> None:
        self._written(event.mediation, at).document = at

    def on_agreement_took_effect(self, event: Any, _: datetime) -> None:
        talks = self.talks[event.mediation]
        moment = talks.bound_since(self.present)
        assert moment is not None, "it binds when all have signed, or orally when recorded (29, 30)"
        assert event.effective_at == moment
        assert talks.deal
        talks.deal.effective = moment
        assert event.confirm_by == talks.last_day_for_the_court()
        talks.deal.confirm = Clock.of(event.confirm)
        self.resolved_at = moment if talks.deal.extent == "all-claims" else self.resolved_at
        talks.moved("in-effect", moment)

    def on_obligation_performed(self, event: Any, at: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        promised = deal.promises[event.obligation]
        assert at >= deal.reached_at, "nothing is performed before it is promised"
        promised.paid += event.amount
        assert promised.paid <= promised.amount, "not more is paid than was promised"
        assert event.complete == (promised.paid == promised.amount)
        assert event.late == (promised.due is not None and day_of(at) > promised.due)
        promised.done_at = at if event.complete else None
        self.performed = True

    def on_performance_told(self, event: Any, at: datetime) -> None:
        self.performed = True

    def on_obligation_breached(self, event: Any, at: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        promised = deal.promises[event.obligation]
        assert promised.is_open
        assert promised.due is None or day_of(at) > promised.due, "nothing is breached before it is due"
        promised.breached = True
        self.comes_apart(event.mediation, event)

    def on_agreement_amended(self, event: Any, at: datetime) -> None:
        self.crime_is_reported()
        talks = self.talks[event.mediation]
        deal = talks.deal
        assert deal
        assert self.present <= set(event.signed), "changed as it was made: signed by all (29)"
        assert self.present <= talks.mediators[event.mediator], "only whom every party accepted signs (19, 23)"
        assert deal.court in {"", "dismissed"}, "not beside a ruling"
        deal.promises = {number: one for number, one in deal.promises.items() if one.done_at}
        deal.promises |= {one.number: Promised(one.amount, one.due) for one in event.obligations}
        deal.effective, deal.court, deal.admit, deal.decide, deal.decide_extended = at, "", None, None, False
        deal.confirm, deal.taken_back = Clock.of(event.confirm), False
        assert event.confirm is None or event.confirm.day == talks.last_day_for_the_court()
        again = not self.resolved and deal.extent == "all-claims" and event.mediation == max(self.talks)
        self.resolved_at = at if again else self.resolved_at

    def on_remedy_sought(self, event: Any, _: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        assert any(one.done_at is None for one in deal.promises.values()), "something is owed"
        assert not deal.remedy, "one at a time"
        assert event.remedy == "payment-order" or deal.court == "granted", "what the court confirmed is enforced (33)"
        deal.remedy = event.remedy

    def on_remedy_decided(self, event: Any, _: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        assert deal.remedy, "the court was asked"
        deal.remedy = ""

    def on_confirmation_applied(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        assert talks.deal
        last = talks.last_day_for_the_court()
        assert last is not None, "the court does not confirm agreements of this kind"
        assert talks.since <= at
        assert day_of(at) <= last, "the court is asked within thirty days of effect"
        assert self.present <= set(event.applicants), "all parties apply together (33)"
        assert not talks.deal.court, "the court is asked once"
        other = talks.mandate == "delegated" and event.court_body != talks.sender
        assert not other, "what a court delegated is confirmed by that court (民诉法 205)"
        talks.deal.court = "applied"
        talks.deal.admit = Clock.of(event.admit)

    def on_confirmation_admitted(self, event: Any, _: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        assert (deal.court, deal.decide) == ("applied", None), "the court accepts once, when asked"
        deal.decide = Clock.of(event.decide_by)

    def on_confirmation_extended(self, event: Any, _: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        assert deal.court == "applied"
        assert deal.decide, "its time runs from the acceptance"
        assert not deal.decide_extended, "once"
        assert event.decide_by.day > deal.decide.day
        deal.decide, deal.decide_extended = Clock.of(event.decide_by), True

    def on_confirmation_withdrawn(self, event: Any, _: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        assert deal.court == "applied", "before the court has ruled"
        deal.court, deal.admit, deal.decide, deal.decide_extended = "", None, None, False
        deal.taken_back = event.undoes
        self.comes_apart(event.mediation, event)

    def _answered(self, number: int, answer: str) -> None:
        deal = self.talks[number].deal
        assert deal
        assert deal.court == "applied", "the court answers once, when asked"
        deal.court = answer

    def on_confirmation_granted(self, event: Any, at: datetime) -> None:
        self._answered(event.mediation, "granted")
        deal = self.talks[event.mediation].deal
        assert deal
        deal.enforce = Clock.of(event.enforce)
        again = deal.taken_back and not self.resolved and deal.extent == "all-claims"
        assert event.resolves == (again and event.mediation == max(self.talks))
        self.resolved_at = at if event.resolves else self.resolved_at

    def on_confirmation_dismissed(self, event: Any, _: datetime) -> None:
        self._answered(event.mediation, "dismissed")
        self.comes_apart(event.mediation, event)

    def on_confirmation_revoked(self, event: Any, _: datetime) -> None:
        deal = self.talks[event.mediation].deal
        assert deal
        assert deal.court == "granted", "only what it granted is set aside"
        deal.court = "revoked"
        self.comes_apart(event.mediation, event)

    def on_mediation_ended(self, event: Any, at: datetime) -> None:
        talks = self.talks[event.mediation]
        by_time = event.ground == "time-limit"
        by_itself = by_time or event.ground in PASSED_ON or (talks.sued and event.ground == "to-court")
        needless = by_itself or event.ground == "self-settled"
        assert event.remedies_told or needless, "the parties are told of the remedies (26)"
        assert not (event.remedies_told and by_itself), "nobody was there to tell them"
        assert talks.expired or not by_time, "only its clock ends it so"
        assert talks.stage in CONCLUDING or not by_time, "a paused clock stands"
        self.resolved_at = at if event.ground == "self-settled" else self.resolved_at
        self.starts(event)
        talks.untold = by_itself and event.ground not in PASSED_ON
        talks.ground, talks.sued, talks.expired = event.ground, False, False
        talks.moved("ended", at)

    def on_remedies_told(self, event: Any, _: datetime) -> None:
        talks = self.talks[event.mediation]
        assert talks.untold, "they are told afterwards where it ended by itself, once"
        talks.untold = False
