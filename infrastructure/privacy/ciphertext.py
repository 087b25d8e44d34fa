"""Personal text as whoever has no keys reads it: its ciphertext, in the place of the text, and known by its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from domain.shared.shapes import rebuilt
from domain.shared.values import ERASED, Value
from infrastructure.privacy.cipher import personal_fields, sealed_in

V = TypeVar("V", bound=Value)


class Ciphertext(str):
    """No text of a person: what it was encrypted to, in base64."""


def taken_out(content: Any) -> dict[str, Ciphertext]:
    """Every ciphertext of the content, by its path. In its place stands what may stand for any text."""
    found = {}
    for holder, name, path in sealed_in(content, "", []):
        found[path] = Ciphertext(holder[name]["~"])
        holder[name] = ERASED
    return found


def put_back(value: V, found: Mapping[str, Ciphertext], path: str = "") -> V:
    """The value with them in the fields that they were taken from."""
    personal, _, deeper = personal_fields(type(value)) or ((), "", ())
    changed: dict[str, Any] = {name: one for name, _ in personal if (one := found.get(f"{path}/{name}"))}

    def inner(one: Any, path: str) -> Any:
        return put_back(one, found, path) if isinstance(one, Value) else one

    for name in deeper:
        if (held := getattr(value, name)) is not None:
            changed[name] = rebuilt(held, inner, f"{path}/{name}")
    return value.with_fields(changed) if changed else value
