"""The rules one by one, as the table of reasons asks them: written by hand from the law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from domain.shared.calendar import add_months
from domain.shared.occasion import Occasion
from tests.oracle.account import OF_THE_COURT, WITHOUT_AGREEMENT, Account, Matter, Promised, Talks, day_of
from tests.oracle.lawful import STAGES

Reason = Callable[[Account, Any, Occasion], bool]


def name_of(command: Any) -> str:
    return type(command).__name__


def talks_of(account: Account, command: Any) -> Talks:
    return account.talks[command.mediation]


def parties_named(command: Any) -> set[Any]:
    single = [getattr(command, field, None) for field in ("party", "requested_by", "applicant")]
    several = [getattr(command, field, ()) for field in ("attended", "consented", "applicants", "parties", "signed")]
    named = {*single, *(one for many in several for one in many)}
    return set() if name_of(command) == "RegisterCase" else named - {None}


def stranger_named(account: Account, command: Any, on: Occasion) -> bool:
    speaks_for = {*account.sides, *account.represented_by.values()}
    return not parties_named(command) <= account.present or not {on.on_behalf_of} - {None} <= speaks_for


def last_moves(account: Account) -> Iterator[datetime]:
    yield from (talks.since for talks in account.talks.values())
    yield from (part.done_at for deal in account.deals for part in deal.promises.values() if part.done_at)


def founded(account: Account, command: Any) -> datetime | None:
    """When that was which the command builds on."""
    name = name_of(command)
    if name == "PerformObligation":
        deal = talks_of(account, command).deal
        return deal.reached_at if deal else None
    if name in STAGES:
        return talks_of(account, command).since
    if name in {"AcceptCase", "CloseCase", "MergeCase"}:
        return max([*({account.since} - {None}), *last_moves(account)], default=None)
    return account.since


def too_early(account: Account, command: Any, on: Occasion) -> bool:
    since = founded(account, command)
    if since and on.occurred_at < since:
        return True
    if name_of(command) == "EndProceedings" and (matter := matter_of(account, command)):
        return on.occurred_at < matter.at
    active = account.active
    to_mediation = name_of(command) == "GiveConsent" and command.subject.about == "mediation"
    return bool(
        to_mediation and active and active.channel == command.subject.channel and on.occurred_at < active.opened_at
    )


def promised(account: Account, command: Any) -> Promised | None:
    deal = talks_of(account, command).deal
    return deal.promises.get(command.obligation) if deal else None


def unpaid(account: Account, command: Any) -> int:
    part = promised(account, command)
    return part.amount - part.paid if part else 0


def last_of_its_side(account: Account, command: Any) -> bool:
    side = account.sides.get(command.party)
    others = {account.sides[one] for one in account.present - {command.party}}
    return account.active is not None and side != "third" and side not in others


def no_such_consent(account: Account, command: Any) -> bool:
    party, subject, talks = command.party, command.subject, account.active
    if subject.about == "disclosure":
        return (party, subject.body) not in account.disclosed
    if talks is None:
        return True
    if subject.about == "closed-doors":
        return party not in talks.closed_doors
    return party not in talks.consents or talks.channel != subject.channel or talks.stage not in WITHOUT_AGREEMENT


def signed_already(account: Account, command: Any) -> bool:
    deal = talks_of(account, command).deal
    if deal is None:
        return False
    done = {"SignAsMediator": deal.mediator_signed, "SealAgreement": deal.sealed}
    return (
        command.party in deal.signed
        if name_of(command) in {"SignAgreement", "RefuseToSign"}
        else bool(done[name_of(command)])
    )


def too_late_for_the_court(account: Account, command: Any, on: Occasion) -> bool:
    talks = talks_of(account, command)
    last = talks.last_day_for_the_court() if talks.deal else None
    return last is None or on.day > last


def court_answered(account: Account, command: Any, *as_yet: str) -> bool:
    deal = talks_of(account, command).deal
    return deal is None or deal.court in as_yet


def admitted(account: Account, command: Any) -> bool:
    deal = talks_of(account, command).deal
    return deal is None or deal.decide is not None


MORE = {"suit-ordinary": 6, "suit-summary": 1, "suit-small": 1}
"""Months that the head of a court may grant."""


def longest(account: Account, command: Any, on: Occasion) -> date | None:
    """The last day to which the organ's law lets its time be extended, once; None: not at all."""
    matter = matter_of(account, command)
    if matter is None or matter.clock is None or matter.extended:
        return None
    if matter.step in MORE:
        return on.calendar.first_working_day_from(add_months(matter.clock.day, MORE[matter.step]))
    if matter.step in {"petition-accepted", "police-case"}:
        return on.calendar.first_working_day_from(matter.clock.day + timedelta(days=30))
    return None


def is_longer_as_allowed(account: Account, command: Any, on: Occasion) -> bool:
    matter, last = matter_of(account, command), longest(account, command, on)
    return bool(matter and matter.clock and last and matter.clock.day < command.until <= last)


def names_no_body(account: Account, command: Any, on: Occasion) -> bool:
    named = getattr(command, "sender", None) or getattr(command, "court_body", None)
    return named is not None and named not in on.bodies


DESKS = {"court": "court", "police": "police", "petition": "petition", "organ": "administrative"}
"""The organ that a desk of each kind is."""


