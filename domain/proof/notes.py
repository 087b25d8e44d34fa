"""Checkpoints as text, one after another: the form in which others keep them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.proof.tree import NotProven

_NOTE = re.compile(r"(?:[^\n]+\n)+\n(?:— [^\n]*\n)+")


def joined(notes: Iterable[str]) -> str:
    return "\n".join(notes)


def parted(text: str) -> list[str]:
    """Raises NotProven: something among them is none."""
    if _NOTE.sub("", text).strip():
        raise NotProven("there is something among the checkpoints that is none")
    return _NOTE.findall(text)
