"""The table of lawful moves, written by hand from the law and not from the code: twice on purpose."""

from __future__ import annotations

from typing import Any

from tests.oracle.account import ACTIVE, CONCLUDING, WITHOUT_AGREEMENT, Account

UNTIL_CLOSED = frozenset({"registered", "open"})
UNTIL_ARCHIVED = UNTIL_CLOSED | {"closed"}
ONCE_RECORDED = UNTIL_ARCHIVED | {"received", "archived", "merged"}

CLOCKS = frozenset({"LetClockRunOut", "FixDue"})
"""What the clock asks, and nobody else."""
STATUSES: dict[str, frozenset[str]] = {
    "ReceiveRequest": frozenset({"new"}),
    "RegisterCase": frozenset({"new", "received"}),
    "DeclineCase": frozenset({"registered"}),
    "FollowUp": frozenset({"open", "closed"}),
    "RecordSatisfaction": frozenset({"open", "closed"}),
    "ReopenCase": frozenset({"closed", "archived"}),
    "ArchiveCase": frozenset({"closed"}),
    "GuideParties": frozenset({"received", "registered"}),
    "CorrectEntry": ONCE_RECORDED,
    "StrikeEntry": ONCE_RECORDED,
    **dict.fromkeys(
        (
            *(
                "AcceptCase",
                "AddParty",
                "SucceedParty",
                "RepresentParty",
                "WithdrawParty",
                "TellRights",
                "CheckIdentity",
            ),
            *("RateDifficulty", "NoteProceedings", "GiveConsent", "RefuseMediation", "WithdrawConsent"),
            *("CloseCase", "MergeCase", "SplitCase", "AppointLead", "FileHandoverLetter", *CLOCKS),
            *("RecordAccidentFinding", "FindOutOfOffice", "AgreeToMediateOnline"),
        ),
        UNTIL_CLOSED,
    ),
    **dict.fromkeys(
        (
            *("CorrectParty", "ClassifyCase", "ConfirmDifficulty", "RateRisk", "ReportRisk", "StateAmount"),
            *(
                "FileEvidence",
                "FilePaper",
                "WriteNote",
                "EndProceedings",
                "ExtendMatter",
                "RecordHearing",
                "AnswerRiskReport",
            ),
        ),
        UNTIL_ARCHIVED,
    ),
}
"""Commands on the case, and the statuses in which they may be lawful."""

STAGES: dict[str, frozenset[str]] = {
    "StartMediation": frozenset({"consented"}),
    "PauseMediation": frozenset({"under-way"}),
    "ResumeMediation": frozenset({"paused"}),
    "ExtendMediation": frozenset({"consented", "under-way", "paused"}),
    "EndMediation": ACTIVE,
    "AcceptMediator": ACTIVE,
    "TellRemedies": frozenset({"ended"}),
    "ScheduleSession": frozenset({"opened", "consented", "under-way"}),
    "AdjournSession": frozenset({"opened", "consented", "under-way"}),
    "HoldSession": frozenset({"under-way"}),
    "ReachAgreement": frozenset({"under-way"}),
    "PerformObligation": frozenset({"agreed", "in-effect"}),
    "BreachObligation": frozenset({"in-effect"}),
    **dict.fromkeys(
        (
            *("ProposeMediator", "AcknowledgeAssignment", "RecuseMediator", "ReplaceMediator"),
            "JoinParticipant",
        ),
        WITHOUT_AGREEMENT,
    ),
    **dict.fromkeys(
        ("SignAgreement", "SignAsMediator", "SealAgreement", "RecordCourtDocument", "RefuseToSign"),
        frozenset({"agreed"}),
    ),
    **dict.fromkeys(
        (
            *("ApplyForConfirmation", "AdmitConfirmation", "GrantConfirmation", "DismissConfirmation"),
            *("ExtendConfirmation", "WithdrawConfirmation", "RevokeConfirmation"),
            *("SeekRemedy", "DecideRemedy", "AmendAgreement"),
        ),
        frozenset({"in-effect"}),
    ),
}
"""Commands on a mediation of an open case, and the stages in which they may be lawful."""

