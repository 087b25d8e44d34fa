"""What routes, pages, the command line and the worker may ask for, in groups; a route asks for one service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from application.case.amendments import AmendmentBoard
from application.case.composites import Composites
from application.case.files import CaseFiles
from application.case.replay import Replays
from application.case.service import Cases
from application.directory import Directory
from application.drafts import Drafts
from application.escalation.service import Escalations
from application.figures.case_figures import CaseBoard
from application.figures.handover_figures import HandoverBoard
from application.figures.numbers import FigureBoard
from application.jurisdiction import Areas, Bodies, JurisdictionRegister
from application.jurisdiction_mergers import BodyMergers
from application.legacy.running import LegacyRuns
from application.looks import LookLog
from application.naming import NameRegister
from application.office import OfficeRegister, OfficerLists, Officers, Passwords, Sessions
from application.office_sign_on import SignOn
from application.office_tokens import ServiceTokens
from application.papers.press import Engraver
from application.papers.service import Papers
from application.ports import Ledger, Receipt
from application.privacy import Privacy
from application.proof import Proofs, Receipts
from application.publication import PublishedFigures, Publishing
from application.referral.service import Referrals
from application.rights import Rights, Viewer
from application.rules import RuleBook, Rules
from application.sheets.areas import AreaSheets
from application.sheets.bodies import BodySheets
from application.sheets.changes import ChangeSheets
from application.sheets.officers import OfficerSheets
from application.signal.service import FindingBoard, PatternBoard, Signals
from application.sweep.board import SweepBoard
from application.sweep.duties import Duties
from application.sweep.meetings import Campaigns, SweepMeetings
from application.sweep.service import Sweeps
from application.timers import Timers
from application.uploads import Uploads
from domain.shared.acting import ActingAs
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


class ParkedStream(Protocol):
    @property
    def model(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def event(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def attempts(self) -> int: ...


class Searches(Protocol):
    """What was searched for, sealed for an address: there it is read by nobody else."""

    def sealed(self, wishes: Mapping[str, str]) -> str: ...

    def opened(self, mark: str) -> Mapping[str, str] | None:
        """None: it cannot be read any more, or never could."""
        ...


class InTurn(Protocol):
    """Carries out on a loop what waits now and then, while the loop goes on with others."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


@dataclass(frozen=True)
class SweepWork:
    """Use cases of sweeps."""

    reports: Sweeps
    meetings: SweepMeetings
    campaigns: Campaigns
    duties: Duties


@dataclass(frozen=True)
class Deciding:
    """Use cases on disputes."""

    cases: Cases
    composites: Composites
    files: CaseFiles
    papers: Papers
    referrals: Referrals
    escalations: Escalations
    replays: Replays
    timers: Timers
    privacy: Privacy
    sweeps: SweepWork
    in_turn: InTurn
    acting: Callable[[Viewer, date], ActingAs]
    keyed_hash: Callable[[str, bytes], bytes]
    """Of what a request says, beside its Idempotency-Key."""


@dataclass(frozen=True)
class Administering:
    """Use cases on areas, bodies, officers and rules, one by one or by the sheet."""

    areas: Areas
    bodies: Bodies
    officers: Officers
    rules: Rules
    publishing: Publishing
    signals: Signals
    sheets: AreaSheets
    changes: ChangeSheets
    mergers: BodyMergers
    body_sheets: BodySheets
    officer_sheets: OfficerSheets
    legacy: LegacyRuns
    unfolded: Callable[[bytes], bytes]
    """The text of a file; of a workbook, that of the first sheet that it shows. Raises FileRefused."""


@dataclass(frozen=True)
class Reading:
    """What lists, boards and proofs show."""

    board: CaseBoard
    figures: FigureBoard
    engraver: Engraver
    published: PublishedFigures
    patterns: PatternBoard
    findings: FindingBoard
    searches: Searches
    handovers: HandoverBoard
    directory: Directory
    officers: OfficerLists
    names: NameRegister
    amendments: AmendmentBoard
    proof: Proofs
    receipts: Receipts
    sweeps: SweepBoard


@dataclass(frozen=True)
class Registers:
    """What is looked up: who and what there is, and what holds."""

    register: JurisdictionRegister
    office: OfficeRegister
    rule_book: RuleBook
    """Of this moment: the one that decisions look up is remembered for a second, and stands in no group."""


@dataclass(frozen=True)
class Access:
    """Who comes in."""

    passwords: Passwords
    sessions: Sessions
    rights: Rights
    tokens: ServiceTokens
    sign_on: SignOn | None
    """The county's own login, where it has one."""


class Traffic(Protocol):
    """Counts what is asked over HTTP."""

    def began(self) -> None: ...

    def ended(self, route: str, method: str, status: str, seconds: float) -> None: ...


@dataclass(frozen=True)
class Standing:
    """How far the read models are, and whether all is well."""

    ledger: Ledger
    wait: Callable[[int], int]
    catch_up: Callable[[], int]
    status: Callable[[], Sequence[ReadModelStanding]]
    check_whole: Callable[[], None]
    """Raises ReadModelsFilling while a read model is being made anew: what it does not have may yet come."""
    is_parked: Callable[[UUID], bool]
    """Whether a list does not show yet what was recorded of this stream, for an event of it could not be read."""
    parked: Callable[[], Sequence[ParkedStream]]
    """Streams that a list cannot take in. The one that has waited longest comes first."""
    sealed: Callable[[], tuple[int, float]]
    """How many events are signed for, and for how many seconds the first that is not has waited."""
    metrics: Callable[[], bytes]
    """In Prometheus' text form."""
    traffic: Traffic
    worker: Callable[[], Mapping[str, float]]
    """Seconds since each part of the worker looked last; nothing of one that never ran."""
    overdue: Callable[[datetime], int]
    """How many clocks have run out and wait for the worker."""
    room: Callable[[], int]
    """Bytes that are left for new keys: without them nothing personal is recorded."""


@dataclass(frozen=True)
class Seen:
    """How far each officer's own decisions go: their next read waits for that."""

    _positions: dict[OfficerId, int] = field(default_factory=dict)

    def saw(self, officer: OfficerId, receipt: Receipt) -> None:
        self._positions[officer] = max(receipt.position, self._positions.get(officer, 0))

    def last(self, officer: OfficerId) -> int:
        return self._positions.get(officer, 0)


@dataclass(frozen=True)
class System:
    """Made by api.wiring, the only place that sees every layer."""

    deciding: Deciding
    administering: Administering
    reading: Reading
    registers: Registers
    access: Access
    standing: Standing
    drafts: Drafts
    uploads: Uploads
    looks: LookLog
    now: Callable[[], datetime]
    seen: Seen = field(default_factory=Seen)
