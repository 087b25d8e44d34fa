"""What every command and event of a case has in common: what it stands on, and what it may point at."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from domain.case.case import DisputeCase, NoSuchMediation, Status, UnknownParty
from domain.case.mediating.capacity import Spoken, refuse_unable
from domain.case.mediating.lacking import signatures_missing
from domain.case.mediations import Mediation, Stage
from domain.case.record.plain_texts import refuse_named
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict, DomainError, Missing, NotAllowedNow
from domain.shared.law import Citation
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.references import MediationNumber, references, willing
from domain.shared.texts import parts
from domain.shared.values import PersonId, Value
from domain.statutes import DELETION


class UnknownSession(Missing):
    """The mediation has no such session."""


class UnknownObligation(Missing):
    """The agreement has no such obligation."""


class UnknownMediator(Missing):
    """The mediation has no such mediator."""


class UnknownParticipant(Missing):
    """The mediation has no such participant."""


class UnknownRepresentative(Missing):
    """Nobody of that name speaks for a party of this case."""


class PersonIsWithheld(Conflict):
    """The person is restricted or erased: what is kept of them is stored, and nothing else is done with it."""


class CaseCommand(Command[DisputeCase]):
    """A command on the case as a whole: `allowed_in` reads its status."""

    rule: ClassVar[Citation | None] = None
    """The article that the command follows, shown where it is asked."""
    by_clock: ClassVar[bool] = False
    """Whether only the clock asks for it."""
    by_operator: ClassVar[bool] = False
    """Whether only whoever runs the ledger asks for it, by the command line."""

    @classmethod
    def for_officers(cls) -> bool:
        return not (cls.by_clock or cls.by_operator)

    def ground(self, state: DisputeCase) -> StageSince:
        return self.footing_of(state)

    @classmethod
    def footing_of(cls, case: DisputeCase) -> StageSince:
        return StageSince(case.status, case.since)

    guards: ClassVar[tuple[Callable[[DisputeCase], None], ...]] = ()
    """What no content of the command could mend: each raises its refusal. Asked before it is decided, by pages that
    say what can be done, and by the import, which flags what a command would have been refused for."""

    @classmethod
    def guard_case(cls, case: DisputeCase) -> None:
        """Raises what its guards raise."""
        for guard in cls.guards:
            guard(case)

    def guard(self, state: DisputeCase) -> None:
        self.guard_case(state)
        check_references(self, state)
        refuse_withheld(self, state)

    def guard_occasion(self, state: DisputeCase, on: Occasion) -> None:
        """Raises NotEmpowered, GuardianNeeded, SpokespersonNeeded."""
        refuse_unable(state, self.told_wills(state), self.spoken(), on.day)

    def told_wills(self, case: DisputeCase) -> Iterable[PersonId]:
        """Everybody whose will it tells, by the marks of its fields."""
        return willing(self)

    def spoken(self) -> Spoken | None:
        """Who acts for them; None: it does not say, and whoever is on record does."""
        return None

    def guard_record(self, state: DisputeCase, events: Iterable[Event[DisputeCase]]) -> None:
        refuse_named(state, events)

    @abstractmethod
    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]: ...


class AfterMediations(CaseCommand):
    """A command that builds on how the mediations of the case came out: not dated before their last step."""

    @classmethod
    def footing_of(cls, case: DisputeCase) -> StageSince:
        return StageSince(case.status, case.last_step)


class MediationCommand(CaseCommand):
    """A command on one mediation of an open case: `allowed_in` reads the mediation's stage."""

    mediation: MediationNumber

    def ground(self, state: DisputeCase) -> StageSince:
        mediation = state.mediation(self.mediation)
        if state.status is not Status.OPEN:
            raise NotAllowedNow(type(self).__name__, state.status, [Status.OPEN])
        return self.footing_in(mediation)

    @classmethod
    def footing_in(cls, mediation: Mediation) -> StageSince:
        return StageSince(mediation.stage, mediation.since)

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        """Refuses what no content of the command could mend."""

    def true_reason(self, state: DisputeCase) -> DomainError | None:
        return self.lacking_in(state, state.mediation(self.mediation)) if state.status is Status.OPEN else None

    @classmethod
    def lacking_in(cls, case: DisputeCase, mediation: Mediation) -> DomainError | None:
        """Whose consent, acceptance or signature its stage waits for; None: it is over, or waits for no party's."""
        if mediation.stage is Stage.AGREED and Stage.IN_EFFECT in cls.allowed_in:
            return signatures_missing(case, mediation)
        if not any(IN_ORDER.index(mediation.stage) < IN_ORDER.index(one) for one in cls.allowed_in):
            return None
        try:
            cls.guard_mediation(case, mediation)
        except DomainError as refusal:
            return refusal if refusal.details.get("parties") else None
        return None

    def guard(self, state: DisputeCase) -> None:
        self.guard_mediation(state, state.mediation(self.mediation))
        check_references(self, state)
        refuse_withheld(self, state)


