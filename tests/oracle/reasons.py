"""When a command is refused, and by what name: each refusal with its rule, written by hand from the law.

It is read both ways: what was refused had this reason, and what was accepted had none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from domain.shared.occasion import Occasion
from domain.shared.references import references
from tests.case.histories import id_of
from tests.oracle.account import Account, Talks
from tests.oracle.lawful import AMENDMENTS, LIFTS, ORGANS, STAGES, lawful_now
from tests.oracle.rules import (
    Reason,
    accepts_on_own_letter,
    admitted,
    asks_no_court,
    can_be_fixed,
    court_answered,
    heard_already,
    is_in_its_time,
    is_longer_as_allowed,
    is_reviewed,
    is_such_an_organ,
    is_ten_days_at_most,
    last_of_its_side,
    longest,
    matter_of,
    name_of,
    names_no_body,
    no_such_consent,
    of_the_road,
    on_its_mediation,
    on_its_mediation_of,
    over,
    owes,
    promised,
    runs_out,
    says_nothing_new,
    sent_by_another,
    settled_between,
    signed_already,
    still_mediated,
    stranger_named,
    taken_from,
    talks_of,
    too_early,
    too_late_for_the_court,
    too_late_to_enforce,
    unfit,
    unpaid,
    unready,
    unsigned,
    without_consent_of_all,
)

NEVER_AMENDED = frozenset(
    f"case.{name}"
    for name in (
        *(
            "entry_corrected",
            "entry_struck",
            "agreement_took_effect",
            "mediation_consented",
            "request_received",
            "request_dated",
        ),
        *(
            "mediation_stopped",
            "offered",
            "offer_ended",
            "handed_over",
            "joint_body_joined",
            "referral_came_back",
            "holder_changed",
        ),
        *("taken_in", "split", "escalation_began", "escalation_over", "clock_ran_out", "due_fixed"),
    )
)


STEPS: dict[str, frozenset[str]] = {
    **dict.fromkeys(ORGANS, frozenset()),
    "administrative": frozenset({"accepted-by-organ", "appeal-above"}),
    "court": frozenset({"suit-received", "suit-ordinary", "suit-summary", "suit-small"}),
    "police": frozenset({"police-case"}),
    "petition": frozenset({"petition-received", "petition-accepted", "petition-answered", "petition-review"}),
}
READY = ("StartMediation", "HoldSession", "ReachAgreement")
APPOINTING = ("ProposeMediator", "ReplaceMediator")
"""The commands that name a mediator who is to be fit."""
SIGNING = ("SignAgreement", "SignAsMediator", "SealAgreement", "RefuseToSign")
GOING_ON = (
    *("SignAgreement", "SignAsMediator", "SealAgreement", "RecordCourtDocument", "AmendAgreement"),
    *("ScheduleSession", "AdjournSession", "ResumeMediation"),
)
"""What carries the mediation on, or its agreement, beside what needs the consent of all."""
ANSWERS = (
    *("AdmitConfirmation", "GrantConfirmation", "DismissConfirmation"),
    *("ExtendConfirmation", "WithdrawConfirmation"),
)
REASONS: tuple[tuple[str, Iterable[str], Reason], ...] = (
    ("UnknownArea", ["RegisterCase"], lambda _, c, on: c.place not in on.areas),
    ("RequestAfterRegistration", ["RegisterCase"],
     lambda a, c, on: c.requested_at is not None and not a.requested and c.requested_at > on.occurred_at),
    ("OnlyTheGridSettlesOnTheSpot", ["RegisterCase"],
     lambda _, c, on: c.settled_on_the_spot and on.body.level != "grid"),
    ("MediationGoesOn", ["AcceptCase"], lambda a, c, on: a.active is not None),
    ("BothSidesNeeded", ["AcceptCase"], lambda a, c, on: not a.has_both_sides()),
    ("AlreadyResolved", ["AcceptCase"], lambda a, c, on: a.resolved and not a.came_apart),
    ("OnlyOnACourtsPlatform", ["AcceptCase"],
     lambda a, c, on: c.on_platform and c.mandate not in {"delegated", "entrusted"} and on.body.kind != "court"),
    ("BodyDoesNotMediate", ["AcceptCase"], lambda a, c, on: on.body.channel is None),
    ("RefusalStands", ["AcceptCase"], lambda a, c, on: bool(a.refusing(on.body.channel))),
    ("TakenByAnotherOrgan", ["AcceptCase"],
     lambda a, c, on: on.body.channel == "people"
     and taken_from(a, c.mandate, a.lifted_for(c.mandate, LIFTS[c.mandate]))),
    ("NotBesideAnotherOrgan", ["AcceptCase"],
     lambda a, c, on: on.body.channel == "administrative"
     and bool(a.organ_keeps_off() - a.lifted_for(c.mandate, LIFTS[c.mandate]))),
    ("NoLetterOfThatKind", ["FileHandoverLetter"],
     lambda a, c, on: c.mandate == "own" or (c.organ == "court") != (c.mandate in {"delegated", "entrusted"})),
    ("NoLetterOfThatKind", ["FileHandoverLetter"], sent_by_another),
    ("DelegatingCourtNotNamed", ["FileHandoverLetter"], lambda a, c, on: c.mandate == "delegated" and not c.sender),
    ("CourtNotNamed", ["ApplyForConfirmation"],
     lambda a, c, on: talks_of(a, c).mandate == "delegated" and not c.court_body),
    ("UnknownBody", ["FileHandoverLetter", "ApplyForConfirmation"], names_no_body),
    ("HandoverNotOnFile", ["AcceptCase"],
     lambda a, c, on: c.mandate != "own" and not a.is_founded(c.mandate)),
    ("SecondOfficerAccepts", ["AcceptCase"], lambda a, c, on: accepts_on_own_letter(a, c, on)),
    ("NoCourt", ["ApplyForConfirmation"], lambda a, c, on: asks_no_court(c, on)),
    ("OtherCourt", ["ApplyForConfirmation"],
     lambda a, c, on: talks_of(a, c).mandate == "delegated" and talks_of(a, c).sender not in (None, c.court_body)),
    ("RemediesNotTold", ["DeclineCase", "EndMediation"],
     lambda a, c, on: not c.remedies_told and c.because != "self-settled"),
    ("EndsByItself", ["EndMediation"], lambda a, c, on: c.because in {"referred", "escalated", "time-limit"}),
    ("RemediesToldAlready", ["TellRemedies"], lambda a, c, on: talks_of(a, c) not in a.untold()),
    ("StepOfAnotherOrgan", ["NoteProceedings"], lambda a, c, on: c.step is not None and c.step not in STEPS[c.organ]),
    ("NoSuchMatter", ["EndProceedings", "ExtendMatter", "RecordHearing"], lambda a, c, on: matter_of(a, c) is None),
    ("NotExtendable", ["ExtendMatter"], lambda a, c, on: matter_of(a, c) is not None and longest(a, c, on) is None),
    ("LongerThanAllowed", ["ExtendMatter"], lambda a, c, on: not is_longer_as_allowed(a, c, on)),
    ("ReasonsNotTold", ["ExtendMatter"],
     lambda a, c, on: matter_of(a, c) is not None and matter_of(a, c).organ == "petition" and not c.reasons_told),
    ("FixedByLaw", ["ExtendMediation"], lambda a, c, on: talks_of(a, c).fixed_by_law),
    ("MatterIsOver", ["EndProceedings", "ExtendMatter", "RecordHearing"],
     lambda a, c, on: bool(matter_of(a, c) and matter_of(a, c).over)),
    ("OnlyCourtOrPoliceGuide", ["GuideParties"], lambda a, c, on: on.body.kind not in {"court", "police"}),
    ("UnknownBody", ["GuideParties"], lambda a, c, on: c.to is not None and c.to not in on.bodies),
    ("GuidedToCommittees", ["GuideParties"],
     lambda a, c, on: c.to in on.bodies and on.bodies[c.to].channel != "people"),
    ("NotRunningOut", ["LetClockRunOut"], lambda a, c, on: not runs_out(a, c, on)),
    ("NotRunningOut", ["FixDue"], lambda a, c, on: not can_be_fixed(a, c, on)),
    ("RemediesFirst", ["CloseCase"], lambda a, c, on: any(one.ground == "time-limit" for one in a.untold())),
    ("RemediesFirstAfterSuit", ["CloseCase"], lambda a, c, on: any(one.ground == "to-court" for one in a.untold())),
    ("RightsNotTold", READY, lambda a, c, on: not a.present <= a.rights_told),
    ("MediatorNotAccepted", ["SignAsMediator", "AmendAgreement"],
     on_its_mediation_of(lambda a, talks, c: not a.present <= talks.mediators.get(c.mediator, a.present))),
    ("StillOnItsWay", ["CloseCase", "MergeCase", "DeclineCase"], lambda a, c, on: a.on_its_way()),
    ("AgreementStands", ["WithdrawParty"], lambda a, c, on: a.active is not None and a.active.stage == "agreed"),
    ("LastOfTheSide", ["WithdrawParty"], lambda a, c, on: last_of_its_side(a, c)),
    ("NoRoadAccident", ["RecordAccidentFinding"], lambda a, c, on: a.category != "traffic"),
    ("NothingToCorrect", ["CorrectParty"], lambda a, c, on: c.party in a.known_as and says_nothing_new(a, c)),
    ("InTheFuture", ["RecordAccidentFinding"], lambda a, c, on: c.received_on > on.day),
    ("OnlyOrgansSendOn", ["FindOutOfOffice"], lambda a, c, on: on.body.channel != "administrative"),
    ("OnlyBeforeACourt", ["AgreeToMediateOnline"], lambda a, c, on: on.body.kind != "court"),
    ("NoSuchReport", ["AnswerRiskReport"],
     lambda a, c, on: c.report not in a.reports or a.reports[c.report][2] or a.reports[c.report][0] != on.body.id),
    ("ReportedToOneself", ["ReportRisk"], lambda a, c, on: c.recipient_body == on.body.id),
    ("DeskOfAnotherKind", ["ReportRisk"],
     lambda a, c, on: c.recipient_body in on.bodies and not is_such_an_organ(on.bodies[c.recipient_body], c.recipient)),
    ("UnknownBody", ["ReportRisk"],
     lambda a, c, on: c.recipient_body is not None and c.recipient_body not in on.bodies),
    ("DeskToBeNamed", ["ReportRisk"],
     lambda a, c, on: not c.recipient_body and c.recipient == "police" and on.body.kind != "police"),
    ("NothingToConfirm", ["ConfirmDifficulty"], lambda a, c, on: a.proposal is None),
    ("SecondPersonNeeded", ["ConfirmDifficulty"], lambda a, c, on: a.proposal is not None and a.proposal[1] == on.by),
    ("SameAsBefore", ["RateDifficulty"], lambda a, c, on: c.difficulty == a.difficulty),
    ("NoMediationToAskFor", ["GiveConsent"], lambda a, c, on: c.subject.about == "closed-doors" and a.active is None),
    ("UnknownBody", ["GiveConsent"],
     lambda a, c, on: c.subject.about == "disclosure" and c.subject.body not in on.bodies),
    ("AgreementWasReached", ["RefuseMediation"],
     lambda a, c, on: a.active is not None and a.active.stage == "agreed" and a.active.channel == c.channel),
    ("NoConsentToWithdraw", ["WithdrawConsent"], lambda a, c, on: no_such_consent(a, c)),
    ("WasRecused", APPOINTING, unfit(lambda talks, mediator, on: mediator in talks.recused)),
    ("AlreadyProposed", APPOINTING, unfit(lambda talks, mediator, on: mediator in talks.mediators)),
    ("MediatorNotAMember", APPOINTING, unfit(lambda talks, mediator, on: mediator not in on.body.members)),
    ("NoSuchMediation", ["FilePaper"], lambda a, c, on: c.mediation is not None and c.mediation not in a.talks),
    ("ConsentMissing", ["JoinParticipant", "ExtendMediation"], without_consent_of_all),
    ("ConsentNeeded", READY, lambda a, c, on: bool(a.unwilling(talks_of(a, c)))),
    ("NoMediatorAccepted", READY, unready),
    ("PauseNotProvided", ["PauseMediation"], lambda a, c, on: not a.has_a_pause(talks_of(a, c))),
    ("NotLater", ["ExtendMediation"], lambda a, c, on: c.until <= (talks_of(a, c).conclude_by or on.day)),
    ("RefusedByParty", ["ScheduleSession", "AdjournSession"],
     lambda a, c, on: bool(a.not_to_be_summoned(talks_of(a, c)))),
    ("InThePast", ["ScheduleSession"], lambda a, c, on: c.at < on.occurred_at),
    ("InThePast", ["AdjournSession"], lambda a, c, on: c.to < on.occurred_at),
    ("SessionIsOver", ["HoldSession", "AdjournSession"], on_its_mediation(over)),
    ("NotPublic", ["HoldSession"], lambda a, c, on: c.public and bool(talks_of(a, c).closed_doors & a.present)),
    ("DueBeforeAgreement", ["ReachAgreement", "AmendAgreement"],
     lambda a, c, on: any(one.due and one.due < on.day for one in c.obligations)),
    ("WrittenFormNeeded", ["ReachAgreement"],
     lambda a, c, on: c.form == "oral" and a.is_in_writing(talks_of(a, c))),
    ("WrittenFormNeeded", ["ClassifyCase"], lambda a, c, on: a.spoken_against(c.category)),
    ("ObligorIsNoParty", ["ReachAgreement", "AmendAgreement"],
     lambda a, c, on: not {one.obligor for one in c.obligations} <= a.present),
    ("OralIsNotSigned", SIGNING, on_its_mediation(unsigned)),
    ("AlreadySigned", SIGNING, lambda a, c, on: signed_already(a, c)),
    ("NotConfirmable", ["ApplyForConfirmation"], lambda a, c, on: talks_of(a, c).never_confirmed),
    ("ConfirmationGoesOn", ["ApplyForConfirmation"],
     lambda a, c, on: court_answered(a, c, "applied", "granted", "dismissed", "revoked")),
    ("BothApplyTogether", ["ApplyForConfirmation"], lambda a, c, on: not a.present <= set(c.applicants)),
    ("TooLateToConfirm", ["ApplyForConfirmation"], too_late_for_the_court),
    ("AdmittedAlready", ["AdmitConfirmation"], lambda a, c, on: admitted(a, c)),
    ("NotAppliedFor", ANSWERS, lambda a, c, on: court_answered(a, c, "", "granted", "dismissed", "revoked")),
    ("NotAdmittedYet", ["ExtendConfirmation"], lambda a, c, on: not admitted(a, c)),
    ("DecisionExtendedAlready", ["ExtendConfirmation"],
     lambda a, c, on: bool(talks_of(a, c).deal and talks_of(a, c).deal.decide_extended)),
    ("LongerThanTenDays", ["ExtendConfirmation"], lambda a, c, on: not is_ten_days_at_most(a, c, on)),
    ("OnlyOfAReview", ["RecordHearing"], lambda a, c, on: bool(matter_of(a, c)) and not is_reviewed(matter_of(a, c))),
    ("HeardAlready", ["RecordHearing"], heard_already),
    ("HearingOutside", ["RecordHearing"], lambda a, c, on: not is_in_its_time(a, c, on)),
    ("OnlyOfRoadAccidents", ["StartMediation"],
     lambda a, c, on: c.harm_settled_on is not None and not of_the_road(talks_of(a, c))),
    ("SettledBetween", ["StartMediation"], lambda a, c, on: not settled_between(a, c, on)),
    ("AmendmentUnsigned", ["AmendAgreement"], lambda a, c, on: not a.present <= set(c.signed)),
    ("RuledUpon", ["AmendAgreement"], lambda a, c, on: court_answered(a, c, "applied", "granted", "revoked")),
    ("NothingOwed", ["SeekRemedy"], lambda a, c, on: not owes(a, c)),
    ("RemedyPending", ["SeekRemedy"], lambda a, c, on: bool(talks_of(a, c).deal and talks_of(a, c).deal.remedy)),
    ("NoRemedyPending", ["DecideRemedy"],
     lambda a, c, on: not (talks_of(a, c).deal and talks_of(a, c).deal.remedy)),
    ("NoLabourDispute", ["SeekRemedy"], lambda a, c, on: c.remedy == "payment-order" and a.category != "labour"),
    ("NotConfirmedYet", ["SeekRemedy"],
     lambda a, c, on: c.remedy == "enforcement" and not court_answered(a, c, "granted")),
    ("TooLateToEnforce", ["SeekRemedy"], lambda a, c, on: c.remedy == "enforcement" and too_late_to_enforce(a, c, on)),
    ("NotGranted", ["RevokeConfirmation"], lambda a, c, on: not court_answered(a, c, "granted")),
    ("AlreadyPerformed", ["PerformObligation"], lambda a, c, on: bool(promised(a, c) and promised(a, c).done_at)),
    ("AlreadyPerformed", ["BreachObligation"], lambda a, c, on: bool(promised(a, c) and not promised(a, c).is_open)),
    ("MoreThanPromised", ["PerformObligation"], lambda a, c, on: c.amount is not None and c.amount > unpaid(a, c)),
    ("NotYetDue", ["BreachObligation"],
     lambda a, c, on: bool(promised(a, c) and promised(a, c).due and on.day <= promised(a, c).due)),
    ("StillMediated", ["CloseCase"], lambda a, c, on: a.active is not None and a.active.stage != "agreed"),
    ("SignaturesMissing", ["CloseCase"], lambda a, c, on: a.active is not None and a.active.stage == "agreed"),
    ("RiskNotReported", ["CloseCase", "DeclineCase", "MergeCase", *READY, *GOING_ON],
     lambda a, c, on: a.possible_crime and not a.reported),
    ("ObligationsOpen", ["CloseCase"], lambda a, c, on: bool(a.open_promises())),
    ("ResultDoesNotFit", ["CloseCase"], lambda a, c, on: not a.active and c.result not in a.fitting()),
    ("PapersMissing", ["ArchiveCase"], lambda a, c, on: a.missing_papers()),
    ("MediationMustEndFirst", ["MergeCase", "SplitCase"], still_mediated),
    ("IntoItself", ["MergeCase"], lambda a, c, on: c.into == id_of("case")),
    ("NobodyLeft", ["SplitCase"], lambda a, c, on: c.leave and not a.has_both_sides(c.parties)),
)  # fmt: skip
POINTED_AT: Mapping[str, tuple[str, Callable[[Talks], Container[Any]]]] = {
    "mediator": ("UnknownMediator", lambda talks: talks.mediators),
    "participant": ("UnknownParticipant", lambda talks: talks.participants),
    "session": ("UnknownSession", lambda talks: talks.sessions),
    "obligation": ("UnknownObligation", lambda talks: talks.deal.promises if talks.deal else ()),
}
"""What a command points at by the type of a field, and how it is refused where its mediation has no such thing."""
BY_OUTCOME = frozenset(
    {
        *("BuiltUpon", "NotAField", "NothingChanges", "UnfitContent", "ConsentMissing", "MoreThanPromised"),
        *("EndsByItself", "UnknownArea", "UnknownBody", "PlaceElsewhere"),
    }
)
"""Why an amendment may be refused besides: what it may do is judged by the record that it leaves."""


def reasons(account: Account, command: Any, on: Occasion, standing: Mapping[int, Any]) -> set[str]:
    """Every reason to refuse it; none: it is lawful. `standing`: the lines of the record by version."""
    name = name_of(command)
    if name in STAGES and command.mediation not in account.talks:
        return {"NoSuchMediation"}
    if not lawful_now(account, command):
        return {lacking(account, command, on) or "NotAllowedNow"}
    found = {reason for reason, of, broken in REASONS if name in of and broken(account, command, on)}
    general = {
        "InTheFuture": max(on.occurred_at, getattr(command, "happened_at", None) or on.occurred_at) > on.now,
        "BeforeWhatItBuildsOn": too_early(account, command, on),
        "UnknownParty": stranger_named(account, command, on),
    }
    found |= {reason for reason, broken in general.items() if broken}
    found |= set(pointing_at_nothing(account, command))
    return found | (amending(command, standing) if name in AMENDMENTS else set())


IN_ORDER = ("opened", "consented", "under-way", "paused", "agreed", "in-effect")
NAMING_PARTIES = ("ConsentNeeded", "NoMediatorAccepted", "RightsNotTold")


def lacking(account: Account, command: Any, on: Occasion) -> str | None:
    """What its stage waits for of the parties, where that is still to come (人民调解法 17, 19, 23, 29)."""
    name = name_of(command)
    stage = account.talks[command.mediation].stage if name in STAGES and account.status == "open" else "ended"
    if stage == "agreed" and "in-effect" in STAGES[name]:
        return "SignaturesMissing"
    if stage == "ended" or name not in READY or (account.possible_crime and not account.reported):
        return None
    if not any(IN_ORDER.index(stage) < IN_ORDER.index(one) for one in STAGES[name]):
        return None
    rules = {reason: broken for reason, of, broken in REASONS if reason in NAMING_PARTIES}
    return next((reason for reason in NAMING_PARTIES if rules[reason](account, command, on)), None)


def pointing_at_nothing(account: Account, command: Any) -> Iterator[str]:
    for _, kind, one in references(command):
        if kind in POINTED_AT and one not in POINTED_AT[kind][1](talks_of(account, command)):
            yield POINTED_AT[kind][0]


def amending(command: Any, standing: Mapping[int, Any]) -> set[str]:
    named = command.entries if name_of(command) == "StrikeEntry" else (command.entry,)
    found = [standing.get(version) for version in named]
    missing = {"NoSuchEntry"} if None in found else set()
    return missing | {"NotToBeAmended" for line in found if line and stands_by_itself(line[0])}


def stands_by_itself(event: Any) -> bool:
    """What another history tells as well, what follows by itself, and what is never changed."""
    ended_elsewhere = getattr(event, "ground", "") in {"referred", "escalated", "time-limit"}
    return event.name in NEVER_AMENDED or ended_elsewhere or getattr(event, "referral", None) is not None
