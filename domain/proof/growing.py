"""A tree that grows leaf by leaf: its root at every size, and the tiles that it must have."""

from __future__ import annotations

from collections.abc import Callable

from domain.proof.tree import EMPTY, Hash, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes in a whole tile (C2SP tlog-tiles)."""


class Growing:
    """The whole subtrees at its right edge, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[Hash] = []

    def add(self, leaf: Hash) -> None:
        found, full = leaf, self.size
        while full & 1:
            found, full = node_hash(self._edge.pop(), found), full >> 1
        self._edge.append(found)
        self.size += 1

    def root(self) -> Hash:
        if not self._edge:
            return EMPTY
        *rest, found = self._edge
        for left in reversed(rest):
            found = node_hash(left, found)
        return found


class TileCheck:
    """Every tile that proofs are made from, against the leaves as they are."""

    def __init__(self, tile: Callable[[int, int], bytes], sealed: int, wrong: Callable[[int], None]) -> None:
        """`wrong` is told the first position of a tile that differs."""
        self._tile, self._sealed, self._wrong = tile, sealed, wrong
        self._levels: list[tuple[int, list[Hash]]] = []
        """For each level: the number of the tile that is being filled, and its hashes."""

    def add(self, leaf: Hash, level: int = 0) -> None:
        if level == len(self._levels):
            self._levels.append((0, []))
        number, hashes = self._levels[level]
        hashes.append(leaf)
        if len(hashes) == WIDTH:
            self._compare(level)
            self._levels[level] = (number + 1, [])
            self.add(tile_root(hashes), level + 1)

    def end(self) -> None:
        for level, (_, hashes) in enumerate(self._levels):
            if hashes:
                self._compare(level)

    def _compare(self, level: int) -> None:
        number, hashes = self._levels[level]
        there = min(len(hashes), max(0, (self._sealed >> (HEIGHT * level)) - number * WIDTH))
        if self._tile(level, number) != b"".join(hashes[:there]):
            self._wrong((number * WIDTH << (HEIGHT * level)) + 1)


def tile_root(hashes: list[Hash]) -> Hash:
    """The root of a tile, or of a part of it that holds a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]
