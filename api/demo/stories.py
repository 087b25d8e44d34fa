"""Invented disputes: how one begins, is mediated, comes out and is put into the archive, with a real year's rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from uuid import uuid5

from api.demo.mix import LEVELS, MEDIAN_DAYS, OUTCOMES, SOURCES, beginning, draw, winter_wages
from api.demo.names import person_name
from api.demo.steps import (
    CLOSED_BY_LAW,
    DAY,
    HOUR,
    Committee,
    Make,
    Step,
    at,
    consent,
    phone,
    side,
    unless_in_effect,
    working_hours,
)
from api.demo.texts import FACTS, PROMISES, RECORDS, TERMS
from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.ending.closing import ArchiveCase, CloseCase, ReopenCase, fitting_results
from domain.case.ending.follow_up import FollowUp, RecordSatisfaction
from domain.case.ending.performance import PerformObligation
from domain.case.kinds import (
    AgreementForm,
    Category,
    DeclineGround,
    Difficulty,
    EndGround,
    Paper,
    Risk,
    Satisfaction,
    Side,
)
from domain.case.mediating.agreement import Promise, ReachAgreement
from domain.case.mediating.confirmation import ApplyForConfirmation, GrantConfirmation
from domain.case.mediating.mediation import EndMediation
from domain.case.mediating.mediators import AcceptMediator, ProposeMediator
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediating.sessions import HoldSession, ScheduleSession
from domain.case.mediating.signing import SealAgreement, SignAgreement, SignAsMediator
from domain.case.mediating.starting import StartMediation
from domain.case.opening.acceptance import AcceptCase, DeclineCase
from domain.case.opening.classification import RateDifficulty, StateAmount
from domain.case.opening.intake import RegisterCase
from domain.case.opening.parties import CheckIdentity, TellRights
from domain.case.people import NewParty
from domain.case.record.papers import FilePaper
from domain.shared.calendar import local_day
from domain.shared.values import CaseId, Level

IN_WRITING = frozenset({Category.LABOUR, Category.MEDICAL})
"""Whose agreements the law asks for in writing."""


class Story:
    """One dispute. `late`: how long after they happened its entries are recorded."""

    mediation = 1
    """The number of the one that goes on."""
    oral = 0.2
    """How many of a village's agreements are oral."""

    def __init__(self, number: int, source: Random, committee: Committee, begin: datetime) -> None:
        self.case = CaseId(uuid5(committee.body, f"case {number}"))
        self.steps: list[Step] = []
        self._random = source
        self._committee = committee
        village = committee.level is Level.VILLAGE
        self._late = timedelta(days=source.choice((0, 0, 0, 1, 2, 3, 5, 9))) if village else timedelta(0)
        self._now = begin
        self._category = draw(source, winter_wages(begin))
        self._names = [person_name(source) for _ in range(2)]
        self._mediator = committee.members[0] if source.random() < 0.7 else committee.members[1]

    def tell(self) -> None:
        outcome = draw(self._random, OUTCOMES)
        self._register()
        if outcome == "declined":
            self._after(HOUR, lambda _: DeclineCase(because=DeclineGround.NOT_CIVIL, remedies_told=True))
            return
        self._accept()
        if outcome == "refused":
            self._refuse()
        else:
            self._mediate()
            self._come_out(outcome)
        self._close()

    def _after(self, wait: timedelta, make: Make) -> None:
        """The next step, so long after the last; nights are left out."""
        self._now = working_hours(self._now + wait)
        happened = self._now
        made = Step(self.case, self._mediator, self._committee.body, happened + self._late, at(happened, make))
        self.steps.append(made)

    def _register(self) -> None:
        facts = self._random.choice(FACTS[self._category])
        parties = (
            NewParty(side=Side.APPLICANT, name=self._names[0], phone=phone(self._random)),
            NewParty(side=Side.RESPONDENT, name=self._names[1], phone=phone(self._random)),
        )
        command = RegisterCase(
            place=self._committee.area,
            facts=facts,
            source=draw(self._random, SOURCES),
            category=self._category,
            risk=draw(self._random, {Risk.LOW: 80, Risk.YELLOW: 14, Risk.ORANGE: 5, Risk.RED: 1}),
            parties=parties,
        )
        self._after(timedelta(0), lambda _: command)
        difficulty = draw(self._random, {Difficulty.SIMPLE: 70, Difficulty.ORDINARY: 30})
        self._after(HOUR / 6, lambda _: RateDifficulty(difficulty=difficulty))

    def _accept(self) -> None:
        self._after(HOUR * self._random.randint(1, 20), lambda _: AcceptCase())
        self._prepare()

    def _prepare(self) -> None:
        self._after(HOUR / 12, lambda case: TellRights(parties=tuple(sorted(case.present_parties))))
        for paper in (Paper.ACCEPTANCE, Paper.RIGHTS_NOTICE, Paper.IDENTITY):
            self._file(paper)
        self._after(HOUR / 12, lambda case: CheckIdentity(party=side(case, Side.APPLICANT)))
        self._after(HOUR / 12, lambda case: consent(case, Side.APPLICANT))

    def _file(self, paper: Paper) -> None:
        hash = sha256(f"{self.case} {paper}".encode()).hexdigest()
        self._after(HOUR / 30, lambda _: FilePaper(paper=paper, sha256=hash))

    def _refuse(self) -> None:
        self._after(HOUR * 5, lambda case: RefuseMediation(party=side(case, Side.RESPONDENT)))
        self._end(EndGround.REFUSED)

    def _end(self, because: EndGround) -> None:
        number = self.mediation
        self._after(HOUR, lambda _: EndMediation(mediation=number, because=because, remedies_told=True))

    def _mediate(self) -> None:
        number = self.mediation
        mediator = self._mediator
        self._after(HOUR * self._random.randint(1, 30), lambda case: consent(case, Side.RESPONDENT))
        self._after(HOUR / 12, lambda _: ProposeMediator(mediation=number, mediator=mediator))
        self._after(
            HOUR / 12,
            lambda case: AcceptMediator(
                mediation=number, mediator=mediator, parties=tuple(sorted(case.present_parties))
            ),
        )
        self._after(HOUR / 12, lambda _: StartMediation(mediation=number))
        if self._random.random() < 0.2:
            amount = self._random.randrange(1_000, 80_000) * 100
            self._after(HOUR / 12, lambda _: StateAmount(amount=amount))
        days = min(self._random.lognormvariate(0, 0.7) * MEDIAN_DAYS[self._committee.level] * 0.7, self._longest())
        meeting = working_hours(self._now + DAY * days)
        self._after(HOUR / 12, lambda _: ScheduleSession(mediation=number, at=meeting, where="调解室"))
        self._now = meeting
        record = self._random.choice(RECORDS)
        self._after(
            timedelta(0),
            lambda case: HoldSession(
                mediation=number, session=1, attended=tuple(sorted(case.present_parties)), record=record
            ),
        )
        self._file(Paper.MEDIATION_RECORD)

    def _longest(self) -> float:
        """Days to the meeting: where the law closes what takes too long, it does not take so long."""
        return CLOSED_BY_LAW if self._category is Category.MEDICAL else 90

    def _come_out(self, outcome: str) -> None:
        number = self.mediation
        if outcome == "agreed":
            self._agree()
        elif outcome == "self-settled":
            self._after(HOUR, lambda _: EndMediation(mediation=number, because=EndGround.SELF_SETTLED))
        else:
            self._end(EndGround.FAILED if outcome == "failed" else EndGround.OUT_OF_CONTACT)

    def _agree(self) -> None:
        number = self.mediation
        oral = self._random.random() < self.oral and self._committee.level is Level.VILLAGE
        oral = oral and self._category not in IN_WRITING
        wait = self._random.randint(2, 30)
        terms, promised = self._random.choice(TERMS), self._random.choice(PROMISES)
        due = local_day(self._now) + timedelta(days=wait + 3)

        def reach(case: DisputeCase) -> CaseCommand:
            promise = Promise(obligor=side(case, Side.RESPONDENT), what=promised, due=due)
            form = AgreementForm.ORAL if oral else AgreementForm.WRITTEN
            return ReachAgreement(mediation=number, form=form, terms=terms, manner="当面履行", obligations=(promise,))

        self._after(HOUR, reach)
        if not oral:
            self._sign()
        self._file(Paper.ORAL_AGREEMENT if oral else Paper.AGREEMENT)
        if not oral and self._random.random() < 0.06:
            self._confirm()
        late = self._random.random() < 0.07
        self._after(DAY * (wait + (9 if late else 0)), lambda _: PerformObligation(mediation=number, obligation=1))
        self._file(Paper.PERFORMANCE_PROOF)

    def _sign(self) -> None:
        number = self.mediation
        mediator = self._mediator
        self._after(HOUR / 30, lambda case: SignAgreement(mediation=number, party=side(case, Side.APPLICANT)))
        self._after(HOUR / 30, lambda case: SignAgreement(mediation=number, party=side(case, Side.RESPONDENT)))
        for made in (SignAsMediator(mediation=number, mediator=mediator), SealAgreement(mediation=number)):
            self._after(HOUR / 30, unless_in_effect(number, made))

    def _confirm(self) -> None:
        number = self.mediation
        self._after(
            DAY * self._random.randint(1, 10),
            lambda case: ApplyForConfirmation(
                mediation=number,
                applicants=tuple(sorted(case.present_parties)),
                court="青溪县人民法院",
                court_body=case.mediations[number].sender,
            ),
        )
        self._after(DAY * 5, lambda _: GrantConfirmation(mediation=number, ruling="（司法确认）裁定有效"))

    def _close(self) -> None:
        if self._random.random() < 0.8:
            self._after(DAY * 2, lambda _: FollowUp(findings="电话回访，双方情绪稳定，无新的矛盾。"))
            answer = draw(
                self._random, {Satisfaction.SATISFIED: 88, Satisfaction.NEUTRAL: 8, Satisfaction.DISSATISFIED: 4}
            )
            self._after(
                HOUR / 6, lambda case: RecordSatisfaction(party=side(case, Side.APPLICANT), satisfaction=answer)
            )
            self._file(Paper.FOLLOW_UP)
        self._after(HOUR, lambda case: CloseCase(result=min(fitting_results(case))))
        if self._random.random() < 0.01:
            self._after(DAY * 12, lambda _: ReopenCase(reason="当事人反映又起争执"))
        else:
            self._after(DAY * 3, lambda _: ArchiveCase())


def story(number: int, source: Random, committees: Sequence[Committee], start: datetime, days: int) -> Story:
    """One that stays with the body that registered it."""
    level = draw(source, LEVELS)
    made = Story(
        number, source, source.choice([one for one in committees if one.level is level]), beginning(source, start, days)
    )
    made.tell()
    return made