def sent_by_another(account: Account, command: Any, on: Occasion) -> bool:
    """A letter is of the organ that is named as its sender; of arbitration and others there are no desks."""
    if command.sender not in on.bodies or command.organ not in DESKS.values():
        return False
    kind = on.bodies[command.sender].kind
    return DESKS.get("organ" if kind == "centre" else kind) != command.organ


def asks_no_court(command: Any, on: Occasion) -> bool:
    return command.court_body in on.bodies and on.bodies[command.court_body].kind != "court"


def accepts_on_own_letter(account: Account, command: Any, on: Occasion) -> bool:
    """Of several letters, another officer's is enough."""
    filed = [by for title, _, by in account.letters if title == command.mandate]
    return bool(filed) and set(filed) == {on.by}


def owes(account: Account, command: Any) -> bool:
    deal = talks_of(account, command).deal
    return bool(deal and any(one.done_at is None for one in deal.promises.values()))


def too_late_to_enforce(account: Account, command: Any, on: Occasion) -> bool:
    deal = talks_of(account, command).deal
    return bool(deal and deal.enforce and on.day > deal.enforce.day)


def is_ten_days_at_most(account: Account, command: Any, on: Occasion) -> bool:
    deal = talks_of(account, command).deal
    if deal is None or deal.decide is None:
        return True  # that is another reason
    last = on.calendar.first_working_day_from(deal.decide.day + timedelta(days=10))
    return bool(deal.decide.day < command.until <= last)


def is_in_its_time(account: Account, command: Any, on: Occasion) -> bool:
    matter = matter_of(account, command)
    if matter is None or matter.clock is None:
        return True
    return bool(day_of(matter.at) <= command.first_day <= command.last_day <= min(on.day, matter.clock.day))


def heard_already(account: Account, command: Any, on: Occasion) -> bool:
    matter = matter_of(account, command)
    days = {command.first_day + timedelta(days=one) for one in range((command.last_day - command.first_day).days + 1)}
    return bool(matter and days and days <= matter.heard)


def is_reviewed(matter: Matter | None) -> bool:
    return bool(matter and matter.step == "petition-review" and matter.clock)


def of_the_road(talks: Talks) -> bool:
    own = talks.channel == "administrative" and talks.mandate in {"own", "transferred"}
    return own and talks.category == "traffic"


def settled_between(account: Account, command: Any, on: Occasion) -> bool:
    talks, day = talks_of(account, command), command.harm_settled_on
    return day is None or not of_the_road(talks) or bool(day_of(talks.opened_at) <= day <= on.day)


def unready(account: Account, command: Any, _: Occasion) -> bool:
    return not account.accepted_mediators(talks_of(account, command))


def without_consent_of_all(account: Account, command: Any, _: Occasion) -> bool:
    return not account.present <= set(command.consented)


def unfit(rule: Callable[[Talks, Any, Occasion], bool]) -> Reason:
    """Of the mediator who is proposed or succeeds."""
    return lambda account, command, on: rule(
        talks_of(account, command), getattr(command, "successor", None) or command.mediator, on
    )


def still_mediated(account: Account, command: Any, _: Occasion) -> bool:
    return account.active is not None and getattr(command, "leave", True)


def on_its_mediation(rule: Callable[[Talks, Any], bool]) -> Reason:
    return lambda account, command, _: rule(talks_of(account, command), command)


def on_its_mediation_of(rule: Callable[[Account, Talks, Any], bool]) -> Reason:
    return lambda account, command, _: rule(account, talks_of(account, command), command)


def unsigned(talks: Talks, command: Any) -> bool:
    """An oral agreement is not signed; what a court delegated or entrusted is, in the record (特邀 24)."""
    return bool(talks.deal and talks.deal.form == "oral" and talks.mandate not in OF_THE_COURT)


def over(talks: Talks, command: Any) -> bool:
    return talks.sessions.get(command.session) == "held"


def taken_from(account: Account, mandate: str, lifted: set[str | None] | frozenset[str]) -> bool:
    """Whether another organ has it that does not hand it over so; what is filed is entrusted, not delegated."""
    filed = mandate == "delegated" and any(one.is_filed for one in account.matters.values())
    return bool(account.taken_by() - lifted) or filed


def matter_of(account: Account, command: Any) -> Matter | None:
    return account.matters.get(command.matter)


def runs_out(account: Account, command: Any, on: Occasion) -> bool:
    clock = account.clocks().get(str(command.clock))
    return clock is not None and clock.day == command.day and clock.is_over(on.now)


def can_be_fixed(account: Account, command: Any, on: Occasion) -> bool:
    clock = account.clocks().get(str(command.clock))
    return clock is not None and clock.provisional and clock.day <= on.calendar.published_until


def is_such_an_organ(body: Any, recipient: str) -> bool:
    """Police, court and petition office are what they are called; any other organ is an organ's or a centre's desk."""
    own = {"police", "court", "petition"}
    return body.kind == recipient if recipient in own else body.kind in {"organ", "centre"}


def says_nothing_new(account: Account, command: Any) -> bool:
    """A correction of a party by what is known of them already."""
    known = account.known_as[command.party]
    told = ((name, getattr(command, name)) for name in ("name", "phone", "address", "identity_number", "head_count"))
    return all(value is None or value == getattr(known, name) for name, value in told)
