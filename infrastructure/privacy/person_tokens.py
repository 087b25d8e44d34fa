"""Keyed tokens by which a person is found: of a name, its parts and its initials, of each number, of an address.

Without the key nobody can make one, nor tell what one was made of; docs/privacy.md says what is given away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from domain.case.people import PartyDetails
from domain.shared.marks import personal_kinds
from domain.shared.normal_forms import SHORTEST, SIGNATURE, forms, name_form, parts_of
from domain.shared.values import Value
from infrastructure.privacy import readings
from infrastructure.privacy.readings import initials_of, pinyin_of

MADE_BY = sha256(f"{SIGNATURE}/{readings.VERSION}".encode()).hexdigest()[:8]
"""Ends the names of columns that hold normal forms or tokens of them. Where a form or a reading changes, the schema has
changed: the tables are made anew, and until then nobody takes what the old ones cannot find for nothing."""
BYTES = 12
LONGEST_PART = 4
"""Characters: a longer part is looked for by all the parts of this length that it has."""
LONGEST_NAME = 40
"""Characters of a name whose parts are found; a longer one is found as a whole."""
NOT_SOUGHT = "narrative"


@dataclass(frozen=True)
class SoughtTokens:
    """`whole`: one of these is enough. `parts`: all of one of these."""

    whole: list[bytes]
    parts: list[list[bytes]]


class PersonTokens:
    def __init__(self, keyed_hash: Callable[[str, bytes], bytes], pair: Callable[[str], bytes]) -> None:
        self._keyed_hash, self._pair = keyed_hash, pair

    def pairs(self, found: Iterable[str]) -> list[bytes]:
        """Of two neighbouring characters each: by them what somebody told is found."""
        return sorted(map(self._pair, found))

    def of(self, value: Value) -> set[bytes]:
        """Of each personal field, as a whole."""
        kinds = personal_kinds(type(value)).items()
        told = ((kind, getattr(value, name)) for name, kind in kinds if kind != NOT_SOUGHT)
        return {token for kind, text in told if text for token in self.whole(kind, text)}

    def whole(self, kind: str, text: str) -> set[bytes]:
        return {self._token(kind, form) for form in forms(kind, text)}

    def parts_of_name(self, name: str) -> set[bytes]:
        """Of two characters and more, of its initials likewise, and its pinyin in full."""
        form = name_form(name)
        if not SHORTEST <= len(form) <= LONGEST_NAME:
            return set()
        made = {self._token("part", form[start:end]) for start, end in parts_of(len(form), LONGEST_PART)}
        for initials in initials_of(form):
            made |= {
                self._token("initials", initials[start:end]) for start, end in parts_of(len(initials), LONGEST_PART)
            }
        return made | {self._token("pinyin", one) for one in pinyin_of(form)}

    def sought(self, text: str, *, with_numbers: bool) -> SoughtTokens:
        """`with_numbers`: whether the reader may see numbers and addresses. Whoever may not finds nothing by them, so
        that no guess is confirmed."""
        kinds = ("name", "identity-number", "phone", "address") if with_numbers else ("name",)
        whole = {token for kind in kinds for token in self.whole(kind, text)}
        form = name_form(text)
        if not SHORTEST <= len(form) <= LONGEST_NAME:
            return SoughtTokens(sorted(whole), [])
        found = [self._parts("part", form)]
        if form.isascii() and form.isalpha():
            whole.add(self._token("pinyin", form))
            found.append(self._parts("initials", form))
        return SoughtTokens(sorted(whole), found)

    def _parts(self, kind: str, form: str) -> list[bytes]:
        longest = min(len(form), LONGEST_PART)
        return sorted({self._token(kind, form[at : at + longest]) for at in range(len(form) - longest + 1)})

    def phones(self, parties: Iterable[PartyDetails]) -> list[bytes]:
        """Each phone with a name that has it, so that one phone of many names is found, and nothing else is told."""
        return sorted(
            {
                phone + name
                for one in parties
                if one.phone and one.name
                for phone in self.whole("phone", one.phone)
                for name in self.whole("name", one.name)
            }
        )

    def of_all(self, values: Iterable[Value]) -> set[bytes]:
        return {token for one in values for token in self.of(one)}

    def _token(self, kind: str, form: str) -> bytes:
        return self._keyed_hash(f"person/{kind}", form.encode())[:BYTES]
