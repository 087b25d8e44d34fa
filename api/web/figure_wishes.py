"""What an address of the board may ask, and in which order its places stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Query
from pydantic import create_model

from application.figures.case_figures import CaseFilter
from application.figures.definitions import FIGURES
from application.figures.numbers import Told, of, share_of

_WISHES: dict[str, Any] = dict.fromkeys([*CaseFilter.model_fields, "sort"], (str, ""))
BoardWishes = create_model("BoardWishes", **_WISHES)
BoardWishesDep = Annotated[BoardWishes, Query()]


class Place(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def told(self) -> Told: ...


P = TypeVar("P", bound=Place)


def sorted_by(rows: Sequence[P], key: str) -> Sequence[P]:
    """Most first; of what is not known, and where nobody asks, by the number of what was registered."""
    figure = FIGURES.get(key, FIGURES["registered"])

    def worth(row: P) -> tuple[bool, float, str]:
        value = share_of(row.told, figure) if figure.is_share else of(row.told, figure.key).period
        return value is None, -float(value or 0), row.name

    return sorted(rows, key=worth)
