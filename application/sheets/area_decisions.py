"""区划变更的决定 What a person decides of a new sheet of areas: which goes on as which, and what became of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from domain.jurisdiction.imports import Plan
from domain.jurisdiction.successions import KnownArea
from domain.shared.errors import Conflict
from domain.shared.sheets import Fault, Reason, in_order, made_of, shown, table_in, wrong_header
from domain.shared.values import Level, Value

COLUMNS = ("change", "code", "into")
SHOWN = (*COLUMNS, "name", "level", "inside", "to_name", "beside")
"""The columns of a plan that is written for a person: the first three are given back, the others tell about them."""


class Choice(StrEnum):
    """What a row says, and what its column `into` then holds."""

    RECODE = "recode"  # 变更代码: the new code
    RENAME = "rename"  # 更名: the new name
    MERGE = "merge"  # 并入: the code of the area that goes on
    SPLIT = "split"  # 拆分: the codes of the areas that come after it, with blanks between them
    ABOLISH = "abolish"  # 撤销: nothing
    KEEP = "keep"  # 保留: nothing; it stays as the register has it
    FOUND = "found"  # 设立: nothing; the code was that of an area which has ended, and this is another one


CHINESE: Mapping[str, Choice] = {
    "变更代码": Choice.RECODE,
    "更名": Choice.RENAME,
    "并入": Choice.MERGE,
    "拆分": Choice.SPLIT,
    "撤销": Choice.ABOLISH,
    "保留": Choice.KEEP,
    "设立": Choice.FOUND,
}
FOR_AN_AREA = frozenset(Choice) - {Choice.FOUND, Choice.RENAME}
MAY_BE = {
    "recoded": FOR_AN_AREA,
    "gone": FOR_AN_AREA,
    "unlike": FOR_AN_AREA - {Choice.RECODE} | {Choice.RENAME},
    "again": frozenset({Choice.FOUND, Choice.KEEP}),
}
"""What may be decided of each kind of question."""


class Proposal(Value):
    """A question to a person. `choice`: what is proposed; None: nothing is, they must say."""

    kind: str
    choice: Choice | None
    code: str
    name: str
    level: Level
    inside: int = 0
    into: str = ""
    to_name: str = ""
    beside: tuple[str, ...] = ()


class Decision(Value):
    number: int
    choice: Choice
    code: str
    into: str = ""


MOST_TOLD = 200


class DecisionsNeeded(Conflict):
    """The sheet changes areas in ways that a person must confirm. Nothing was recorded."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        super().__init__(undecided=[one.code for one in proposals][:MOST_TOLD])
        self.proposals = list(proposals)


def proposals(plan: Plan, known: Mapping[str, KnownArea]) -> Iterator[Proposal]:
    inside: dict[str, int] = {}
    for area in known.values() if plan.recoded else ():
        inside[area.parent] = inside.get(area.parent, 0) + 1
    for one in plan.recoded:
        old, row = known[one.code], one.row
        yield Proposal(kind="recoded", choice=Choice.RECODE, code=old.code, name=old.name, level=old.level,
                       inside=inside.get(old.code, 0), into=row.code, to_name=row.name)  # fmt: skip
    names = {row.code: row.name for row in (*plan.renamed, *plan.founded)}
    for code in plan.unlike:
        old = known[code]
        yield Proposal(kind="unlike", choice=Choice.RENAME, code=code, name=old.name, level=old.level,
                       into=names[code], to_name=names[code])  # fmt: skip
    for row in plan.founded:
        if row.code in plan.again:
            yield Proposal(kind="again", choice=Choice.FOUND, code=row.code, name=row.name, level=row.level)
    for gone in plan.gone:
        yield Proposal(kind="gone", choice=None, code=gone.code, name=gone.name, level=gone.level,
                       inside=gone.inside, beside=gone.beside)  # fmt: skip


def as_decided(proposal: Proposal, number: int = 1) -> Decision:
    assert proposal.choice
    return Decision(number=number, choice=proposal.choice, code=proposal.code, into=proposal.into)


def read_decisions(sheet: bytes) -> list[Decision]:
    """A plan as it was given back; rows without a change are left undecided. Raises SheetRefused."""
    table = table_in(sheet)
    if not set(COLUMNS) <= set(table.header):
        raise wrong_header(table, ",".join(COLUMNS))
    places = [table.header.index(name) for name in COLUMNS]

    def made(number: int, cells: Sequence[str]) -> Decision | Fault | None:
        change, code, into = (cells[place].strip() for place in places)
        if change in {"", "?", "？"}:
            return None
        choice = CHINESE.get(change) or (Choice(change.lower()) if change.lower() in set(Choice) else None)
        if choice is None:
            words = " ".join((*Choice, *CHINESE))
            return Fault(row=number, reason=Reason.BAD_WORD, code=shown(code), told=shown(change), wanted=words)
        return Decision(number=number, choice=choice, code=code.strip("'"), into=into.strip("'"))

    decisions, faults = made_of(table, made)
    if faults:
        raise in_order(faults)
    return [one for one in decisions if one]
