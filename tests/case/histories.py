"""Given: short names for people, days and pasts, shared by every test of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.case.case import DisputeCase
from domain.case.ending.closing import ArchiveCase, CloseCase
from domain.case.ending.performance import PerformObligation
from domain.case.kinds import COURT_MANDATES, AgreementForm, EndGround, Mandate, OrganKind, Paper, Result, Side
from domain.case.mediating.agreement import Promise, ReachAgreement
from domain.case.mediating.consent import GiveConsent
from domain.case.mediating.mediation import EndMediation
from domain.case.mediating.mediators import AcceptMediator, ProposeMediator
from domain.case.mediating.sessions import HoldSession
from domain.case.mediating.signing import SealAgreement, SignAgreement, SignAsMediator
from domain.case.mediating.starting import StartMediation
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.handover_letters import FileHandoverLetter
from domain.case.opening.intake import RegisterCase
from domain.case.opening.listed import ListedField
from domain.case.opening.parties import TellRights
from domain.case.people import NewParty
from domain.case.record.papers import FilePaper
from domain.shared.calendar import SHANGHAI, Calendar
from domain.shared.decider import Entry, Event, History, Stamp, decide
from domain.shared.occasion import AreaFacts, BodyFacts, Occasion
from domain.shared.values import AreaId, BodyId, BodyKind, Channel, Level, OfficerId, PersonId

SPACE = UUID("5e1f0a52-0000-7000-8000-000000000000")


def id_of(name: str) -> Any:
    return uuid5(SPACE, name)


LI, WANG, ZHOU = (OfficerId(id_of(name)) for name in ("li", "wang", "zhou"))
VILLAGE, GRID = AreaId(id_of("village")), AreaId(id_of("grid"))
ABOVE = frozenset({VILLAGE, AreaId(id_of("township")), AreaId(id_of("county"))})
COMMITTEE = BodyFacts(
    id=BodyId(id_of("committee")),
    area=VILLAGE,
    level=Level.VILLAGE,
    kind=BodyKind.COMMITTEE,
    channel=Channel.PEOPLE,
    code="QJ",
    short_name="清江村",
    members=frozenset({LI, WANG}),
    term_ended=False,
    answers_for=BodyId(id_of("committee")),
)
COURT = COMMITTEE.but(
    id=BodyId(id_of("court")),
    kind=BodyKind.COURT,
    level=Level.COUNTY,
    channel=Channel.LITIGATION,
    code="FY",
    short_name="县法院",
    answers_for=BodyId(id_of("court")),
)
GRID_POST = COMMITTEE.but(id=BodyId(id_of("grid post")), area=GRID, level=Level.GRID, channel=None, code="WG")
CALENDAR = Calendar(
    version="test", published_until=date(2026, 12, 31), holidays=frozenset(), make_up_workdays=frozenset()
)
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
APPLICANT, RESPONDENT = (
    PersonId(uuid5(id_of("seed 0"), "person/0")),
    PersonId(uuid5(id_of("seed 0"), "person/1")),
)


def occasion(after: timedelta = timedelta(0), step: int = 0, **changes: Any) -> Occasion:
    moment = MONDAY + after
    known = {body.id: body for body in (COMMITTEE, COURT, GRID_POST)}
    facts: dict[str, Any] = {
        "by": LI,
        "body": COMMITTEE,
        "occurred_at": moment,
        "now": moment,
        "seed": id_of(f"seed {step}"),
        "calendar": CALENDAR,
        "areas": {VILLAGE: AreaFacts(id=VILLAGE, level=Level.VILLAGE, in_force=True, within=ABOVE)},
        "bodies": known,
    }
    return Occasion(**facts | changes)


def entries(history: History[Any], events: Any, on: Occasion) -> list[Entry[Any]]:
    """The events as the store would give them back."""
    stamp = Stamp(on.by, on.body.id, on.occurred_at, on.on_behalf_of, on.seed, on.seed, None)
    return [
        Entry(
            uuid5(on.seed, f"event/{index}"),
            history.id,
            history.version + index,
            history.version + index,
            on.now,
            event,
            stamp,
        )
        for index, event in enumerate(events, 1)
    ]


def blank() -> History[DisputeCase]:
    id = id_of("case")
    return History.of(id, DisputeCase.blank(id), ())


def parted(step: Any, body: BodyFacts = COMMITTEE) -> tuple[Any, dict[str, Any]]:
    """A command; or one with the body, and perhaps the officer, that asks for it."""
    if not isinstance(step, tuple):
        return step, {"body": body}
    command, at, *by = step
    return command, {"body": at} | ({"by": by[0]} if by else {})


def carry_out(history: History[DisputeCase], command: Any, on: Occasion) -> History[DisputeCase]:
    return history.then(entries(history, decide(history, command, on), on))


def after(*commands: Any, days: float = 0, **facts: Any) -> History[DisputeCase]:
    """The history that these commands lead to, a minute apart; `days`: how long before the last one it pauses."""
    history = blank()
    for step, command in enumerate(commands):
        wait = timedelta(minutes=step) + (timedelta(days=days) if step == len(commands) - 1 else timedelta(0))
        asked, who = parted(command)
        history = carry_out(history, asked, occasion(wait, step, **who | facts))
    return history


def then(history: History[DisputeCase], command: Any, **changes: Any) -> tuple[Event[Any], ...]:
    """What the command leads to, a day after the last entry unless said otherwise."""
    last = max((entry.occurred_at for entry in history.entries), default=MONDAY)
    on = replace(occasion(step=99), occurred_at=last + timedelta(days=1), now=last + timedelta(days=1))
    moment = changes.get("occurred_at", on.now)
    return decide(history, command, replace(on, **{"now": max(moment, on.now)} | changes))


def told_otherwise(one: ListedField) -> Any:
    """What a registration says of this field only where somebody asked for it."""
    if one.is_code:
        return next(value for value in one.kind if value != one.usual)
    return "甲字七号" if one.is_text else date(2026, 3, 9)


def noon(month: int, day: int) -> datetime:
    """Twelve o'clock in Shanghai, in 2026."""
    return datetime(2026, month, day, 12, tzinfo=SHANGHAI)


