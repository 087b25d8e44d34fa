"""Any event that its class allows, drawn from the types of its fields."""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import Ge, Le, Len
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from domain.case.clock_names import CaseClock
from domain.referral.clock_names import ANSWER, ReferralClock, ReferralClockKind
from domain.shared.marks import Mark
from domain.shared.values import Money, Official, Sha256

Drawn = st.SearchStrategy[Any]

PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
PLAIN: dict[Any, Drawn] = {
    UUID: st.uuids(),
    date: st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    AwareDatetime: st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    bool: st.booleans(),
    NoneType: st.none(),
    str: st.text(PRINTABLE, max_size=20),
    int: st.integers(-(10**6), 10**6),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Sha256: st.text("0123456789abcdef", min_size=64, max_size=64),
    CaseClock: st.sampled_from(["holder", "accept", "matter/2", "conclude/3", "also/1/LABOUR_MED"]).map(CaseClock.read),
    ReferralClock: st.one_of(
        st.just(ANSWER), st.builds(ReferralClock, st.sampled_from(list(ReferralClockKind)[1:]), st.uuids())
    ),
}


def anything(hint: Any) -> Drawn:
    hint = _without_words(hint)
    if isinstance(hint, typing.NewType):
        return anything(hint.__supertype__)
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type):
        return st.sampled_from(list(hint)) if issubclass(hint, Enum) else model(hint)
    return _composed(hint)


def _without_words(hint: Any) -> Any:
    """Without what the field is said to be, which does not say what it holds."""
    if get_origin(hint) is not Annotated:
        return hint
    inner, *marks = get_args(hint)
    kept = [one for one in marks if not isinstance(one, Mark | Money | Official)]
    return Annotated[(inner, *kept)] if kept else inner


def _composed(hint: Any) -> Drawn:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of([anything(one) for one in inner])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(anything(inner[0]), max_size=3).map(tuple)
    if origin is Annotated:
        return _valid(hint, _within(inner[0], inner[1:]))
    raise TypeError(f"how to draw {hint} is not known yet")


def model(cls: type[BaseModel]) -> Drawn:
    hints = typing.get_type_hints(cls, include_extras=True)
    return st.builds(cls, **{name: anything(hints[name]) for name in cls.model_fields})


def _within(hint: Any, marks: tuple[Any, ...]) -> Drawn:
    length = next((one for one in marks if isinstance(one, Len)), Len(0, None))
    least, most = (next((one for one in marks if isinstance(one, kind)), None) for kind in (Ge, Le))
    if hint is int:
        return st.integers(least.ge if least else None, most.le if most else None)
    if hint is str:
        return st.text(PRINTABLE, min_size=length.min_length, max_size=min(length.max_length or 20, 20))
    if get_origin(hint) is tuple:
        return st.lists(anything(get_args(hint)[0]), min_size=length.min_length, max_size=3).map(tuple)
    return anything(hint)


def _valid(hint: Any, drawn: Drawn) -> Drawn:
    adapter = TypeAdapter(hint)

    def fits(value: Any) -> bool:
        try:
            return bool(adapter.validate_python(value) == value)
        except ValidationError:
            return False

    return drawn.filter(fits)