class CaseEvent(Event[DisputeCase]):
    """An event of a case. `of`: the commands that lead to it."""

    of: ClassVar[tuple[type[CaseCommand], ...]] = ()
    immutable: ClassVar[bool] = False
    """Whether it can be neither corrected nor struck out."""
    asked_as: ClassVar[Mapping[str, str]] = {}
    """Fields that their command calls otherwise."""

    def check_rewritten(self, old: Any, on: Occasion) -> None:
        """Raises what its command would raise for what differs from the old content."""

    def followed_by(self, case: DisputeCase, at: datetime) -> CaseEvent | None:
        """What follows from it where it comes after this state: an entry of its own, right behind it."""
        return None

    def vanishes_from(self, case: DisputeCase) -> bool:
        """Whether nothing of it is left once what it is about was amended: it is struck with that."""
        return False

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> CaseEvent:
        """With what follows from its content worked out anew, after a correction of it or of what it builds on."""
        return self

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        """Whether what it says fits what stands before it: asked where its command would be allowed."""
        return True

    def counted_anew(self, at: datetime, on: Occasion) -> CaseEvent:
        """With the days that were counted from its content counted anew, after a correction of it."""
        return self

    def has_place_in(self, state: DisputeCase) -> bool:
        try:
            check_references(self, state)
        except Missing:
            return False
        return True

    def finds_place_in(self, state: DisputeCase) -> bool:
        """Whether it has a place there once it is worked out anew."""
        return self.has_place_in(state)


class MediationEvent(CaseEvent):
    """An event of one mediation."""

    mediation: Framed[MediationNumber]


def with_what_follows(event: CaseEvent, case: DisputeCase, at: datetime) -> tuple[CaseEvent, ...]:
    follows = event.followed_by(case, at)
    return (event, follows) if follows else (event,)


def check_references(value: Value, case: DisputeCase) -> None:
    """Raises a Missing for the first thing that the value points at and the case does not have."""
    content = vars(value)
    number = content.get("mediation")
    for field, kind, id in references(value):
        _CHECKS[kind](case, number, id, field)
    for nested in content.values():
        if isinstance(nested, Value):
            check_references(nested, case)
    if (person := content.get("on_behalf_of")) and not _may_be_spoken_for(case, person):
        raise UnknownParty(party=person, field="on_behalf_of")


OF_PERSONS = ("party", "participant", "representative")


def refuse_withheld(value: Value, case: DisputeCase) -> None:
    """Raises PersonIsWithheld where the value points at a person who is restricted or erased."""
    if not case.withheld:
        return
    named = {id for part in parts(value) for _, kind, id in references(part) if kind in OF_PERSONS}
    named |= {getattr(value, "on_behalf_of", None)}
    if found := [id for id in case.withheld if id in named]:
        raise PersonIsWithheld(person=found[0], basis=str(DELETION))


def _may_be_spoken_for(case: DisputeCase, person: PersonId) -> bool:
    return person in case.parties or any(party.represented_by == person for party in case.parties.values())


def _party(case: DisputeCase, _: Any, id: Any, field: str) -> None:
    if id not in case.present_parties:
        raise UnknownParty(party=id, field=field)


def _mediation(case: DisputeCase, _: Any, id: Any, field: str) -> None:
    if id not in case.mediations:
        raise NoSuchMediation(mediation=id, field=field)


def _session(case: DisputeCase, number: Any, id: Any, field: str) -> None:
    if id not in case.mediation(number).sessions:
        raise UnknownSession(session=id, field=field)


def _obligation(case: DisputeCase, number: Any, id: Any, field: str) -> None:
    agreement = case.mediation(number).agreement
    if not agreement or id not in agreement.obligations:
        raise UnknownObligation(obligation=id, field=field)


def _mediator(case: DisputeCase, number: Any, id: Any, field: str) -> None:
    if id not in case.mediation(number).mediators:
        raise UnknownMediator(mediator=id, field=field)


def _participant(case: DisputeCase, number: Any, id: Any, field: str) -> None:
    if id not in case.mediation(number).participants:
        raise UnknownParticipant(participant=id, field=field)


def _representative(case: DisputeCase, _: Any, id: Any, field: str) -> None:
    if not any(id in party.representatives for party in case.parties.values()):
        raise UnknownRepresentative(person=id, field=field)


def _entry(case: DisputeCase, _: Any, id: Any, field: str) -> None:
    """Entries are looked up where the history is at hand."""


_CHECKS = {
    "party": _party,
    "mediation": _mediation,
    "session": _session,
    "obligation": _obligation,
    "mediator": _mediator,
    "participant": _participant,
    "representative": _representative,
    "entry": _entry,
    "paper": _entry,
}

IN_ORDER = list(Stage)
"""The stages as they follow on each other."""
UNTIL_CLOSED = frozenset({Status.REGISTERED, Status.OPEN})
WHILE_KEPT = frozenset({Status.REGISTERED, Status.OPEN, Status.CLOSED})
UNDER_WAY = frozenset({Stage.UNDER_WAY})
