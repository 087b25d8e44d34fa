"""When a command is refused, and by what name: each refusal with its rule, written by hand from the law.

It is read both ways: what was refused had this reason, and what was accepted had none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.shared.occasion import Occasion
from tests.case.account import WITHOUT_AGREEMENT, Account, Promised, Talks
from tests.case.histories import id_of
from tests.case.lawful import AMENDMENTS, STAGES, lawful_now

Reason = Callable[[Account, Any, Occasion], bool]
NEVER_AMENDED = frozenset(
    f"case.{name}"
    for name in ("entry_corrected", "entry_struck", "agreement_took_effect", "request_received", "request_dated")
)


def name_of(command: Any) -> str:
    return type(command).__name__


def talks_of(account: Account, command: Any) -> Talks:
    return account.talks[command.mediation]


def parties_named(command: Any) -> set[Any]:
    single = [getattr(command, field, None) for field in ("party", "requested_by")]
    several = [getattr(command, field, ()) for field in ("attended", "consented", "applicants", "parties")]
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
    return command.party in deal.signed if name_of(command) == "SignAgreement" else bool(done[name_of(command)])


def too_late_for_the_court(account: Account, command: Any, on: Occasion) -> bool:
    talks = talks_of(account, command)
    last = talks.last_day_for_the_court() if talks.deal else None
    return last is None or on.day > last


def court_answered(account: Account, command: Any, *as_yet: str) -> bool:
    deal = talks_of(account, command).deal
    return deal is None or deal.court in as_yet


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


def over(talks: Talks, command: Any) -> bool:
    return talks.sessions.get(command.session) == "held"


READY = ("StartMediation", "HoldSession", "ReachAgreement")
FIT = ("ProposeMediator", "ReplaceMediator")
SIGNING = ("SignAgreement", "SignAsMediator", "SealAgreement")
ANSWERS = ("GrantConfirmation", "DismissConfirmation")
REASONS: tuple[tuple[str, Iterable[str], Reason], ...] = (
    ("UnknownArea", ["RegisterCase"], lambda _, c, on: c.place not in on.areas),
    ("RequestAfterRegistration", ["RegisterCase"],
     lambda a, c, on: c.requested_at is not None and not a.requested and c.requested_at > on.occurred_at),
    ("OnlyTheGridSettlesOnTheSpot", ["RegisterCase"],
     lambda _, c, on: c.settled_on_the_spot and on.body.level != "grid"),
    ("MediationGoesOn", ["AcceptCase"], lambda a, c, on: a.active is not None),
    ("BothSidesNeeded", ["AcceptCase"], lambda a, c, on: not a.has_both_sides()),
    ("AlreadyResolved", ["AcceptCase"], lambda a, c, on: a.resolved and not a.came_apart),
    ("BodyDoesNotMediate", ["AcceptCase"], lambda a, c, on: on.body.channel is None),
    ("RefusalStands", ["AcceptCase"], lambda a, c, on: bool(a.refusing(on.body.channel))),
    ("TakenByAnotherOrgan", ["AcceptCase"],
     lambda a, c, on: bool(a.organs) and c.mandate == "own" and on.body.channel == "people"),
    ("RemediesNotTold", ["DeclineCase", "EndMediation"],
     lambda a, c, on: not c.remedies_told and c.because != "self-settled"),
    ("AgreementStands", ["WithdrawParty"], lambda a, c, on: a.active is not None and a.active.stage == "agreed"),
    ("LastOfTheSide", ["WithdrawParty"], lambda a, c, on: last_of_its_side(a, c)),
    ("NothingToConfirm", ["ConfirmDifficulty"], lambda a, c, on: a.proposal is None),
    ("SecondPersonNeeded", ["ConfirmDifficulty"], lambda a, c, on: a.proposal is not None and a.proposal[1] == on.by),
    ("SameAsBefore", ["RateDifficulty"], lambda a, c, on: c.difficulty == a.difficulty),
    ("NoMediationToAskFor", ["GiveConsent"], lambda a, c, on: c.subject.about == "closed-doors" and a.active is None),
    ("UnknownBody", ["GiveConsent"],
     lambda a, c, on: c.subject.about == "disclosure" and c.subject.body not in on.bodies),
    ("AgreementWasReached", ["RefuseMediation"],
     lambda a, c, on: a.active is not None and a.active.stage == "agreed" and a.active.channel == c.channel),
    ("NoConsentToWithdraw", ["WithdrawConsent"], lambda a, c, on: no_such_consent(a, c)),
    ("WasRecused", FIT, unfit(lambda talks, mediator, on: mediator in talks.recused)),
    ("AlreadyProposed", FIT, unfit(lambda talks, mediator, on: mediator in talks.mediators)),
    ("MediatorNotAMember", FIT, unfit(lambda talks, mediator, on: mediator not in on.body.members)),
    ("UnknownMediator",
     ["AcceptMediator", "AcknowledgeAssignment", "RecuseMediator", "ReplaceMediator", "SignAsMediator"],
     on_its_mediation(lambda talks, c: c.mediator not in talks.mediators)),
    ("UnknownParticipant", ["HoldSession"],
     on_its_mediation(lambda talks, c: not set(c.participants) <= talks.participants)),
    ("UnknownSession", ["HoldSession", "AdjournSession"],
     on_its_mediation(lambda talks, c: c.session is not None and c.session not in talks.sessions)),
    ("UnknownObligation", ["PerformObligation", "BreachObligation"], lambda a, c, on: promised(a, c) is None),
    ("NoSuchMediation", ["FilePaper"], lambda a, c, on: c.mediation is not None and c.mediation not in a.talks),
    ("ConsentMissing", ["JoinParticipant", "ExtendMediation"], without_consent_of_all),
    ("ConsentNeeded", READY, lambda a, c, on: bool(a.unwilling(talks_of(a, c)))),
    ("NoMediatorAccepted", READY, unready),
    ("PauseNotProvided", ["PauseMediation"],
     lambda a, c, on: talks_of(a, c).mandate != "delegated" and a.category != "medical"),
    ("NotLater", ["ExtendMediation"], lambda a, c, on: c.until <= (talks_of(a, c).conclude_by or on.day)),
    ("RefusedByParty", ["ScheduleSession"], lambda a, c, on: bool(a.refusing(talks_of(a, c).channel))),
    ("InThePast", ["ScheduleSession"], lambda a, c, on: c.at < on.occurred_at),
    ("InThePast", ["AdjournSession"], lambda a, c, on: c.to < on.occurred_at),
    ("SessionIsOver", ["HoldSession", "AdjournSession"], on_its_mediation(over)),
    ("NotPublic", ["HoldSession"], lambda a, c, on: c.public and bool(talks_of(a, c).closed_doors & a.present)),
    ("DueBeforeAgreement", ["ReachAgreement"],
     lambda a, c, on: any(one.due and one.due < on.day for one in c.obligations)),
    ("OralNotOnTheCourtsCases", ["ReachAgreement"],
     lambda a, c, on: c.form == "oral" and talks_of(a, c).of_the_court),
    ("ObligorIsNoParty", ["ReachAgreement"],
     lambda a, c, on: not {one.obligor for one in c.obligations} <= a.present),
    ("OralIsNotSigned", SIGNING, on_its_mediation(lambda talks, c: bool(talks.deal and talks.deal.form == "oral"))),
    ("AlreadySigned", SIGNING, lambda a, c, on: signed_already(a, c)),
    ("NotConfirmable", ["ApplyForConfirmation"], lambda a, c, on: talks_of(a, c).never_confirmed),
    ("ConfirmationGoesOn", ["ApplyForConfirmation"],
     lambda a, c, on: court_answered(a, c, "applied", "granted", "dismissed")),
    ("BothApplyTogether", ["ApplyForConfirmation"], lambda a, c, on: not a.present <= set(c.applicants)),
    ("TooLateToConfirm", ["ApplyForConfirmation"], too_late_for_the_court),
    ("NotAppliedFor", ANSWERS, lambda a, c, on: court_answered(a, c, "", "granted", "dismissed")),
    ("AlreadyPerformed", ["PerformObligation"], lambda a, c, on: bool(promised(a, c) and promised(a, c).done_at)),
    ("AlreadyPerformed", ["BreachObligation"], lambda a, c, on: bool(promised(a, c) and not promised(a, c).is_open)),
    ("MoreThanPromised", ["PerformObligation"], lambda a, c, on: c.amount is not None and c.amount > unpaid(a, c)),
    ("NotYetDue", ["BreachObligation"],
     lambda a, c, on: bool(promised(a, c) and promised(a, c).due and on.day <= promised(a, c).due)),
    ("StillMediated", ["CloseCase"], still_mediated),
    ("RiskNotReported", ["CloseCase"], lambda a, c, on: a.possible_crime and not a.reported),
    ("ObligationsOpen", ["CloseCase"], lambda a, c, on: bool(a.open_promises())),
    ("ResultDoesNotFit", ["CloseCase"], lambda a, c, on: not a.active and c.result not in a.fitting()),
    ("PapersMissing", ["ArchiveCase"], lambda a, c, on: a.missing_papers()),
    ("MediationMustEndFirst", ["MergeCase", "SplitCase"], still_mediated),
    ("IntoItself", ["MergeCase"], lambda a, c, on: c.into == id_of("case")),
    ("NobodyLeft", ["SplitCase"], lambda a, c, on: c.leave and not a.has_both_sides(c.parties)),
)  # fmt: skip
BY_OUTCOME = frozenset(
    {"BuiltUpon", "NotAField", "NothingChanges", "UnfitContent", "ConsentMissing", "MoreThanPromised"}
)
"""Why an amendment may be refused besides: what it may do is judged by the record that it leaves."""


def reasons(account: Account, command: Any, on: Occasion, standing: Mapping[int, Any]) -> set[str]:
    """Every reason to refuse it; none: it is lawful. `standing`: the lines of the record by version."""
    name = name_of(command)
    if name in STAGES and command.mediation not in account.talks:
        return {"NoSuchMediation"}
    if not lawful_now(account, command):
        return {"NotAllowedNow"}
    found = {reason for reason, of, broken in REASONS if name in of and broken(account, command, on)}
    general = {
        "InTheFuture": max(on.occurred_at, getattr(command, "happened_at", None) or on.occurred_at) > on.now,
        "BeforeWhatItBuildsOn": too_early(account, command, on),
        "UnknownParty": stranger_named(account, command, on),
    }
    found |= {reason for reason, broken in general.items() if broken}
    return found | (amending(command, standing) if name in AMENDMENTS else set())


def amending(command: Any, standing: Mapping[int, Any]) -> set[str]:
    named = command.entries if name_of(command) == "StrikeEntry" else (command.entry,)
    found = [standing.get(version) for version in named]
    missing = {"NoSuchEntry"} if None in found else set()
    return missing | {"NotToBeAmended" for line in found if line and line[0].name in NEVER_AMENDED}