def onward(history: History[DisputeCase], *commands: Any, at: datetime | None = None, **facts: Any) -> Any:
    """The history after these commands too, each a minute after the last entry, or all at one moment."""
    for command in commands:
        asked, who = parted(command)
        last = max((entry.occurred_at for entry in history.entries), default=MONDAY)
        moment = at or last + timedelta(minutes=1)
        moments = {"occurred_at": moment, "now": max(moment, last), **who}
        on = replace(occasion(step=1000 + history.version), **moments | facts)
        history = carry_out(history, asked, on)
    return history


def versions(history: History[DisputeCase], name: str) -> list[int]:
    """The entries of that name, for example "agreement_signed"."""
    return [entry.version for entry in history.entries if getattr(entry.event, "name", "") == f"case.{name}"]


ZHANG, LIU = NewParty(side=Side.APPLICANT, name="张三"), NewParty(side=Side.RESPONDENT, name="刘四")
register = RegisterCase(place=VILLAGE, facts="为一堵墙争吵", parties=(ZHANG, LIU))
accept = AcceptCase()
applicant_consents, respondent_consents = GiveConsent(party=APPLICANT), GiveConsent(party=RESPONDENT)
propose = ProposeMediator(mediation=1, mediator=LI)
both_accept = AcceptMediator(mediation=1, mediator=LI, parties=(APPLICANT, RESPONDENT))
tell_rights = TellRights(parties=(APPLICANT, RESPONDENT))
start = StartMediation(mediation=1)
hold = HoldSession(mediation=1, attended=(APPLICANT, RESPONDENT), record="双方陈述")
promise = Promise(obligor=RESPONDENT, what="拆墙", amount=50_000, due=date(2026, 4, 1))
agree = ReachAgreement(mediation=1, terms="三月内拆墙", obligations=(promise,))
agree_orally = agree.but(form=AgreementForm.ORAL)
sign_applicant, sign_respondent = (
    SignAgreement(mediation=1, party=APPLICANT),
    SignAgreement(mediation=1, party=RESPONDENT),
)
sign_mediator = SignAsMediator(mediation=1, mediator=LI)
seal = SealAgreement(mediation=1)

CONSENTED = (register, accept, applicant_consents, respondent_consents)
UNDER_WAY = (*CONSENTED, propose, both_accept, tell_rights, start)
AGREED = (*UNDER_WAY, hold, agree)
IN_EFFECT = (*AGREED, sign_applicant, sign_respondent, sign_mediator, seal)
REGISTERED = (register,)
perform = PerformObligation(mediation=1, obligation=1)
fail = EndMediation(mediation=1, because=EndGround.FAILED, remedies_told=True)
close = CloseCase(result=Result.AGREEMENT_WRITTEN)
archive = ArchiveCase()
HASH = "ab" * 32
file_all = tuple(
    FilePaper(paper=paper, sha256=HASH)
    for paper in (
        Paper.APPLICATION,
        Paper.RIGHTS_NOTICE,
        Paper.IDENTITY,
        Paper.MEDIATION_RECORD,
        Paper.AGREEMENT,
        Paper.PERFORMANCE_PROOF,
    )
)
FAILED = (*UNDER_WAY, fail)
PERFORMED = (*IN_EFFECT, perform)
CLOSED = (*PERFORMED, close)
ARCHIVED = (*CLOSED, *file_all, archive)


def letter(mandate: Mandate, organ: OrganKind = OrganKind.COURT) -> tuple[Any, ...]:
    """An organ's letter by which it handed the case over, filed by a second officer."""
    sender = COURT.id if mandate is Mandate.DELEGATED else None
    return (FileHandoverLetter(mandate=mandate, organ=organ, sender=sender, sha256=HASH), COMMITTEE, WANG)


def as_mandated(past: tuple[Any, ...], accepted: AcceptCase) -> tuple[Any, ...]:
    """That past, accepted so: on a letter, where the mandate stands on one; on its platform, by a court."""
    letters = (letter(accepted.mandate),) if accepted.mandate in COURT_MANDATES else ()
    begun = (*letters, (accepted, COMMITTEE.but(kind=BodyKind.COURT)) if accepted.on_platform else accepted)
    return tuple(step for one in past for step in (begun if one is accept else (one,)))


def under(mandate: Mandate = Mandate.OWN, on_platform: bool = False) -> tuple[Any, ...]:
    """An agreement reached under this mandate, not yet signed."""
    return as_mandated(AGREED, AcceptCase(mandate=mandate, on_platform=on_platform))
