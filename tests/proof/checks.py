"""How somebody else checks that a log only grew: the product proves it, and docs/verify.py checks it in their hands."""

from __future__ import annotations

from collections.abc import Sequence

from domain.proof.tree import EMPTY, Hash, NotProven, check_inclusion, node_hash


class _Climb:
    """From a leaf to the root: `at` is the place on its level, `last` the last one there, `left` the part's edge."""

    def __init__(self, left: int, at: int, size: int) -> None:
        self.left, self.at, self.last = left, at, size - 1

    @property
    def sibling_is_left(self) -> bool:
        """Raises NotProven above the root."""
        if self.last == 0:
            raise NotProven("the proof is too long")
        return bool(self.at & 1) or self.at == self.last

    def up(self) -> None:
        self.left, self.at, self.last = self.left >> 1, self.at >> 1, self.last >> 1

    def past_what_has_no_sibling(self) -> None:
        while not self.at & 1 and self.at:
            self.up()


def check_inclusion_in_part(leaf: Hash, index: int, start: int, end: int, proof: Sequence[Hash], part: Hash) -> None:
    """In the subtree of the leaves from `start` to before `end`. Raises NotProven."""
    _check_subtree(start, end)
    check_inclusion(leaf, index - start, end - start, proof, part)


def check_consistency(old: int, new: int, proof: Sequence[Hash], old_root: Hash, new_root: Hash) -> None:
    """Raises NotProven (RFC 9162, 2.1.4.2). That a tree begins with nothing proves nothing."""
    if old == 0:
        if proof or new or not old_root == new_root == EMPTY:
            raise NotProven("nothing is the beginning of nothing only")
        return
    check_part(0, old, new, proof, old_root, new_root)


def check_part(start: int, end: int, size: int, proof: Sequence[Hash], part: Hash, expected: Hash) -> None:
    """That the leaves from `start` to before `end`, a subtree, are those of the tree. Raises NotProven.

    From the first leaf on this is consistency; else the same climb with a left edge (Merkle Tree Certificates)."""
    if 0 <= start == end <= size and not proof and part == EMPTY:
        return
    _check_subtree(start, end)
    if end > size:
        raise NotProven(f"{size} leaves do not reach to {end}")
    climb, path = _Climb(start, end - 1, size), list(proof)
    while climb.left != climb.at and (climb.at == climb.last or climb.at & 1):
        climb.up()
    if climb.left != climb.at and not path:
        raise NotProven("the proof is empty")
    _check_climbed(climb, part if climb.left == climb.at else path.pop(0), path, (part, expected))


def _check_climbed(climb: _Climb, begun: Hash, path: list[Hash], expected: tuple[Hash, Hash]) -> None:
    """The part's own hash and the tree's, from the subtree where the proof begins."""
    inner = outer = begun
    for sibling in path:
        if climb.sibling_is_left:
            inner = node_hash(sibling, inner) if climb.left < climb.at else inner
            outer = node_hash(sibling, outer)
            climb.past_what_has_no_sibling()
        else:
            outer = node_hash(outer, sibling)
        climb.up()
    if climb.last or (inner, outer) != expected:
        raise NotProven("the part is not of this tree")


def _check_subtree(start: int, end: int) -> None:
    """It begins where a subtree of its size can begin."""
    if not 0 <= start < end or start & ((1 << (end - start - 1).bit_length()) - 1):
        raise NotProven(f"no subtree reaches from {start} to {end}")
