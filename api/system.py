"""What a route, a page, the command line or the worker may ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from api.sessions import Sessions
from application.case.service import Cases
from application.directory import Directory, OfficerNames
from application.escalation.service import Escalations
from application.figures.case_figures import CaseBoard
from application.figures.handover_figures import MovingBoard
from application.jurisdiction import Areas, Bodies, JurisdictionRegister
from application.office import OfficeRegister, Officers, Passwords
from application.ports import Ledger, Receipt
from application.privacy import Privacy
from application.proof import Log, Receipts
from application.referral.service import Referrals
from application.rights import Rights
from application.rules import RuleBook, Rules
from application.sheets.areas import AreaSheets
from application.sheets.bodies import BodySheets
from application.sheets.changes import ChangeSheets
from application.sheets.officers import OfficerSheets
from application.timers import Timers
from domain.shared.values import OfficerId

T = TypeVar("T")


class ReadModelStanding(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def behind(self) -> int: ...
    @property
    def age(self) -> float: ...
    @property
    def parked(self) -> int: ...


class InTurn(Protocol):
    """Carries out on a loop what waits now and then, while the loop goes on with others."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


@dataclass
class System:
    """Made by api.wiring, the only place that sees every layer."""

    ledger: Ledger
    cases: Cases
    referrals: Referrals
    escalations: Escalations
    timers: Timers
    moving: MovingBoard
    areas: Areas
    bodies: Bodies
    sheets: AreaSheets
    changes: ChangeSheets
    body_sheets: BodySheets
    officer_sheets: OfficerSheets
    officers: Officers
    rules: Rules
    rule_book: RuleBook
    passwords: Passwords
    register: JurisdictionRegister
    office: OfficeRegister
    directory: Directory
    officer_names: OfficerNames
    rights: Rights
    board: CaseBoard
    log: Log
    receipts: Receipts
    privacy: Privacy
    sessions: Sessions
    keyed_hash: Callable[[str, bytes], bytes]
    wait: Callable[[int], int]
    catch_up: Callable[[], int]
    status: Callable[[], Sequence[ReadModelStanding]]
    check_whole: Callable[[], None]
    """Raises ReadModelsFilling while a read model is being made anew: what it does not have may yet come."""
    now: Callable[[], datetime]
    in_turn: InTurn
    metrics: Callable[[], bytes]
    """In Prometheus' text form."""
    is_parked: Callable[[UUID], bool]
    """Whether a list does not show yet what was recorded of this stream, for an event of it could not be read."""
    _seen: dict[OfficerId, int] = field(default_factory=dict)

    def saw(self, officer: OfficerId, receipt: Receipt) -> None:
        """Remembers how far this officer's own decisions go: their next read waits for that."""
        self._seen[officer] = max(receipt.position, self._seen.get(officer, 0))

    def last_seen(self, officer: OfficerId) -> int:
        return self._seen.get(officer, 0)
