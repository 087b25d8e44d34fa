"""The hashes of the tree in tiles of 256 (C2SP tlog-tiles): each level of tiles holds the roots of the one below."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from domain.proof.growing import HEIGHT, WIDTH, tile_root
from domain.proof.tree import Hash

SIZE = 32
"""Bytes of a hash."""
KEPT = 256
"""Tiles in memory while one question is answered."""


class Tiles:
    """Within one transaction."""

    def __init__(self, cursor: Cursor[Any]) -> None:
        self._cursor = cursor
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def whole(self, level: int, index: int) -> Hash:
        """The hash of a whole subtree: of an entry of a tile, or of some of its neighbours."""
        tiles, within = divmod(level, HEIGHT)
        first = index << within
        tile = self.tile(tiles, first >> HEIGHT)
        start = first % WIDTH
        return tile_root([tile[at * SIZE : (at + 1) * SIZE] for at in range(start, start + (1 << within))])

    def tile(self, level: int, number: int) -> bytes:
        """Its hashes so far."""
        if (level, number) not in self._kept:
            query = "SELECT hashes FROM proof_tile WHERE level = %s AND number = %s"
            row = self._cursor.execute(query, [level, number], prepare=True, binary=True).fetchone()
            self._kept[level, number] = bytes(row["hashes"]) if row else b""
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[level, number]

    def add(self, size: int, leaves: Sequence[Hash]) -> None:
        """The leaves are added behind the first `size`. A tile that is full gives its root to the level above."""
        level, added, changed = 0, list(leaves), list[tuple[int, int, bytes]]()
        while added:
            added = self._add(level, size >> (HEIGHT * level), added, changed)
            level += 1
        self._write(changed)

    def _add(self, level: int, known: int, added: Sequence[Hash], changed: list[tuple[int, int, bytes]]) -> list[Hash]:
        """The roots of the tiles that became full."""
        roots = list[Hash]()
        at = 0
        while at < len(added):
            number, there = divmod(known + at, WIDTH)
            part = added[at : at + WIDTH - there]
            hashes = self.tile(level, number)[: there * SIZE] + b"".join(part)
            changed.append((level, number, hashes))
            if len(hashes) == WIDTH * SIZE:
                roots.append(tile_root([hashes[place : place + SIZE] for place in range(0, len(hashes), SIZE)]))
            at += len(part)
        return roots

    def _write(self, changed: Sequence[tuple[int, int, bytes]]) -> None:
        """In one statement."""
        levels, numbers, hashes = zip(*changed, strict=True)
        self._cursor.execute(
            "INSERT INTO proof_tile SELECT * FROM unnest(%b::integer[], %b::bigint[], %b::bytea[])"
            " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
            [list(levels), list(numbers), list(hashes)],
            prepare=True,
        )
        self._kept |= {(level, number): content for level, number, content in changed}
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
