"""同名 Two people of one name in a case: wherever one is chosen or told of, a word beside the name tells which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from application.case.disclosure.masks import MASK
from domain.shared.normal_forms import name_form
from domain.shared.values import ERASED

NOBODY = frozenset({"", MASK, ERASED})


def told_apart(names: Mapping[UUID, str], marks: Mapping[UUID, Sequence[str]]) -> Mapping[UUID, str]:
    """With a mark behind a name that another one has too, however it is typed: the first that tells them all apart,
    as far as the reader reads it; or else a number, in their order."""
    alike = defaultdict[str, list[UUID]](list)
    for id, name in names.items():
        if name not in NOBODY:
            alike[name_form(name)].append(id)
    apart = dict(one for ids in alike.values() if len(ids) > 1 for one in _apart(ids, marks))
    return {id: f"{name}（{apart[id]}）" if id in apart else name for id, name in names.items()}


def _apart(ids: Sequence[UUID], marks: Mapping[UUID, Sequence[str]]) -> Iterator[tuple[UUID, str]]:
    for by in zip(*(marks.get(id, ("", "", "")) for id in ids), strict=True):
        if "" not in by and len(set(by)) == len(ids):
            yield from zip(ids, by, strict=True)
            return
    yield from ((id, str(number)) for number, id in enumerate(ids, 1))
