"""全貌 A matter at a moment as single facts, so that two moments can be laid side by side and compared fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from application.case.page import CasePage, MediationText
from application.escalation.row import EscalationCard
from application.referral.row import ReferralCard
from domain.case.mediations import Agreement, Mediation, SessionState
from domain.shared.calendar import local_day
from domain.shared.marks import holds_money

Section = Literal[
    "matter", "standing", "parties", "mediation", "promise", "papers", "deadlines", "referral", "escalation"
]


class Fact(NamedTuple):
    """Which fact of what: `subject` is a party's or a handover's id, a mediation's number, or empty for the matter."""

    section: Section
    subject: Any
    field: str


Picture = Mapping[Fact, Any]


@dataclass(frozen=True)
class FactChanged:
    fact: Fact
    was: Any
    now: Any


class Sum(int):
    """Money in 分. A fact is a value without a field: so the value says itself that it is money."""


OF_THE_PAGE = ("facts", "subcategory", "amount", "people")
OF_THE_MATTER = ("code", "category", "source", "risk", "risk_reported", "possible_crime", "difficulty")
STANDING = ("status", "result", "level", "highest", "holder", "place", "bounces", "performed", "follow_ups")
OF_A_PARTY = ("side", "represented_by", "rights_told", "identity_checked", "withdrawn")
OF_A_PERSON = ("name", "phone", "address", "identity_number", "head_count")
OF_A_MEDIATION = ("stage", "channel", "body", "mandate", "file_number", "ground", "consents", "recused", "joint")
OF_AN_AGREEMENT = ("form", "nature", "extent", "reached_at", "mediator_signed_at", "sealed_at", "confirmation")
OF_A_PROMISE = ("amount", "paid", "due", "done_at", "breached")
OF_A_REFERRAL = ("kind", "stage", "sender", "receivers", "accepted_by", "outcome", "due")
OF_AN_ESCALATION = ("kind", "stage", "ground", "below", "above", "reported", "urged", "due")

COUNTED = ("resolved_on", "merged_into", "mediators", "sessions_held", "terms", "signed_by")
"""Facts that no field holds as they are told."""
FIELDS = frozenset(
    {*OF_THE_PAGE, *OF_THE_MATTER, *STANDING, *OF_A_PARTY, *OF_A_PERSON, *OF_A_MEDIATION, *OF_AN_AGREEMENT}
    | {*OF_A_PROMISE, *OF_A_REFERRAL, *OF_AN_ESCALATION, *COUNTED}
)
"""What facts are named by, but for listed fields, which have their labels as fields, and for enums."""


def picture(read: CasePage, referrals: Iterable[ReferralCard], escalations: Iterable[EscalationCard]) -> Picture:
    """Without what says nothing: an empty text, a number of nothing, no."""
    told = {
        **_matter(read),
        **_parties(read),
        **_mediations(read),
        **{Fact("papers", "", paper): True for paper in read.state.papers},
        **{Fact("deadlines", one.mediation, one.what): one.day for one in read.deadlines},
        **{fact: value for one in referrals for fact, value in _of("referral", one.id, one, OF_A_REFERRAL)},
        **{fact: value for one in escalations for fact, value in _of("escalation", one.id, one, OF_AN_ESCALATION)},
    }
    return {fact: value for fact, value in told.items() if value not in NOTHING and not _is_empty(value)}


NOTHING = (None, "", 0, False)


def _is_empty(value: Any) -> bool:
    return isinstance(value, list | tuple | frozenset) and not value


def difference(one: Picture, other: Picture) -> list[FactChanged]:
    """From the one to the other, in the order of the other, what is gone at the end."""
    facts = [*other, *(fact for fact in one if fact not in other)]
    return [FactChanged(fact, one.get(fact), other.get(fact)) for fact in facts if one.get(fact) != other.get(fact)]


def _of(section: Section, subject: Any, thing: Any, names: Iterable[str]) -> Iterator[tuple[Fact, Any]]:
    for name in names:
        value = getattr(thing, name)
        is_sum = value is not None and holds_money(thing.__class__, name)
        yield Fact(section, subject, name), Sum(value) if is_sum else value


def _matter(read: CasePage) -> dict[Fact, Any]:
    case = read.state
    return {
        **dict(_of("matter", "", read, OF_THE_PAGE)),
        **{Fact("matter", "", name): value for name, value in read.listed.items()},
        **dict(_of("matter", "", case, OF_THE_MATTER)),
        **dict(_of("standing", "", case, STANDING)),
        Fact("standing", "", "resolved_on"): local_day(case.resolved_at) if case.resolved_at else None,
        Fact("standing", "", "merged_into"): case.merged_into,
    }


def _parties(read: CasePage) -> dict[Fact, Any]:
    found = dict[Fact, Any]()
    for id, party in read.state.parties.items():
        found |= dict(_of("parties", id, party.details, OF_A_PERSON))
        found |= dict(_of("parties", id, party, OF_A_PARTY))
    return found


def _mediations(read: CasePage) -> dict[Fact, Any]:
    found = dict[Fact, Any]()
    for number, mediation in read.state.mediations.items():
        found |= dict(_mediation(number, mediation, read.mediations.get(number, MediationText())))
    return found


def _mediation(number: int, one: Mediation, text: MediationText) -> Iterator[tuple[Fact, Any]]:
    yield from _of("mediation", number, one, OF_A_MEDIATION)
    yield Fact("mediation", number, "mediators"), tuple(one.mediators)
    held = sum(state is SessionState.HELD for state in one.sessions.values())
    yield Fact("mediation", number, "sessions_held"), held
    if text.agreement:
        yield Fact("mediation", number, "terms"), text.agreement.terms.text
    if one.agreement:
        yield from _agreement(number, one.agreement)


def _agreement(number: int, one: Agreement) -> Iterator[tuple[Fact, Any]]:
    yield from _of("mediation", number, one, OF_AN_AGREEMENT)
    yield Fact("mediation", number, "signed_by"), tuple(one.signed)
    for promise, state in one.obligations.items():
        yield from _of("promise", (number, promise), state, OF_A_PROMISE)
