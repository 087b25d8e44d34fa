"""Building blocks: immutable values, text with a length, ids that the contexts point at each other with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Generic, Literal, NewType, Self, TypeVar
from uuid import UUID

from annotated_types import Ge, Le, Len
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

CaseId = NewType("CaseId", UUID)
AreaId = NewType("AreaId", UUID)
BodyId = NewType("BodyId", UUID)
OfficerId = NewType("OfficerId", UUID)
PersonId = NewType("PersonId", UUID)
NarrativeId = NewType("NarrativeId", UUID)
ReferralId = NewType("ReferralId", UUID)
EscalationId = NewType("EscalationId", UUID)


T = TypeVar("T")


class Changes(Generic[T]):
    """`**changes: Changes[Party]` stands for: any fields of a Party by name, each with a value of its type.

    It is a word for mypy only, which reads it with `tests/typed_copies.py`; no object of it is ever made.
    """


class Given(Generic[T]):
    """`**fields: Given[Party]` likewise stands for: every field of a Party that has no default, and any other."""


def unknown_fields(cls: type[Any], names: Iterable[str]) -> TypeError:
    return TypeError(f"{cls.__name__}: no such field, or one that is missing: {', '.join(sorted(names))}")


class Value(BaseModel):
    """Equal by content, never changed, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Changes[Self]) -> Self:
        """The same, with these fields changed. Not validated again: for our own values only."""
        return self.with_fields(changes)

    def with_fields(self, changes: Mapping[str, Any]) -> Self:
        """The same for fields that were found by their marks: their names are checked only when it runs."""
        fields, told = self.__dict__, self.__pydantic_fields_set__
        if not changes.keys() <= fields.keys():
            raise unknown_fields(type(self), changes.keys() - fields.keys())
        return self._of({**fields, **changes}, told if told >= changes.keys() else told | changes.keys())

    @classmethod
    def trusted(cls, **fields: Given[Self]) -> Self:
        """Made of what was checked already, and not validated again: for our own values only, where there are many."""
        return cls.trusted_with(fields)

    @classmethod
    def trusted_with(cls, fields: Mapping[str, Any]) -> Self:
        """The same for fields that are put together elsewhere: their names are checked only when it runs."""
        given, known = fields.keys(), _defaults(cls)
        if not (_required(cls) <= given <= known.keys()):
            raise unknown_fields(cls, (given - known.keys()) or (_required(cls) - given))
        return cls._of({**known, **fields}, set(given))

    @classmethod
    def _of(cls, fields: dict[str, Any], told: set[str]) -> Self:
        """As pydantic's own `model_copy` does it, without its copies in between: states are folded by the million."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", fields)
        object.__setattr__(made, "__pydantic_fields_set__", told)
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made


@cache
def _required(cls: type[Value]) -> frozenset[str]:
    return frozenset(name for name, field in cls.model_fields.items() if field.is_required())


@cache
def _defaults(cls: type[Value]) -> dict[str, Any]:
    """In the order of the class, so that a field that is given stands where it belongs. Shared: nobody changes them."""
    fields = cls.model_fields.items()
    return {name: None if one.is_required() else one.get_default(call_default_factory=True) for name, one in fields}


ERASED = "〔已删除〕"
"""How a field reads whose key was destroyed."""


@dataclass(frozen=True)
class Personal:
    """Marks a field that names or describes a person: the store encrypts it with the key of its owner.

    The owner stands beside it in the same value: `person: PersonId`, or `id: NarrativeId` of a narrative.
    """

    kind: Literal["name", "identity-number", "phone", "address", "narrative"]


@dataclass(frozen=True)
class Money:
    """Marks a number of 分: people read and write yuan."""


@dataclass(frozen=True)
class Official:
    """Marks a text that names somebody in office, who may be called as a party is."""


@dataclass(frozen=True)
class WrittenBySystem:
    """Marks a text that nobody tells: the system puts it together, of its own words and of what was checked before."""


RECORDED: Mapping[str, bool] = {"recorded": True}
"""Validation context of what is read back from the store: a rule that came later does not make it unreadable."""

AS_TOLD: Mapping[str, bool] = {"as_told": True}
"""Validation context of what another system has told: a number that cannot be one is kept, and flagged."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff]")
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str, info: ValidationInfo) -> str:
    """PostgreSQL text cannot hold NUL: a single one, once recorded, would halt every read model. What turns the
    direction of writing makes a page show something else than what was recorded."""
    if _CONTROL.search(text):
        raise ValueError("control characters are not text")
    if info.context != RECORDED and _TURNING.search(text):
        raise ValueError("marks that turn the direction of writing are not text")
    return text


