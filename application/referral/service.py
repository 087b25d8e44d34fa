"""Use cases of a referral: offer, answers and return, each in one transaction with what the case records of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from application.case.disclosure.masks import as_seen_by
from application.case.disclosure.slices import as_read_by
from application.case.disclosure.withheld import withheld, withheld_about
from application.case.pointing import check_handed_on
from application.case.service import Cases, again_if_overtaken, refuse_stale
from application.handover.reactions import Happened, come_back, react
from application.looks import looked_at
from application.moments import PRESENT, KnownAt, Standpoint, as_it_was, beside, beside_case, happened_by, known_at
from application.ports import Asked, Ledger, Receipt, Unit
from application.referral.into_case import ReferralIntoCase, taken_over
from application.referral.page import ReferralPage, referral_page, still_reads
from application.referral.rights import check_may_answer, check_may_offer, is_side, sees_referral
from application.referral.row import ReferralCard, referral_card
from application.rights import Viewer
from application.rules import counted_for
from application.streams import CASES, REFERRALS
from domain.case.beside.handover import (
    CaseOffered,
    disclosures,
    refuse_offer,
    refuse_refused,
    refuse_slice,
)
from domain.case.beside.referral_return import refuse_return
from domain.case.case import DisputeCase
from domain.case.kinds import EndGround
from domain.case.mediating.capacity import refuse_unable
from domain.case.mediating.mediation import ended_by
from domain.referral.answering import ReferralAccepted, ReferralRejected
from domain.referral.commands import ReferralCommand
from domain.referral.kinds import Consenting
from domain.referral.objecting import ObjectionUpheld
from domain.referral.offering import OfferReferral, ReferralOffered
from domain.referral.referral import OPEN, Referral, ReferralStage
from domain.referral.returning import ReferralReturned
from domain.referral.running_out import ReferralLapsed
from domain.referral.taking_back import ReferralRerouted, ReferralWithdrawn, RerouteReferral
from domain.referral.terms import Offer, givers
from domain.shared.decider import History, decide
from domain.shared.errors import UnknownStream
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.references import willing
from domain.shared.slices import NOTHING
from domain.shared.values import CaseId, ReferralId, ReferralKind
from domain.shared.vocabulary import OfferEnding


class Referrals:
    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger = ledger
        self._cases = cases

    def offer(
        self, case: CaseId, command: OfferReferral, viewer: Viewer, asked: Asked, expected: int | None
    ) -> Receipt:
        """`expected`: the version of the case that the asker saw. The receipt is about the new referral."""

        def work(unit: Unit) -> UUID:
            history = self._cases.visible(unit.history(CASES, case), viewer, asked.now)
            check_may_offer(viewer, history.state)
            self._check_handed_on(history, command, viewer, asked.now)
            refuse_stale(history, expected)
            return self.act_offer(unit, history, command, asked)

        return self._ledger.carry_out(asked, work, from_memory=True)

    def _check_handed_on(self, case: History[DisputeCase], offer: Offer, viewer: Viewer, now: datetime) -> None:
        """Raises PersonNotTold, SeenInPart, SliceLacks."""
        if not self._cases.sees_all(viewer, case, now):
            read = self._cases.read(case, viewer, now)
            check_handed_on(offer.content, read, withheld(case))
            refuse_slice(read, offer.content, offer.consented)

    def act_offer(self, unit: Unit, case: History[DisputeCase], command: OfferReferral, asked: Asked) -> UUID:
        """Within a unit of work: one offer, or many things in one transaction."""
        id = ReferralId(asked.request)
        on = self._cases.occasion(command, asked, case.state)
        self._check_case(case, command, on)
        (offered,) = decide(History.of(id, Referral.blank(id), ()), command, on)
        refuse_unable(case.state, willing(command), None, on.day)
        assert isinstance(offered, ReferralOffered)
        self._record_offer(unit, case, id, offered, command, on, asked)
        return id

    def _check_case(self, case: History[DisputeCase], command: Offer, on: Occasion) -> None:
        refuse_offer(case.state, command.kind is not ReferralKind.INVITE)
        ways = command.ways(on)
        refuse_slice(case, command.content, givers(command, ways, on.case_facts))
        asked = [body for body, one in zip(command.to, ways, strict=True) if one.consenting is not Consenting.NOBODY]
        refuse_refused(case.state, [on.named_body(body) for body in asked])

    def _record_offer(
        self,
        unit: Unit,
        case: History[DisputeCase],
        id: ReferralId,
        offered: ReferralOffered,
        command: Offer,
        on: Occasion,
        asked: Asked,
    ) -> None:
        told = disclosures(case.state, command.consented, command.to, command.form)
        moves = command.kind is not ReferralKind.INVITE
        noted = CaseOffered(referral=id, kind=command.kind, to=command.to, moves_mediation=moves)
        unit.append(CASES, case.id, case.version, (*told, noted), on.occurred_at, on.on_behalf_of, asked)
        unit.append(REFERRALS, id, 0, (offered,), on.occurred_at, on.on_behalf_of, asked)

    def change(
        self,
        case: CaseId,
        id: ReferralId,
        command: ReferralCommand,
        viewer: Viewer,
        asked: Asked,
        expected: int | None,
    ) -> Receipt:
        """`expected`: the version of the referral that the asker saw."""

        def work(unit: Unit) -> UUID:
            history = self._known(unit.history(REFERRALS, id), unit.history(CASES, case), viewer, asked.now)
            check_may_answer(viewer, command, history.state, unit.history(CASES, case).state)
            if isinstance(command, RerouteReferral):
                self._check_handed_on(unit.history(CASES, case), command, viewer, asked.now)
            refuse_stale(history, expected)
            return self.act(unit, id, command, asked)

        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), expected)

    def act(self, unit: Unit, id: ReferralId, command: ReferralCommand, asked: Asked) -> UUID:
        """Decides, and records what the case makes of it in the same transaction."""
        history = unit.history(REFERRALS, id)
        assert history.state.case
        case = unit.history(CASES, history.state.case)
        also = [*history.state.receptions, *([history.state.sender] if history.state.sender else [])]
        on = self._cases.occasion(command, asked, case.state, also)
        events = decide(history, command, on)
        refuse_unable(case.state, willing(command), None, on.day)
        done = ReferralIntoCase(unit, history.state, case, on, asked)
        if any(isinstance(event, ReferralReturned) for event in events):
            self._return(done, events)
            return id
        unit.append(REFERRALS, id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
        for event in events:
            self._follow(done, event)
        return self._rerouted(done, command) if isinstance(command, RerouteReferral) else id

    def _follow(self, done: ReferralIntoCase, event: Any) -> None:
        match event:
            case ReferralAccepted():
                done.on_case(*taken_over(done))
                self._react(done)
            case ReferralRejected(all_have=True):
                done.offer_over(OfferEnding.REJECTED, bounced=True)
            case ObjectionUpheld():
                done.offer_over(OfferEnding.UPHELD, bounced=True)
            case ReferralLapsed():
                done.offer_over(OfferEnding.LAPSED)
            case ReferralRerouted() if done.referral.stage in OPEN:
                done.offer_over(OfferEnding.REROUTED)
            case ReferralWithdrawn():
                self._withdraw(done)

    def _react(self, done: ReferralIntoCase) -> None:
        react(self._happened(done))

    def _happened(self, done: ReferralIntoCase) -> Happened:
        look_up = self._cases.register, self._cases.book
        return Happened(done.unit, CaseId(done.case.id), done.recorded, done.on, done.asked, *look_up)

    def _withdraw(self, done: ReferralIntoCase) -> None:
        """An offer ends; what was accepted comes back, and its mediation ends with it."""
        if done.referral.stage is not ReferralStage.ACCEPTED:
            done.offer_over(OfferEnding.WITHDRAWN)
            return
        case = done.unit.history(CASES, done.case.id).state
        active = case.active_mediation
        if active and active.referral == done.referral.id:
            done.on_case(ended_by(active.number, EndGround.WITHDRAWN))
        sender = self._sender(done)
        done.came_back(sender, counted_for(sender, done.on, self._cases.book) if sender else done.on)

    def _sender(self, done: ReferralIntoCase) -> BodyFacts | None:
        transferred = done.referral.kind is ReferralKind.TRANSFER and done.referral.sender
        return done.on.named_body(done.referral.sender) if transferred and done.referral.sender else None

    def _return(self, done: ReferralIntoCase, events: Sequence[Any]) -> None:
        (returned,) = events
        if done.referral.kind is not ReferralKind.INVITE:
            refuse_return(done.case.state, done.referral.id, returned.outcome)
        come_back(self._happened(done), done.referral.id, returned)

    def _rerouted(self, done: ReferralIntoCase, command: RerouteReferral) -> UUID:
        """The new offer, in the same transaction. Raises what an offer raises."""
        case = done.unit.history(CASES, done.case.id)
        self._check_case(case, command, done.on)
        offered = command.offered_instead(done.referral, done.on)
        new = ReferralId(done.on.seed)
        self._record_offer(done.unit, case, new, offered, command, done.on, done.asked)
        return new

    def history(
        self, case: CaseId, id: ReferralId, viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> History[Referral]:
        """As it was. Raises UnknownStream, also where the viewer may not know of it, or it is another case's (B8)."""
        whose = self._ledger.history(CASES, case)
        known = withheld_about(self._known(self._ledger.history(REFERRALS, id), whose, viewer, now), whose)
        then = as_it_was(known, asked)
        if not is_side(viewer, known.state) and not self._cases.sees_all(viewer, whose, now, beside_case(then, asked)):
            raise UnknownStream(id=id)
        looked_at([case])
        return happened_by(then, asked.effective_at) if asked.effective_at else then

    def page(
        self, case: CaseId, id: ReferralId, viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> ReferralPage:
        """For a receiver only what was handed over, and is still: today's right is asked of the past as well. Raises
        UnknownStream."""
        history = self.history(case, id, viewer, now, asked)
        known = withheld(self._ledger.history(CASES, case))
        at = known_at(history, asked, now)
        if self._cases.sees_all(viewer, known, now, beside_case(history, asked)):
            return as_seen_by(viewer, referral_page(history, beside(known, at, asked.effective_at), None))
        latest = self._ledger.history(REFERRALS, id).state
        reader = next((one for one in latest.receptions if one in viewer.scope.bodies), None)
        if reader is None:
            known = self._cases.read(known, viewer, now)
        elif latest.content:
            known = as_read_by(known, reader, latest.content if still_reads(latest, reader) else NOTHING)
        return as_seen_by(viewer, referral_page(history, beside(known, at, asked.effective_at), reader, latest))

    def of_case(
        self, case: CaseId, viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> Sequence[ReferralCard]:
        """Those that the viewer may know of, as they stood beside the case. Raises UnknownStream."""
        whose = self._cases.visible(self._ledger.history(CASES, case), viewer, now, asked)
        all_of_it = self._cases.sees_all(viewer, whose, now, asked)
        at = known_at(as_it_was(whose, asked), asked, now)
        seen = (one for one in self._offered(whose) if sees_referral(viewer, one.state, lambda: all_of_it))
        stood = (beside(one, at, asked.effective_at) for one in seen)
        cards = [_card_for(viewer, one, all_of_it) for one in stood if one.entries]
        return sorted(cards, key=lambda card: (card.offered_at, card.id))

    def read(self, case: CaseId, viewer: Viewer, now: datetime) -> list[History[Referral]]:
        """The referrals of a case: all of them for whoever sees all of it; else those of which the reader is a side.
        Raises UnknownStream."""
        whose = self._cases.visible(self._ledger.history(CASES, case), viewer, now)
        all_of_it = self._cases.sees_all(viewer, whose, now)
        return [one for one in self._offered(whose) if sees_referral(viewer, one.state, lambda: all_of_it)]

    def _offered(self, case: History[DisputeCase]) -> Iterator[History[Referral]]:
        ids = dict.fromkeys(one.event.referral for one in case.entries if isinstance(one.event, CaseOffered))
        return (withheld_about(self._ledger.history(REFERRALS, id), case) for id in ids)

    def case_of(self, case: CaseId, at: KnownAt | None = None, effective_at: datetime | None = None) -> DisputeCase:
        """As it is, or was, for what can be answered: not to be shown."""
        history = self._ledger.history(CASES, case)
        return beside(history, at, effective_at).state if at else history.state

    def _known(
        self, referral: History[Referral], case: History[DisputeCase], viewer: Viewer, now: datetime
    ) -> History[Referral]:
        whose = referral.state.case == case.id and bool(case.entries)
        if not whose or not sees_referral(viewer, referral.state, lambda: self._cases.sees_all(viewer, case, now)):
            raise UnknownStream(id=referral.id)
        return referral


def _card_for(viewer: Viewer, history: History[Referral], all_of_it: bool) -> ReferralCard:
    """What it came back with is between the sender and who accepted it: other receivers are not told."""
    card, mine = referral_card(history), viewer.scope.bodies
    sides = {card.sender, card.accepted_by} & mine
    return card if all_of_it or sides else replace(card, outcome=None)
