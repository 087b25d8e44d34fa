"""A word of its own in every text: whoever finds one anywhere knows whose it is, and since when it was there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

ANEW = "anew"
"""Of an entry that reads otherwise since: by what had happened, as it is known now, it is told of earlier moments."""
_FOUND = re.compile(r"密(\d+)密|1390(\d{7})")


@dataclass(frozen=True)
class Mark:
    """`label`: by whom, or for whom, it was told, as the rules call it; `chapter`: when. `masked`: a number or an
    address, which whoever only looks does not need."""

    story: str
    label: str
    chapter: int
    masked: bool = False


@dataclass
class Marks:
    made: list[Mark] = field(default_factory=list)

    def text(self, mark: Mark) -> str:
        self.made.append(mark)
        return f"密{len(self.made) - 1}密"

    def phone(self, mark: Mark) -> str:
        self.made.append(mark)
        return f"1390{len(self.made) - 1:07}"

    def found_in(self, answer: str) -> Iterator[Mark]:
        for word, phone in set(_FOUND.findall(answer)):
            if int(word or phone) < len(self.made):
                yield self.made[int(word or phone)]