def filled(text: str) -> str:
    """White space alone says nothing."""
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("must be one line")
    return text


Printable = AfterValidator(printable)
Filled = AfterValidator(filled)
OneLine = AfterValidator(_one_line)

Name = Annotated[str, Len(1, 100), Printable, OneLine, Filled]
Line = Annotated[str, Len(0, 200), Printable, OneLine]
Text = Annotated[str, Len(0, 4000), Printable]
Reason = Annotated[str, Len(1, 2000), Printable, Filled]
NameAndPost = Annotated[str, Len(1, 200), Printable, OneLine, Filled]
"""Name and post of who approves something."""
PersonName = Annotated[str, Len(1, 100), Printable, OneLine, Filled, Personal("name")]
Phone = Annotated[str, Len(0, 30), Printable, OneLine, Personal("phone")]
Address = Annotated[str, Len(0, 200), Printable, OneLine, Personal("address")]
IdentityNumber = Annotated[str, Len(0, 30), Printable, OneLine, Personal("identity-number")]
NarrativeText = Annotated[str, Len(0, 20_000), Printable]
Told = Annotated[str, Len(1, 20_000), Printable, Filled]
PersonalText = Annotated[str, Len(0, 20_000), Printable, Personal("narrative")]
Composed = Annotated[str, WrittenBySystem()]
"""A citation, a number that was given, a code. No command has one."""
Hexadecimal = AfterValidator(lambda text: _hex(text))
Sha256 = Annotated[str, Hexadecimal]
Fen = Annotated[int, Ge(0), Le(10**13), Money()]
"""Money in 分: a hundredth of a yuan."""
Count = Annotated[int, Ge(1), Le(1_000_000)]
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Ge(_FIRST), Le(_LAST), BeforeValidator(lambda told: _no_number(told))]
Day = Annotated[date, Ge(_FIRST.date()), Le(_LAST.date()), BeforeValidator(lambda told: _no_number(told))]
"""Told by people: whatever is counted from them, in whatever zone, is a day as well."""


def _no_number(told: Any) -> Any:
    """Digits alone are no time: 20260301 would be read as seconds since 1970."""
    if isinstance(told, int | float) or (isinstance(told, str) and re.fullmatch(r"\s*[-+]?[\d.]+\s*", told)):
        raise ValueError("digits alone are neither a day nor a time")
    return told


def _hex(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("a SHA-256 is 64 hexadecimal digits in lower case")
    return text


class Narrative(Value):
    """What somebody told or wrote down. It has a key of its own, so that it can be forgotten by itself."""

    id: NarrativeId
    text: PersonalText


class Level(StrEnum):
    GRID = "grid"  # 网格
    VILLAGE = "village"  # 村(社区)
    TOWNSHIP = "township"  # 乡镇(街道)
    COUNTY = "county"  # 市(县)
    CITY = "city"  # 地级市
    PROVINCE = "province"  # 省

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class BodyKind(StrEnum):
    COMMITTEE = "committee"  # 人民调解委员会
    ORGAN = "organ"  # 行政机关
    COURT = "court"  # 人民法院
    CENTRE = "centre"  # 综治中心(矛调中心)
    POLICE = "police"  # 派出所
    PETITION = "petition"  # 信访部门
    GRID = "grid"  # 网格


class Channel(StrEnum):
    PEOPLE = "people"  # 人民调解
    ADMINISTRATIVE = "administrative"  # 行政调解
    LITIGATION = "litigation"  # 诉讼(司法)调解


class ReferralKind(StrEnum):
    """How a body hands a dispute to another channel."""

    GUIDE = "guide"  # 引导
    DELEGATE = "delegate"  # 委派(立案前)
    ENTRUST = "entrust"  # 委托(立案后)
    TRANSFER = "transfer"  # 移交
    INVITE = "invite"  # 邀请联合调解


class Form(StrEnum):
    """How a party said it."""

    WRITTEN = "written"  # 书面
    ORAL = "oral"  # 口头
    PHONE = "phone"  # 电话
    ONLINE = "online"  # 在线
