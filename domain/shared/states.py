"""States: what a history leads to. Never validated, for it is folded from events that were; copied by the million."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from domain.shared.values import Changes, unknown_fields

K = TypeVar("K")
V = TypeVar("V")


def without(held: Mapping[K, V], key: K) -> dict[K, V]:
    """The same without what stands under the key, if anything does."""
    return {one: value for one, value in held.items() if one != key}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class State:
    """A frozen dataclass: equal by content, made and copied by keyword.

    mypy checks every field of a copy; a field that does not exist is refused again when the copy is made. A state is
    filled as one dictionary: slots or `dataclasses.replace` cost five to fifty times as much where it has forty fields.
    """

    _known: ClassVar[Mapping[str, Any]]
    """Every field with its default, in the order of the class. Shared: a state is never changed in place."""
    _needed: ClassVar[frozenset[str]]
    """The fields that have no default."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        dataclass(frozen=True, kw_only=True, init=False)(cls)
        own: tuple[Field[Any], ...] = fields(cls)  # type: ignore[arg-type]  # it has just become a dataclass
        cls._known = {one.name: _default(one) for one in own}
        cls._needed = frozenset(one.name for one in own if _is_needed(one))

    def __init__(self, **given: Any) -> None:
        if not self._needed <= given.keys() <= self._known.keys():
            missing_or_strange = (given.keys() - self._known.keys()) or (self._needed - given.keys())
            raise unknown_fields(type(self), missing_or_strange)
        self.__dict__.update(self._known)
        self.__dict__.update(given)

    def but(self, **changes: Changes[Self]) -> Self:
        """The same, with these fields changed."""
        return self.with_fields(changes)

    def with_fields(self, changes: Mapping[str, Any]) -> Self:
        """The same for changes that were put together elsewhere: their names are checked only when it runs."""
        if not changes.keys() <= self.__dict__.keys():
            raise unknown_fields(type(self), changes.keys() - self.__dict__.keys())
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.__dict__.update(changes)
        return made


def _is_needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return None if one.default is MISSING else one.default