CLOSING = frozenset({("registered", "closed"), ("open", "closed")})
STATUS_MOVES: dict[str, frozenset[tuple[str, str]]] = {
    "ReceiveRequest": frozenset({("new", "received")}),
    "RegisterCase": frozenset((before, after) for before in ("new", "received") for after in ("registered", "closed")),
    "AcceptCase": frozenset({("registered", "open")}),
    "DeclineCase": frozenset({("registered", "closed")}),
    "CloseCase": CLOSING,
    "ReopenCase": frozenset((before, after) for before in ("closed", "archived") for after in ("registered", "open")),
    "ArchiveCase": frozenset({("closed", "archived")}),
    "MergeCase": frozenset({("registered", "merged"), ("open", "merged")}),
}
"""The only commands that move the status of a case, and how. Amendments are judged by the record that they leave."""

TO_EFFECT = frozenset({("agreed", "in-effect")})
BACK = frozenset((stage, "opened") for stage in WITHOUT_AGREEMENT)
END = frozenset((stage, "ended") for stage in ACTIVE)
STAGE_MOVES: dict[str, frozenset[tuple[str, str]]] = {
    "AcceptCase": frozenset({("", "opened")}),
    "GiveConsent": frozenset({("opened", "consented")}),
    "WithdrawParty": frozenset({("opened", "consented")}),
    "RefuseMediation": BACK,
    "WithdrawConsent": BACK,
    "StartMediation": frozenset({("consented", "under-way")}),
    "PauseMediation": frozenset({("under-way", "paused")}),
    "ResumeMediation": frozenset({("paused", "under-way")}),
    "EndMediation": END,
    "NoteProceedings": END,
    "LetClockRunOut": frozenset((stage, "ended") for stage in CONCLUDING),
    "ReachAgreement": frozenset({("under-way", "agreed"), ("under-way", "in-effect")}),
    **dict.fromkeys(("SignAgreement", "SignAsMediator", "SealAgreement", "RecordCourtDocument"), TO_EFFECT),
}
"""The only commands that move the stage of a mediation, and how."""
ORGANS = frozenset({"court", "police", "arbitration", "administrative", "petition", "other"})
LIFTS: dict[str, frozenset[str]] = {
    "own": frozenset(),
    "delegated": frozenset({"court"}),
    "entrusted": frozenset({"court"}),
    "transferred": ORGANS - {"court"},
}
"""What each title lets a committee take although an organ has it."""
AMENDMENTS = frozenset({"CorrectEntry", "StrikeEntry"})


def lawful_now(account: Account, command: Any) -> bool:
    """Whether the table allows the command in this status or stage, whatever it says."""
    name = known(type(command).__name__)
    if name in STATUSES:
        return account.status in STATUSES[name]
    return account.status == "open" and account.talks[command.mediation].stage in STAGES[name]


def known(name: str) -> str:
    """The name itself. Raises LookupError for a command of which nobody has said yet where it is lawful."""
    if name not in STATUSES and name not in STAGES:
        raise LookupError(
            f"tests/oracle/lawful.py: say in STATUSES (of a case) or STAGES (of a mediation) where {name} is lawful"
        )
    return name


def could_be_lawful(account: Account, name: str) -> bool:
    """Whether it may be lawful on some mediation."""
    if known(name) in STATUSES:
        return account.status in STATUSES[name]
    return account.status == "open" and any(one.stage in STAGES[name] for one in account.talks.values())


def moves(before: Account, after: Account) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """How the status and the stages moved."""
    status = {(before.status, after.status)} if before.status != after.status else set()
    was = {number: before.talks[number].stage if number in before.talks else "" for number in after.talks}
    stages = {(was[number], talks.stage) for number, talks in after.talks.items() if talks.stage != was[number]}
    return status, stages
