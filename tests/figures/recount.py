"""An oracle apart from the engine: it reads a list of events by their names and fields, and counts in plain Python.

It knows nothing of spans, tables or SQL, and has its own reading of corrections, of late entries and of what undoes
what. Where it and the engine differ, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
CORRECTIONS = ("case.entry_corrected", "case.entry_struck")
LEVELS = ["grid", "village", "township", "county", "city", "province"]
PASSED_ON = ("referred", "escalated")
CRIMINAL = ("public-order", "criminal")


@dataclass(frozen=True)
class Line:
    """An entry as the feed has it."""

    version: int
    position: int
    name: str
    happened: datetime
    recorded: datetime
    event: Any


def day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def as_they_read(lines: Sequence[Line]) -> list[Line]:
    """What was struck is gone; what was rewritten stands where the old one stood, or right behind it."""
    places: dict[int, list[Line]] = {}
    announced: list[tuple[Any, int]] = []
    for line in lines:
        if announced:
            place, _ = announced.pop(0)
            moved = Line(line.version, line.position, line.name, place.occurred_at, line.recorded, line.event)
            if place.behind:
                places.setdefault(place.entry, []).append(moved)
            else:
                places[place.entry] = [moved, *places.get(place.entry, [])[1:]]
            continue
        places[line.version] = [line]
        if line.name in CORRECTIONS:
            for version in line.event.struck:
                places[version] = places.get(version, [])[1:]
            announced = [(one, one.entry) for one in line.event.rewritten]
    return [line for version in sorted(places) for line in places[version]]


@dataclass
class Talk:
    """A mediation."""

    opened: date
    channel: str
    agreed: date | None = None
    whole: bool = False
    nature: str = "ordinary"
    effect: date | None = None
    ended: date | None = None
    ground: str | None = None
    mandate: str = "own"
    due: date | None = None
    due_since: datetime | None = None
    promised: dict[int, Any] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)
    done: dict[int, date] = field(default_factory=dict)
    breached: set[int] = field(default_factory=set)
    applied: date | None = None
    confirmed: date | None = None

    @property
    def concluded(self) -> date | None:
        return self.effect or (self.ended if self.ground not in PASSED_ON else None)

    @property
    def last_promise(self) -> date | None:
        return max((one.due for one in self.promised.values() if one.due), default=None) if self.effect else None

    @property
    def kept(self) -> bool:
        done = [self.done.get(number) for number in self.promised]
        return (
            bool(self.promised)
            and None not in done
            and max(one for one in done if one) <= (self.last_promise or date.max)
        )


@dataclass
class Told:
    """A case by the events that had happened."""

    place: Any = None
    category: str = ""
    source: str = ""
    registered: date | None = None
    begun: datetime | None = None
    accepted: bool = False
    agreed: datetime | None = None
    difficulties: list[int] = field(default_factory=list)
    late: int = 0
    level: int = 0
    highest: int = 0
    raised: date | None = None
    closed: date | None = None
    resolved: date | None = None
    reopened: date | None = None
    result: str | None = None
    criminal: date | None = None
    merged: bool = False
    followed: bool = False
    bounces: int = 0
    due: date | None = None
    due_since: datetime | None = None
    talks: dict[int, Talk] = field(default_factory=dict)
    answers: dict[int, tuple[date, str, str]] = field(default_factory=dict)
    sides: dict[Any, str] = field(default_factory=dict)


def shown_on(line: Line) -> date:
    return day(line.event.effective_at if line.name == "case.agreement_took_effect" else line.happened)


def told_on(lines: Sequence[Line], until: date) -> Told:
    """By what had happened until the end of that day, in the order of the record."""
    case = Told()
    for line in as_they_read(lines):
        if shown_on(line) <= until:
            TELLERS.get(line.name, lambda *_: None)(case, line, line.event)
    return case


def registered(case: Told, line: Line, event: Any) -> None:
    case.place, case.category, case.source = event.place, event.category.value, event.source.value
    case.begun = line.happened
    case.registered, case.late = day(line.happened), (day(line.recorded) - day(line.happened)).days
    case.level = LEVELS.index(event.level.value)
    case.highest = LEVELS.index((event.highest or event.level).value)
    set_due(case, event.dispute)


def set_due(one: Any, due: Any) -> None:
    if due:
        one.due, one.due_since = due.day, due.since


def rated(case: Told, _: Line, event: Any) -> None:
    set_due(case, event.dispute)
    case.difficulties.append(["simple", "ordinary", "complex", "major"].index(event.difficulty.value))


def accepted(case: Told, _: Line, event: Any) -> None:
    case.accepted = True


def due_fixed(case: Told, _: Line, event: Any) -> None:
    """The holidays were published: of the same clock, another day."""
    clock, _, number = str(event.clock).partition("/")
    one: Any = {"dispute": case, "conclude": case.talks.get(int(number or 0))}.get(clock)
    if one and one.due and (event.asks_state or one.due_since == event.due.since):
        set_due(one, event.due)


def classified(case: Told, _: Line, event: Any) -> None:
    case.category = event.category.value


def party_added(case: Told, _: Line, event: Any) -> None:
    case.sides[event.party.person] = event.side.value


def held_elsewhere(case: Told, line: Line, event: Any) -> None:
    if case.registered is None:
        return
    level = LEVELS.index(event.level.value)
    if level > case.level and case.raised is None:
        case.raised = day(line.happened)
    case.level = level
    if line.name == "case.holder_changed":
        case.highest = max(case.highest, level)
        case.bounces += event.bounced


def taken_in(case: Told, _: Line, event: Any) -> None:
    if event.highest:
        case.highest, case.bounces = LEVELS.index(event.highest.value), case.bounces + event.bounces_of_it
        set_due(case, event.dispute)


def bounced(case: Told, _: Line, event: Any) -> None:
    case.bounces += event.bounced


def closed(case: Told, line: Line, event: Any) -> None:
    case.closed, case.result = day(line.happened), event.result.value
    if event.tells_resolution:
        case.resolved = day(event.resolved_at) if event.resolved_at else None
    if case.result in CRIMINAL:
        case.criminal = min(filter(None, [case.criminal, case.closed]))


def declined(case: Told, line: Line, event: Any) -> None:
    case.closed, case.result = day(line.happened), "declined"


def on_the_spot(case: Told, line: Line, event: Any) -> None:
    case.closed = case.resolved = day(line.happened)
    case.result = "self-settled"


def reopened(case: Told, line: Line, event: Any) -> None:
    case.closed = case.resolved = case.result = None
    case.reopened = day(line.happened)


def merged(case: Told, _: Line, event: Any) -> None:
    case.merged = True


def followed(case: Told, _: Line, event: Any) -> None:
    case.followed = True


def answered(case: Told, line: Line, event: Any) -> None:
    if event.party in case.sides and event.satisfaction.value != "no-answer":
        case.answers[line.version] = day(line.happened), case.sides[event.party], event.satisfaction.value


def opened(case: Told, line: Line, event: Any) -> None:
    talk = case.talks[event.number] = Talk(day(line.happened), event.channel.value, mandate=event.mandate.value)
    set_due(talk, event.conclude)
    case.resolved = None


def of_talk(teller: Any) -> Any:
    def told(case: Told, line: Line, event: Any) -> None:
        if talk := case.talks.get(event.mediation):
            teller(case, talk, line, event)

    return told


def of_agreement(teller: Any) -> Any:
    return of_talk(lambda case, talk, line, event: teller(case, talk, line, event) if talk.agreed else None)


def reached(case: Told, talk: Talk, line: Line, event: Any) -> None:
    talk.agreed, talk.whole, talk.nature = day(line.happened), event.extent.value == "all-claims", event.nature.value
    case.agreed = case.agreed or line.happened
    talk.promised = {one.number: one for one in event.obligations}
    talk.paid, talk.done, talk.breached = {}, {}, set()


def took_effect(case: Told, talk: Talk, line: Line, event: Any) -> None:
    talk.effect = day(event.effective_at)
    if talk.whole:
        case.resolved = talk.effect


def ended(case: Told, talk: Talk, line: Line, event: Any) -> None:
    talk.ended, talk.ground = day(line.happened), event.ground.value
    if talk.ground == "self-settled":
        case.resolved = talk.ended
    if talk.ground in CRIMINAL:
        case.criminal = min(filter(None, [case.criminal, talk.ended]))


def due_moved(case: Told, talk: Talk, line: Line, event: Any) -> None:
    talk.due, talk.due_since = event.until, talk.due_since or line.happened


def resumed(case: Told, talk: Talk, line: Line, event: Any) -> None:
    if event.conclude:
        set_due(talk, event.conclude)
    elif talk.due and event.conclude_by:
        talk.due = event.conclude_by


def performed(case: Told, talk: Talk, line: Line, event: Any) -> None:
    if event.obligation in talk.promised:
        talk.paid[event.obligation] = talk.paid.get(event.obligation, 0) + event.amount
        if event.complete:
            talk.done[event.obligation] = day(line.happened)


def came_apart(case: Told, talk: Talk, line: Line, event: Any) -> None:
    if line.name == "case.obligation_breached":
        if event.obligation not in talk.promised:
            return
        talk.breached.add(event.obligation)
    if event.undoes:
        case.resolved = None


def applied(case: Told, talk: Talk, line: Line, event: Any) -> None:
    talk.applied = talk.applied or day(line.happened)


def granted(case: Told, talk: Talk, line: Line, event: Any) -> None:
    talk.confirmed = day(line.happened)
    if event.resolves:
        case.resolved = day(line.happened)


def amended(case: Told, talk: Talk, line: Line, event: Any) -> None:
    for number in event.replaces:
        talk.promised.pop(number, None)
        talk.done.pop(number, None)
        talk.paid.pop(number, None)
        talk.breached.discard(number)
    talk.promised |= {one.number: one for one in event.obligations}
    if event.resolves:
        case.resolved = day(line.happened)


TELLERS: dict[str, Any] = {
    "case.registered": registered,
    "case.classified": classified,
    "case.difficulty_rated": rated,
    "case.accepted": accepted,
    "case.due_fixed": due_fixed,
    "case.party_added": party_added,
    "case.holder_changed": held_elsewhere,
    "case.body_replaced": held_elsewhere,
    "case.taken_in": taken_in,
    "case.offer_ended": bounced,
    "case.escalation_over": bounced,
    "case.referral_came_back": bounced,
    "case.closed": closed,
    "case.declined": declined,
    "case.settled_on_the_spot": on_the_spot,
    "case.reopened": reopened,
    "case.merged": merged,
    "case.followed_up": followed,
    "case.satisfaction_answered": answered,
    "case.mediation_opened": opened,
    "case.agreement_reached": of_talk(reached),
    "case.agreement_took_effect": of_agreement(took_effect),
    "case.mediation_ended": of_talk(ended),
    "case.mediation_extended": of_talk(due_moved),
    "case.mediation_resumed": of_talk(resumed),
    "case.obligation_performed": of_agreement(performed),
    "case.obligation_breached": of_agreement(came_apart),
    "case.confirmation_applied": of_agreement(applied),
    "case.confirmation_granted": of_agreement(granted),
    "case.confirmation_dismissed": of_agreement(came_apart),
    "case.confirmation_withdrawn": of_agreement(came_apart),
    "case.confirmation_revoked": of_agreement(came_apart),
    "case.agreement_amended": of_agreement(amended),
}


@dataclass(frozen=True)
class Window:
    since: date
    until: date

    def has(self, one: date | None) -> bool:
        return one is not None and self.since <= one <= self.until


def numbers(cases: Iterable[Told], window: Window, cohort: bool) -> dict[str, tuple[float, float]]:
    """What each figure counts, and of how many: of what happened in the window, or of what was registered in it."""
    known = [case for case in cases if case.registered and not case.merged]
    talks = [(case, talk) for case in known_or_merged(cases) for talk in case.talks.values()]
    answers = [(case, *one) for case in known_or_merged(cases) for one in case.answers.values()]

    def within(case: Told, one: date | None) -> bool:
        return one is not None and window.has(case.registered if cohort else one)

    found: dict[str, tuple[float, float]] = {}
    in_it = [case for case in known if window.has(case.registered)]
    resolved = [case for case in known if within(case, case.resolved)]
    during = (
        in_it
        if cohort
        else [
            case
            for case in known
            if case.registered and case.registered <= window.until and not (case.closed and case.closed < window.since)
        ]
    )
    found["registered"] = len(in_it), 0
    still = in_it if cohort else [case for case in known if case.registered and case.registered <= window.until]
    found["open"] = sum(case.closed is None for case in still), 0
    found["resolved"] = len(resolved), 0
    for level in ("grid", "village", "township", "county"):
        settled = sum(case.highest <= LEVELS.index(level) for case in resolved)
        found[level] = settled, len(in_it) if cohort else len(resolved)
    found["raised"] = sum(within(case, case.raised) for case in known), len(during)
    found["reopened"] = sum(within(case, case.reopened) for case in known), 0
    found["became_criminal"] = sum(within(case, case.criminal) for case in known), len(during)
    found["followed_up"] = sum(case.followed for case in resolved), len(resolved)
    found["responded"] = sum(bool(case.answers) for case in resolved), len(resolved)
    found["entered_late"] = sum(case.late >= 3 for case in in_it), len(in_it)
    found["bounced"] = sum(case.bounces > 0 for case in in_it), len(in_it)
    found["bounces"] = sum(case.bounces for case in in_it), 0
    found["resolution"] = (
        len(resolved),
        sum(
            (case.resolved is not None if cohort else window.has(case.resolved))
            or case.due is None
            or case.due <= window.until
            for case in during
        ),
    )
    found |= dict(of_signals(known, within))
    found |= dict(of_talks(talks, within))
    found |= dict(of_answers(answers, within))
    return found


def known_or_merged(cases: Iterable[Told]) -> list[Told]:
    return [case for case in cases if case.registered]


def of_signals(known: Any, within: Any) -> Iterator[tuple[str, tuple[float, float]]]:
    closed = [case for case in known if case.accepted and within(case, case.closed)]
    yield "closed_at_once", (sum(case.closed == case.registered for case in closed), len(closed))
    again = sum(case.reopened is not None and case.reopened <= case.closed for case in closed)
    yield "closed_again", (again, len(closed))
    agreed = [case for case in known if case.agreed and within(case, day(case.agreed))]
    at_once = sum((case.agreed - case.begun) < timedelta(minutes=61) for case in agreed)
    yield "agreed_at_once", (at_once, len(agreed))
    registered = [case for case in known if within(case, case.registered)]
    yield (
        "upgraded",
        (sum(case.difficulties[-1:] > [min([*case.difficulties[:1], 1])] for case in registered), len(registered)),
    )


def of_talks(talks: Any, within: Any) -> Iterator[tuple[str, tuple[float, float]]]:
    reached = [talk for case, talk in talks if within(case, talk.agreed)]
    yield "unsigned", (sum(talk.effect is None and talk.ended is None for talk in reached), len(reached))
    concluded = [talk for case, talk in talks if within(case, talk.concluded)]
    yield "concluded", (len(concluded), 0)
    yield "success", (sum(talk.effect is not None for talk in concluded), len(concluded))
    falling_due = [talk for case, talk in talks if within(case, talk.due)]
    kept = sum(talk.concluded is not None and talk.concluded <= talk.due for talk in falling_due)
    yield "on_time", (kept, sum(talk.ground not in PASSED_ON for talk in falling_due))
    promised = [talk for case, talk in talks if within(case, talk.last_promise)]
    yield "performed", (sum(talk.kept for talk in promised), len(promised))
    yield "breached", (sum(bool(talk.breached) for talk in promised), len(promised))
    able = [
        talk
        for case, talk in talks
        if within(case, talk.effect)
        and talk.nature == "ordinary"
        and talk.mandate != "entrusted"
        and talk.channel != "litigation"
    ]
    yield "confirmation_applied", (sum(talk.applied is not None for talk in able), len(able))
    yield "confirmed", (sum(talk.confirmed is not None for talk in able), len(able))


def of_answers(answers: Any, within: Any) -> Iterator[tuple[str, tuple[float, float]]]:
    heard = [(side, what) for case, on, side, what in answers if within(case, on)]
    yield "answers", (len(heard), 0)
    for figure, whose in (("satisfied_applicants", "applicant"), ("satisfied_respondents", "respondent")):
        of_side = [what for side, what in heard if side == whose]
        yield figure, (of_side.count("satisfied"), len(of_side))
