"""Texts that are near to each other: found by the smallest of their keyed tokens, held against each other whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, pairwise
from typing import TypeVar

K = TypeVar("K")
SKETCH = 8
"""So many of the smallest tokens are compared first: two texts of which nine tenths are alike nearly always share one
of them, and strange ones seldom."""
ALIKE = 0.8
"""The share of tokens that two texts have in common."""
SHORTEST = 12
"""Tokens: shorter texts are alike by chance."""
CROWD = 400
"""A token that so many texts have among their smallest says nothing by itself; the others do."""


def alike(texts: Mapping[K, frozenset[bytes]]) -> list[frozenset[K]]:
    """Groups of texts, each of which is near to another one of its group."""
    near = {id: tokens for id, tokens in texts.items() if len(tokens) >= SHORTEST}
    group = {id: id for id in near}
    for one, other in _pairs(near):
        if _root(group, one) != _root(group, other) and _share(near[one], near[other]) >= ALIKE:
            group[_root(group, one)] = _root(group, other)
    found: dict[K, set[K]] = defaultdict(set)
    for id in near:
        found[_root(group, id)].add(id)
    return [frozenset(one) for one in found.values() if len(one) > 1]


def _pairs(texts: Mapping[K, frozenset[bytes]]) -> set[tuple[K, K]]:
    having: dict[bytes, list[K]] = defaultdict(list)
    for id, tokens in texts.items():
        for token in sorted(tokens)[:SKETCH]:
            having[token].append(id)
    return {pair for ids in having.values() for pair in _linked(ids)}


def _linked(ids: list[K]) -> list[tuple[K, K]]:
    """Of a crowd each with the next: what is alike is a chain in it."""
    return list(combinations(ids, 2)) if len(ids) <= CROWD else list(pairwise(ids))


def _share(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def _root(group: dict[K, K], id: K) -> K:
    while group[id] != id:
        group[id] = group[group[id]]
        id = group[id]
    return id
