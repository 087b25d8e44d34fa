"""What lists and figures are asked, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, get_args
from uuid import UUID

from annotated_types import Ge, Le

from application.case.listed import value_with_listed
from application.case.row import Card
from application.figures.asking import AGES, View
from application.figures.definitions import FigureKey
from application.figures.queues import Queue, Sort
from application.rights import Scope
from domain.case.case import Status
from domain.case.kinds import Category, Result, Risk, Source
from domain.case.mediations import Stage
from domain.case.opening.listed import LISTED_FIELDS
from domain.case.people import NewParty
from domain.shared.values import AreaId, Channel, Day, Level, Line, Value

Position = Annotated[int, Ge(0), Le(2**63 - 2)]
if TYPE_CHECKING:
    ChannelTold = str
    CameOut = str
    AgeKey = str
else:
    ChannelTold = Literal[(*Channel, "none")]
    CameOut = Literal[(*Result, "agreed", "going-on")]
    AgeKey = Literal[tuple(str(number) for number in range(len(AGES) + 1))]


class Move(StrEnum):
    """What happened to a case between desks or levels in the window."""

    REFERRED = "referred"  # 分流转办
    IN_TIME = "in-time"  # 按时答复
    REJECTED = "rejected"  # 未被接受
    SILENT = "silent"  # 逾期未答
    RETURNED = "returned"  # 已反馈
    BOUNCED = "bounced"  # 被退回
    ESCALATED = "escalated"  # 上报、提级
    SENT_BACK = "sent-back"  # 退回下级
    BY_CLOCK = "by-clock"  # 逾期自动上报
    SUPERVISED = "supervised"  # 挂牌督办

    @property
    def figure(self) -> str:
        """The key of the figure that counts it."""
        return self.value.replace("-", "_")


@value_with_listed(lambda one: (one.hint | None, None))
class CaseFilter(Value):
    """Each left out: any. Days: Asia/Shanghai, `until` included. With a wish for each listed field, as a whole."""

    status: Status | None = None
    stage: Stage | None = None
    area: UUID | None = None
    body: UUID | None = None
    category: Category | None = None
    source: Source | None = None
    risk: Risk | None = None
    result: Result | None = None
    level: Level | None = None
    channel: ChannelTold | None = None
    """Of its last mediation; `none`: nobody has taken it up."""
    came_out: CameOut | None = None
    """Its result; `agreed`: settled, and not yet closed; `going-on`: neither."""
    age: AgeKey | None = None
    """For how long it is there: past so many of 7, 30, 90 and 180 days."""
    mediator: UUID | None = None
    overdue: bool | None = None
    """Whether the next thing that is due was due before the day."""
    due_until: Day | None = None
    imported: bool | None = None
    """Whether another system had kept it."""
    flagged: bool | None = None
    """Whether its imported history breaks a rule."""
    words: Line = ""
    """Words of the facts; or the number of a case, or the end of it: those come first."""
    party: Line = ""
    """A name or two characters of it, its pinyin or the initials; a number or an address as a whole, for whoever may
    see those."""
    since: Day | None = None
    until: Day | None = None
    outcome: FigureKey | None = None
    """The figure whose cases are listed."""
    moved: Move | None = None
    """How the listed cases moved in the window. Cases that bounced go by the day of their registration."""
    queue: Queue | None = None
    """What waits on the reader's own desk, and why."""
    day: Day | None = None
    """By which day is asked what waits or is overdue, and what is counted; None: today, or the last day of the window
    where that is over."""
    position: Position | None = None
    """After which entry of the ledger what is counted was known so; None: now."""
    known: Day | None = None
    """The same by a day: what was recorded until its end."""
    view: View | None = None
    """To whom a matter counts; None: to the place where it arose, for whoever answers for places."""
    cohort: bool = False
    """Whether the days are those of registration, whatever the outcome (basis C)."""


COLUMNS = tuple(
    name
    for name, field in CaseFilter.model_fields.items()
    if name not in LISTED_FIELDS
    and any(
        isinstance(one, type) and issubclass(one, StrEnum) and one not in (Move, Queue, View)
        for one in get_args(field.annotation)
    )
)
"""The wishes that name a word of a column of the list, each called as its column is."""
ASKED_OTHERWISE = frozenset(
    {"area", "body", "mediator", "overdue", "due_until", "imported", "flagged", "words", "party"}
    | {"queue", "day", "view", "channel", "came_out", "age"}
)
"""Wishes that a list has a way of its own for: infrastructure/read_models/case_condition.py."""
COUNTING = frozenset({"since", "until", "outcome", "moved", "cohort", "position", "known"})
"""What is counted, and when."""
_ASKED_BY_NOBODY = frozenset(CaseFilter.model_fields) - {*COLUMNS, *LISTED_FIELDS, *ASKED_OTHERWISE, *COUNTING}
if _ASKED_BY_NOBODY:
    raise TypeError(f"nothing asks for these wishes, so that a list would show everything: {sorted(_ASKED_BY_NOBODY)}")


class CardPage(Value):
    """`after`: where the next page begins, or None on the last one."""

    model_config = Value.model_config | {"arbitrary_types_allowed": True}
    cards: tuple[Card, ...]
    after: str | None


class KnownDisputes(Value):
    """What seems to be known already of persons who are about to be registered. `elsewhere`: the bodies that hold such
    a case which the reader does not see: nothing else of it is told."""

    model_config = Value.model_config | {"arbitrary_types_allowed": True}
    cards: tuple[Card, ...] = ()
    elsewhere: tuple[UUID, ...] = ()


class CaseBoard(Protocol):
    def cards(
        self,
        scope: Scope,
        wanted: CaseFilter,
        after: str | None = None,
        limit: int = 50,
        sort: Sort | None = None,
    ) -> CardPage: ...

    def by_code(self, code: str) -> UUID | None: ...

    def known(self, scope: Scope, persons: Iterable[NewParty], near: AreaId, limit: int) -> KnownDisputes: ...

    def queues(self, scope: Scope, day: date) -> Mapping[Queue, int]:
        """How many wait in each queue of the reader's own bodies: as many as its list has."""
        ...

    def count(self, scope: Scope, wanted: CaseFilter) -> int: ...

    def of(self, scope: Scope, ids: Sequence[UUID]) -> Mapping[UUID, Card]:
        """Those of them that the reader may see."""
        ...
