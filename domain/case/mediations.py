"""The state of one mediation of a case, its agreement included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from domain.case.kinds import AgreementForm, CourtRemedy, EndGround, Extent, Mandate, Nature
from domain.shared.law import Due
from domain.shared.states import State
from domain.shared.values import BodyId, Channel, Fen, OfficerId, PersonId, ReferralId


class Stage(StrEnum):
    OPENED = "opened"  # 已受理,待同意
    CONSENTED = "consented"  # 各方同意
    UNDER_WAY = "under-way"  # 调解中
    PAUSED = "paused"  # 中止(鉴定)
    AGREED = "agreed"  # 达成协议,待生效
    IN_EFFECT = "in-effect"  # 协议生效
    ENDED = "ended"  # 终止


ACTIVE = frozenset({Stage.OPENED, Stage.CONSENTED, Stage.UNDER_WAY, Stage.PAUSED, Stage.AGREED})
BEFORE_AGREEMENT = frozenset({Stage.OPENED, Stage.CONSENTED, Stage.UNDER_WAY, Stage.PAUSED})


PASSED_ON = frozenset({EndGround.REFERRED, EndGround.ESCALATED})
"""It ended there because it goes on elsewhere."""


class SessionState(StrEnum):
    SCHEDULED = "scheduled"  # 已预约
    HELD = "held"  # 已举行
    ADJOURNED = "adjourned"  # 已改期


class Confirmation(StrEnum):
    APPLIED = "applied"  # 已申请
    GRANTED = "granted"  # 裁定有效
    DISMISSED = "dismissed"  # 驳回
    REVOKED = "revoked"  # 撤销


class Mediator(State):
    accepted_by: frozenset[PersonId] = frozenset()
    acknowledged: bool = False


class ObligationState(State):
    amount: Fen
    due: date | None
    paid: Fen = 0
    done_at: datetime | None = None
    breached: bool = False

    @property
    def left(self) -> Fen:
        return self.amount - self.paid

    @property
    def is_open(self) -> bool:
        return self.is_owed and not self.breached

    @property
    def is_owed(self) -> bool:
        return self.done_at is None


class Agreement(State):
    form: AgreementForm
    extent: Extent
    nature: Nature
    reached_at: datetime
    obligations: Mapping[int, ObligationState] = field(default_factory=dict)
    signed: Mapping[PersonId, datetime] = field(default_factory=dict)
    mediator_signed_at: datetime | None = None
    sealed_at: datetime | None = None
    court_document_at: datetime | None = None
    confirm: Due | None = None
    """Until when the court may be asked; None: it is not asked, or the agreement is not yet in effect."""
    confirmation: Confirmation | None = None
    admit: Due | None = None
    """Until when the court accepts the application, or declines it."""
    decide: Due | None = None
    """Until when the court rules; None: it has not accepted the application."""
    remedy: CourtRemedy | None = None
    """What the court was asked for and has not decided."""
    decide_extended: bool = False
    """The president of the court gave it ten more days, once."""
    taken_back: bool = False
    """The application to the court was taken back, and that undid what was resolved."""
    enforce: Due | None = None
    """Until when the court may be asked to enforce what it has confirmed."""

    @property
    def is_broken(self) -> bool:
        """Something is breached and still owed, or the court did not confirm it, or no longer."""
        breached = any(one.breached and one.is_owed for one in self.obligations.values())
        return breached or self.confirmation in (Confirmation.DISMISSED, Confirmation.REVOKED)

    @property
    def confirm_by(self) -> date | None:
        return self.confirm.day if self.confirm else None


class Mediation(State):
    number: int
    channel: Channel
    body: BodyId
    mandate: Mandate = Mandate.OWN
    on_platform: bool = False
    """On the court's mediation platform: there the last party's e-signature gives effect."""
    stage: Stage = Stage.OPENED
    since: datetime
    opened_at: datetime
    conclude: Due | None = None
    also: tuple[Due, ...] = ()
    referral: ReferralId | None = None
    """The accepted offer that it was opened on."""
    sender: BodyId | None = None
    """Who handed it over, as far as that is known by its body."""
    joint: frozenset[BodyId] = frozenset()
    """Bodies that were invited and mediate along."""
    file_number: str = ""
    consents: frozenset[PersonId] = frozenset()
    withdrawn: frozenset[PersonId] = frozenset()
    """The parties who refused it or took their consent back, until they consent again."""
    closed_doors: frozenset[PersonId] = frozenset()
    """The parties who asked that it be not public."""
    mediators: Mapping[OfficerId, Mediator] = field(default_factory=dict)
    recused: frozenset[OfficerId] = frozenset()
    participants: frozenset[PersonId] = frozenset()
    sessions: Mapping[int, SessionState] = field(default_factory=dict)
    agreement: Agreement | None = None
    ground: EndGround | None = None
    remedies_told: bool = False
    remedies_due: bool = False
    """It ended by itself, and the parties are still to be told of arbitration, administrative and court remedies."""

    @property
    def conclude_by(self) -> date | None:
        return self.conclude.day if self.conclude else None

    @property
    def is_concluded(self) -> bool:
        """It came to something: an agreement in effect, or an end that did not pass it on."""
        return self.stage is Stage.IN_EFFECT or (self.stage is Stage.ENDED and self.ground not in PASSED_ON)

    @property
    def reached(self) -> Agreement:
        """The agreement, in a stage that has one."""
        assert self.agreement is not None
        return self.agreement

    def accepted_mediators(self, parties: frozenset[PersonId]) -> list[OfficerId]:
        return sorted(id for id, one in self.mediators.items() if parties <= one.accepted_by)
