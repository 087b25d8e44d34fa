"""What other contexts write into a case: referrals and escalations, as their use cases do, and why they may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.case.beside.handover import (
    CaseHandedOver,
    CaseOffered,
    OfferEnded,
    accepted,
    disclosures,
    refuse_offer,
    refuse_refused,
)
from domain.case.beside.holder import MovedBy
from domain.case.beside.levels import EscalationBegan, EscalationOver, refuse_moving, sent_down, taken_up
from domain.case.beside.referral_return import came_back, outcome_of, refuse_return
from domain.case.course import EscalationPhase
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.slices import Slice
from domain.shared.values import Form, ReferralKind
from tests.case.histories import APPLICANT, COMMITTEE, COURT
from tests.oracle.account import ACTIVE, WITHOUT_AGREEMENT, Account
from tests.oracle.elsewhere import ORGAN, POLICE, TOWN
from tests.oracle.rules import taken_from

UNTIL_CLOSED = frozenset({"registered", "open"})
SENDERS = {
    ReferralKind.DELEGATE: COURT,
    ReferralKind.ENTRUST: COURT,
    ReferralKind.TRANSFER: POLICE,
    ReferralKind.INVITE: COMMITTEE,
}
HAS_OF_IT = {"court": "court", "police": "police", "committee": None}
OVER = frozenset((stage, "ended") for stage in WITHOUT_AGREEMENT)
MOVES: dict[str, tuple[frozenset[Any], frozenset[Any]]] = {
    "accept": (frozenset({("registered", "open")}), OVER | {("", "opened")}),
    "take up": (frozenset(), OVER),
    "send down": (frozenset(), OVER),
}
"""How status and stages may move; by all others they do not."""


@dataclass(frozen=True)
class Offer:
    id: Any
    kind: ReferralKind
    to: BodyFacts

    @property
    def moves_mediation(self) -> bool:
        return self.kind is not ReferralKind.INVITE


@dataclass(frozen=True)
class Crossing:
    """`why_not`: the names of the refusals that fit."""

    name: str
    why_not: Callable[[Account], Iterable[str]]
    events: Callable[[Any, Occasion], Iterable[Any]]
    offer: Offer | None = None


def offering(offer: Offer, told: Iterable[Any] = ()) -> Crossing:
    def why_not(account: Account) -> Iterable[str]:
        yield from ["NotAllowedNow"] if account.status not in UNTIL_CLOSED else []
        if offer.moves_mediation:
            yield from ["OfferGoesOn"] if any(account.offers.values()) or account.handed else []
            yield from ["AgreedAlready"] if account.active and account.active.stage == "agreed" else []
            yield from ["AlreadyResolved"] if account.resolved and not account.came_apart else []
        yield from ["RefusalStands"] if account.refusing(offer.to.channel or "") else []

    def events(case: Any, on: Occasion) -> Iterable[Any]:
        refuse_offer(case, offer.moves_mediation)
        refuse_refused(case, [offer.to])
        noted = CaseOffered(
            referral=offer.id, kind=offer.kind, to=(offer.to.id,), moves_mediation=offer.moves_mediation
        )
        return (*disclosures(case, told, [offer.to.id], Form.WRITTEN), noted)

    return Crossing("offer", why_not, events, offer)


def ending(offer: Offer) -> Crossing:
    ended = OfferEnded(referral=offer.id, how="rejected", bounced=True)
    return Crossing("reject", lambda _: (), lambda case, on: (ended,), offer)


def accepting(offer: Offer) -> Crossing:
    sender = SENDERS[offer.kind]

    def why_not(account: Account) -> Iterable[str]:
        if not offer.moves_mediation:
            joins = account.active is not None and account.active.stage in WITHOUT_AGREEMENT
            yield from [] if joins else ["NothingToJoin"]
            return
        yield from ["RefusalStands"] if account.refusing(offer.to.channel or "") else []
        mandate = "delegated" if offer.kind is ReferralKind.DELEGATE else ""
        taken = taken_from(account, mandate, {HAS_OF_IT[sender.kind]})
        yield from ["TakenByAnotherOrgan"] if taken and offer.to.channel == "people" else []
        kept_off = account.organ_keeps_off() - {HAS_OF_IT[sender.kind]}
        yield from ["NotBesideAnotherOrgan"] if kept_off and offer.to.channel == "administrative" else []
        yield from ["BothSidesNeeded"] if not account.has_both_sides() else []
        yield from ["AlreadyResolved"] if account.resolved and not account.came_apart else []
        yield from ["AgreedAlready"] if account.active and account.active.stage == "agreed" else []

    def events(case: Any, on: Occasion) -> Iterable[Any]:
        content = Slice(parties=tuple(case.parties)[:1] or (APPLICANT,))
        handed = CaseHandedOver(referral=offer.id, kind=offer.kind, to=offer.to.id, content=content)
        return accepted(case, handed, sender, on, on_platform=False)

    return Crossing("accept", why_not, events, offer)


def returning(offer: Offer) -> Crossing:
    def why_not(account: Account) -> Iterable[str]:
        going_on = [one for one in account.talks.values() if one.referral == offer.id and one.stage in ACTIVE]
        entrusted = [one for one in going_on if one.mandate == "entrusted" and one.stage == "agreed"]
        return ["NotConcluded"] if going_on and not entrusted else []

    def events(case: Any, on: Occasion) -> Iterable[Any]:
        found = [outcome_of(one) for one in case.mediations.values() if one.referral == offer.id]
        outcome = next((one for one in found if one), "withdrawn")
        refuse_return(case, offer.id, outcome)
        unresolved = offer.kind is ReferralKind.TRANSFER and outcome not in {"agreement", "self-settled"}
        return came_back(case, offer.id, outcome, SENDERS[offer.kind] if unresolved else None, on)

    return Crossing("return", why_not, events, offer)


def _waits(account: Account) -> Iterable[str]:
    yield from ["NotAllowedNow"] if account.status not in UNTIL_CLOSED else []
    yield from ["RequestGoesOn"] if "requested" in account.escalations.values() else []


def asking_above(id: Any) -> Crossing:
    began = EscalationBegan(escalation=id, phase=EscalationPhase.REQUESTED, body=TOWN.id)

    def events(case: Any, on: Occasion) -> Iterable[Any]:
        refuse_moving(case, "RequestEscalation")
        return (began,)

    return Crossing("ask above", _waits, events)


def taking_up(id: Any) -> Crossing:
    """Of what was asked for."""
    return Crossing("take up", _agreed, lambda case, on: taken_up(case, id, TOWN, on))


def _agreed(account: Account) -> Iterable[str]:
    return ["AgreedAlready"] if account.active and account.active.stage == "agreed" else []


def sending_back(id: Any) -> Crossing:
    over = EscalationOver(escalation=id, how="sent-back", bounced=True)
    return Crossing("send back", lambda _: (), lambda case, on: (over,))


def sending_down(id: Any) -> Crossing:
    """Of what was taken up, to where it arose."""
    over = EscalationOver(escalation=id, how="returned-down")

    def events(case: Any, on: Occasion) -> Iterable[Any]:
        return sent_down(case, id, COMMITTEE, MovedBy.RETURN, [over], on)

    def why_not(account: Account) -> Iterable[str]:
        return _agreed(account)

    return Crossing("send down", why_not, events)


def possible(account: Account, known: dict[Any, Offer], fresh: Any) -> list[Crossing]:
    """What the desks of other contexts may try now; `fresh`: the id of what would begin."""
    receivers = {
        ReferralKind.DELEGATE: ORGAN,
        ReferralKind.ENTRUST: TOWN,
        ReferralKind.TRANSFER: TOWN,
        ReferralKind.INVITE: ORGAN,
    }
    found = [offering(Offer(fresh, kind, to)) for kind, to in receivers.items()]
    for id in account.offers:
        found += [ending(known[id]), accepting(known[id]), accepting(known[id])]
    found += [returning(known[id]) for id in account.handed]
    found += [asking_above(fresh)] if account.status in UNTIL_CLOSED else []
    for id, phase in account.escalations.items():
        found += [taking_up(id), sending_back(id)] if phase == "requested" else [sending_down(id)]
    return found
