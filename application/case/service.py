"""Use cases of a dispute case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from application.case.disclosure.past import as_reached, reach_of
from application.case.disclosure.withheld import withheld
from application.case.pointing import SeenInPart, check_pointing
from application.files import Binder
from application.handover.reactions import Happened, react
from application.jurisdiction import JurisdictionRegister
from application.looks import looked_at
from application.moments import PRESENT, KnownAt, Standpoint, as_it_was, beside
from application.ports import Asked, Ledger, Receipt, Unit, VersionMismatch
from application.rights import Reach, Rights, Viewer, check_amends, check_right, check_role
from application.rules import RuleBook
from application.streams import CASES
from domain.case.beside.body_merged import body_merged
from domain.case.case import DisputeCase, Status
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.ending.closing import ArchiveCase, missing_papers
from domain.case.kinds import Difficulty, OrganKind, Side
from domain.case.opening.intake import ReceiveRequest, RegisterCase
from domain.case.record.correction import CorrectEntry, StrikeEntry, taken_back
from domain.case.record.joining import MergeCase, SplitCase, taken_in
from domain.shared.calendar import local_day
from domain.shared.decider import Command, History, decide, standing
from domain.shared.errors import UnknownBody, UnknownStream
from domain.shared.marks import ids
from domain.shared.occasion import AreaFacts, BodyFacts, CaseFacts, Occasion, happened
from domain.shared.values import AreaId, BodyId, CaseId, Sha256

ATTEMPTS = 8
"""How often a command without an expected version is decided anew when somebody else was faster."""


class Cases:
    def __init__(
        self,
        ledger: Ledger,
        register: JurisdictionRegister,
        rights: Rights,
        book: RuleBook,
        binder: Binder | None = None,
    ) -> None:
        self._ledger = ledger
        self.register = register
        self._rights = rights
        self.book = book
        self._binder = binder

    def open(self, id: CaseId, command: ReceiveRequest | RegisterCase, viewer: Viewer, asked: Asked) -> Receipt:
        """Begins a case."""
        check_role(viewer, type(command))

        def work(unit: Unit) -> UUID:
            self.act(unit, id, command, asked, expected=0)
            return id

        return self._ledger.carry_out(asked, work, from_memory=True)

    def change(self, id: CaseId, command: CaseCommand, viewer: Viewer, asked: Asked, expected: int | None) -> Receipt:
        """`expected`: the version that the asker saw; None: whatever it is now, for what others do not disturb."""

        def work(unit: Unit) -> UUID:
            self.carry_out(unit, id, command, viewer, asked, expected)
            return id

        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), expected)

    def carry_out(
        self,
        unit: Unit,
        id: CaseId,
        command: CaseCommand,
        viewer: Viewer,
        asked: Asked,
        expected: int | None = None,
        seed: UUID | None = None,
    ) -> None:
        """What somebody asks for: their right first, then the decision. `seed`: of one of several commands at once."""
        history = self.visible(unit.history(CASES, id), viewer, asked.now)
        check_right(viewer, command, history.state)
        self._check_reading(unit, command, history, viewer, asked.now)
        self.act(unit, id, command, asked, expected, seed, self._bound(command, unit.history(CASES, id)))

    def _bound(self, command: CaseCommand, history: History[DisputeCase]) -> Sha256 | None:
        """The file of a case that is archived: kept before that is recorded. Raises NotSet, FilesAway."""
        if not isinstance(command, ArchiveCase) or self._binder is None:
            return None
        state = history.state
        return None if state.status is not Status.CLOSED or missing_papers(state) else self._binder.bind(history)

    def _check_reading(
        self, unit: Unit, command: CaseCommand, history: History[DisputeCase], viewer: Viewer, now: datetime
    ) -> None:
        """Raises NotYourEntry, PersonNotTold, SeenInPart; UnknownStream of the other one of two cases."""
        sees_all = self.sees_all(viewer, history, now)
        if not sees_all:
            check_pointing(command, self.read(history, viewer, now).state, history.state)
        others = [command.into] if isinstance(command, MergeCase) else []
        if isinstance(command, CorrectEntry | StrikeEntry):
            amended = [one for one in standing(history.entries) if one.version in command.amended]
            check_amends(viewer, amended, history.state, sees_all)
            others = command.mergers(history) if isinstance(command, StrikeEntry) else []
        for other in others:
            if not self.sees_all(viewer, self.visible(unit.history(CASES, other), viewer, now), now):
                raise SeenInPart

    def act(
        self,
        unit: Unit,
        id: CaseId,
        command: CaseCommand,
        asked: Asked,
        expected: int | None = None,
        seed: UUID | None = None,
        file: Sha256 | None = None,
    ) -> None:
        """Decides and appends within a unit of work: one command, or many in one transaction; and what follows.

        `seed`: of which new ids are made; None: of the request, which is for one command only."""
        history = unit.history(CASES, id)
        refuse_stale(history, expected)
        on = self.occasion(command, asked)
        on = replace(on, seed=seed or on.seed, file=file)
        if isinstance(command, CorrectEntry):
            on = self._correcting(command, history, on)
        events = decide(history, command, on)
        unit.append(CASES, id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
        react(Happened(unit, id, events, on, asked, self.register, self.book))
        self._follow_merger(unit, id, on, asked)
        self._elsewhere(unit, history, command, on, asked)

    def _follow_merger(self, unit: Unit, id: CaseId, on: Occasion, asked: Asked) -> None:
        """What a body had closed that was merged since is the other one's once it is open again."""
        history = unit.history(CASES, id)
        case, body = history.state, on.body
        if case.status not in UNTIL_CLOSED or case.holder in {None, body.id}:
            return
        if case.holder in self.register.took_in(body.id):
            moved = tuple(body_merged(case, case.holder, body.id, body.level))
            unit.append(CASES, id, history.version, moved, on.occurred_at, asked=asked)

    def _elsewhere(
        self, unit: Unit, history: History[DisputeCase], command: CaseCommand, on: Occasion, asked: Asked
    ) -> None:
        """What other cases record of it, in the same transaction."""

        def record(id: UUID, events: Sequence[CaseEvent]) -> None:
            unit.append(CASES, id, unit.history(CASES, id).version, events, on.occurred_at, asked=asked)

        merged = CaseId(history.id)
        match command:
            case MergeCase():
                record(command.into, taken_in(unit.history(CASES, command.into).state, unit.history(CASES, merged)))
            case SplitCase():
                record(on.seed, command.split_off(history, on))
            case StrikeEntry():
                for into in command.mergers(history):
                    record(into, taken_back(unit.history(CASES, into), merged, on.narrative(command.reason, 91)))

    def _correcting(self, command: CorrectEntry, history: History[DisputeCase], on: Occasion) -> Occasion:
        """With the areas that it names, and the bodies that the entry names, as they were on the day of the entry."""
        old = next((one for one in standing(history.entries) if one.version == command.entry), None)
        if old is None:
            return on
        day = local_day(command.happened_at or old.occurred_at)
        event: Any = old.event
        named = {*ids(event, BodyId), *command.named(type(event), BodyId)}
        bodies = {id: facts for id in named if (facts := self._body(id, day))}
        areas = self._areas(iter(command.named(type(event), AreaId)), day)
        return replace(on, areas=areas, bodies={**on.bodies, **bodies})

    def history(self, id: CaseId, viewer: Viewer, now: datetime, asked: Standpoint = PRESENT) -> History[DisputeCase]:
        """What the viewer may read of it, as it was. Raises UnknownStream, also where they may not know of it."""
        return as_it_was(self.read(self.whole(id), viewer, now, asked), asked)

    def whole(self, id: CaseId) -> History[DisputeCase]:
        """All that is recorded of it: not to be shown."""
        return self._ledger.history(CASES, id)

    def read(
        self, history: History[DisputeCase], viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> History[DisputeCase]:
        """All of its entries, as far as the viewer may read those of that moment. Raises UnknownStream."""
        known = self.visible(history, viewer, now, asked)
        return as_reached(withheld(known), viewer, self.reach(viewer, known, now, asked))

    def state(
        self,
        id: CaseId,
        viewer: Viewer,
        now: datetime,
        at: KnownAt | None = None,
        effective_at: datetime | None = None,
    ) -> DisputeCase:
        """As it is, or was, for what can be done: not to be shown. Raises UnknownStream."""
        history = self.visible(self._ledger.history(CASES, id), viewer, now)
        return beside(history, at, effective_at).state if at else history.state

    def reach(self, viewer: Viewer, history: History[DisputeCase], now: datetime, asked: Standpoint = PRESENT) -> Reach:
        """How much of the case they read, of that moment."""
        return reach_of(self._rights, viewer, history, now, asked)

    def sees_all(
        self, viewer: Viewer, history: History[DisputeCase], now: datetime, asked: Standpoint = PRESENT
    ) -> bool:
        """Whether nothing of the case is kept from them."""
        return self.reach(viewer, history, now, asked) is Reach.ALL

    def visible(
        self, history: History[DisputeCase], viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> History[DisputeCase]:
        if not history.entries or self.reach(viewer, history, now, asked) is Reach.NOTHING:
            raise UnknownStream(id=history.id)
        looked_at([history.id])
        return history

    def occasion(
        self, command: Command[Any], asked: Asked, case: DisputeCase | None = None, also: Iterable[BodyId] = ()
    ) -> Occasion:
        """`case`: the one that a command of another context is about; `also`: bodies that it needs to know of."""
        occurred_at = happened(command.occurred_at, asked.now)
        day = local_day(occurred_at)
        body = self._body(asked.body, day)
        if body is None:
            raise UnknownBody(body=asked.body)
        named: set[Any] = {*ids(command, BodyId), body.id, body.answers_for, *also}
        named |= {case.holder} if case and case.holder else set()
        bodies = {id: facts for id in named if (facts := self._body(id, day))}
        return Occasion(
            by=asked.by,
            body=body,
            occurred_at=occurred_at,
            now=asked.now,
            seed=asked.request,
            calendar=self.book.calendar(),
            local=self.book.local(body.area, day),
            on_behalf_of=command.on_behalf_of,
            areas=self._areas(ids(command, AreaId), day),
            bodies=bodies,
            desks=self.register.desks(body.area, day) if command.needs_desks else frozenset(),
            case=facts_of(case) if case else None,
            within={id: self._path(facts.area, day) for id, facts in bodies.items()} if case else {},
        )

    def _path(self, area: AreaId, day: date) -> frozenset[AreaId]:
        return frozenset(one.id for one in self.register.path(area, day))

    def _areas(self, ids: Iterator[Any], day: date) -> dict[AreaId, AreaFacts]:
        """With the areas that they lie in."""
        known = ((id, self.register.area(id, day)) for id in ids)
        return {id: facts.but(within=self._path(id, day)) for id, facts in known if facts}

    def _body(self, id: BodyId, day: date) -> BodyFacts | None:
        return self.register.body(id, day)


def refuse_stale(history: History[Any], expected: int | None) -> None:
    """Raises VersionMismatch where the asker saw another version."""
    if expected is not None and expected != history.version:
        raise VersionMismatch(expected=expected, actual=history.version)


def facts_of(case: DisputeCase) -> CaseFacts:
    """What referrals and escalations need to know of it. Raises UnknownStream before it is registered."""
    if not case.holder or not case.level or not case.registered_at:
        raise UnknownStream(id=case.id)
    active = case.active_mediation
    present = case.present_parties
    open_matters = [one for one in case.proceedings if not one.over]
    return CaseFacts(
        id=case.id,
        registered_at=case.registered_at,
        last_step=max(one for one in (case.registered_at, case.held_since, case.last_step) if one),
        holder=case.holder,
        holder_level=case.level,
        parties=present,
        applicants=frozenset(id for id in present if case.parties[id].side is Side.APPLICANT),
        mediated_by=active.body if active else None,
        filed=any(one.is_filed_suit for one in open_matters),
        petition=any(one.organ is OrganKind.PETITION for one in open_matters),
        complex=case.difficulty in {Difficulty.COMPLEX, Difficulty.MAJOR},
    )


def again_if_overtaken(attempt: Callable[[], Receipt], expected: int | None) -> Receipt:
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except VersionMismatch:
            if expected is not None:
                raise
    return attempt()
