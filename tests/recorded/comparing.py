"""What differs between what was read then and what is read now: which stream, list or figure, and where in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.recorded.canonical import hash_of, text

MOST, LENGTH = 5, 80
"""Places of one difference that are told, and letters of each side."""


@dataclass(frozen=True)
class Difference:
    """`name`: for example a stream or a list."""

    section: str
    name: str
    where: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.section}: {self.name}: {'; '.join(self.where[:MOST])}"


MEANT_OTHERWISE = frozenset({"seeing", "missing_papers"})
"""Fields that tell something else since decision 29 (whose turn is over does not see all of it) and since decision 43
(what was recorded files itself)."""
DUE_SINCE = frozenset({"due", "due_what"})
"""Since decision 43 a list also tells what is due of a case that nobody has accepted."""


def differences(
    section: str,
    hashes: Mapping[str, str],
    then: Mapping[str, Any],
    now: Mapping[str, Any],
    otherwise: Mapping[str, str] | None = None,
) -> list[str]:
    """Those whose hash is another one. `then` only says where; `otherwise`: those that are meant to have another."""
    hashes, found = {**hashes, **(otherwise or {})}, []
    for name in sorted(hashes.keys() | now.keys()):
        if name not in now:
            found.append(Difference(section, name, ("is not read any more",)))
        elif name not in hashes:
            found.append(Difference(section, name, ("was not read then",)))
        elif hash_of(now[name]) != hashes[name] and not _alike(then.get(name), now[name]):
            found.append(Difference(section, name, tuple(places(then.get(name), now[name]))))
    return [str(one) for one in found]


def _alike(then: Any, now: Any) -> bool:
    """But for what is meant to be told otherwise."""
    return then is not None and _kept(then) == _kept(now)


def _kept(told: Any) -> Any:
    if isinstance(told, dict):
        meant = MEANT_OTHERWISE | (DUE_SINCE if told.get("status") == "registered" else frozenset())
        return {key: _kept(one) for key, one in told.items() if key not in meant}
    return [_kept(one) for one in told] if isinstance(told, list) else told


def places(then: Any, now: Any, path: str = "") -> Iterator[str]:
    """Where two values differ, as deep as they are alike in kind."""
    if then == now:
        return
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted(then.keys() | now.keys()):
            yield from places(then.get(key), now.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (old, new) in enumerate(zip(then, now, strict=True)):
            yield from places(old, new, f"{path}[{number}]")
    else:
        yield f"{path or 'all of it'}: {_short(then)} → {_short(now)}"


def _short(value: Any) -> str:
    told = text(value)
    return told if len(told) <= LENGTH else f"{told[:LENGTH]}…"
