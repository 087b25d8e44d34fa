"""The Merkle tree over the leaves of the ledger (RFC 9162, section 2.1), and what a proof must show.

A subtree is named by its level and index: it covers the leaves from index << level, and is whole when all of them are
there. Whoever stores the hashes of whole subtrees answers every question about any size without reading the leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Hash = bytes
Whole = Callable[[int, int], Hash]
"""The hash of the whole subtree of a level and an index."""


class NotProven(ValueError):
    """The proof does not show what it claims."""


def leaf_hash(leaf: bytes) -> Hash:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    return sha256(b"\x01" + left + right).digest()


EMPTY: Hash = sha256(b"").digest()


def root(size: int, whole: Whole) -> Hash:
    """The root of the tree over the first `size` leaves."""
    return _joined([whole(*one) for one in _cover(0, size)]) if size else EMPTY


def inclusion(index: int, size: int, whole: Whole) -> list[Hash]:
    """The siblings on the way from the leaf to the root, lowest first. Raises NotProven: there is no such leaf."""
    if not 0 <= index < size:
        raise NotProven(f"leaf {index} is not among {size}")
    return _path(index, 0, size, whole)


def consistency(old: int, new: int, whole: Whole) -> list[Hash]:
    """What shows that the tree of the old size is the beginning of that of the new one. Raises NotProven."""
    if not 0 < old <= new:
        raise NotProven(f"{old} is no beginning of {new}")
    return _grown(old, 0, new, whole, known=True)


def _cover(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest whole subtrees, from left to right. `start` is where a subtree of this size can begin."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _joined(hashes: list[Hash]) -> Hash:
    """Whole subtrees of falling size, joined from the right."""
    found = hashes.pop()
    while hashes:
        found = node_hash(hashes.pop(), found)
    return found


def _between(start: int, end: int, whole: Whole) -> Hash:
    return _joined([whole(*one) for one in _cover(start, end)])


def _half(start: int, end: int) -> int:
    """Where the right part begins: after the largest power of two that is less than the size."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _path(index: int, start: int, end: int, whole: Whole) -> list[Hash]:
    if end - start == 1:
        return []
    half = _half(start, end)
    if index < half:
        return [*_path(index, start, half, whole), _between(half, end, whole)]
    return [*_path(index, half, end, whole), _between(start, half, whole)]


def _grown(old: int, start: int, end: int, whole: Whole, *, known: bool) -> list[Hash]:
    """`known`: the old tree is this part itself, so its hash is not told again."""
    if old == end:
        return [] if known else [_between(start, end, whole)]
    half = _half(start, end)
    if old <= half:
        return [*_grown(old, start, half, whole, known=known), _between(half, end, whole)]
    return [*_grown(old, half, end, whole, known=False), _between(start, half, whole)]


class _Climb:
    """From a leaf to the root: `at` is the place on its level, `last` the last one there."""

    def __init__(self, at: int, size: int) -> None:
        self.at, self.last = at, size - 1

    @property
    def sibling_is_left(self) -> bool:
        """Raises NotProven above the root."""
        if self.last == 0:
            raise NotProven("the proof is too long")
        return bool(self.at & 1) or self.at == self.last

    def up(self) -> None:
        self.at, self.last = self.at >> 1, self.last >> 1

    def past_what_has_no_sibling(self) -> None:
        while not self.at & 1 and self.at:
            self.up()


def check_inclusion(leaf: Hash, index: int, size: int, proof: Sequence[Hash], expected: Hash) -> None:
    """Raises NotProven (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != len(EMPTY):
        raise NotProven(f"leaf {index} is not among {size}")
    climb, found = _Climb(index, size), leaf
    for sibling in proof:
        if climb.sibling_is_left:
            found = node_hash(sibling, found)
            climb.past_what_has_no_sibling()
        else:
            found = node_hash(found, sibling)
        climb.up()
    if climb.last or found != expected:
        raise NotProven("the leaf does not lead to the root")
