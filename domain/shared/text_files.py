"""文本文件 Files of text as offices save them: in UTF-8, GB18030 or UTF-16, with the line ends of any system."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, ClassVar, cast

LONGEST = 1024 * 1024
"""Bytes of a line."""
SAMPLE = 1024 * 1024
CHUNK = 64 * 1024
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
"""How packed files begin, and workbooks: what they unfold to has no limit."""
BOM = b"\xef\xbb\xbf"
SHARE_OF_ZEROS = 10
"""In UTF-16 at least one byte of so many is a zero: those of digits, separators and line ends."""


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    GB18030 = "gb18030"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"


class FileRefused(Exception):
    """Nothing of the file can be read. `kind`: why, as the labels name it."""

    kind: ClassVar[str]


class PackedFile(FileRefused):
    """It is packed, locked, or no workbook that can be read."""

    kind = "packed"


class FileTooLarge(FileRefused):
    """It unfolds to more than is read."""

    kind = "too-large"


@dataclass(frozen=True)
class TextFile:
    """`file`: in UTF-8 or GB18030, its lines ended by a line feed. `encoding`: what it was saved in."""

    file: BinaryIO
    encoding: Encoding
    begins: bytes

    @property
    def codec(self) -> Encoding:
        return Encoding.GB18030 if self.encoding is Encoding.GB18030 else Encoding.UTF_8


def text_file(file: BinaryIO) -> TextFile:
    """Raises PackedFile."""
    begins = file.read(SAMPLE)
    file.seek(0)
    encoding = encoding_of(begins)
    if encoding in {Encoding.UTF_16_LE, Encoding.UTF_16_BE}:
        file, begins = _changed(file, _as_utf_8(encoding)), begins.decode(encoding, "replace").encode()
    if _ends_lines_with_cr(begins):
        file = _changed(file, lambda chunk, _: chunk.replace(b"\r", b"\n"))
    return TextFile(file, encoding, begins.removeprefix(BOM)[:CHUNK])


def encoding_of(begins: bytes) -> Encoding:
    """By its mark; without one by which of the two fewer lines of its beginning are broken. Raises PackedFile."""
    if begins.startswith(PACKED):
        raise PackedFile
    if begins.startswith(codecs.BOM_UTF16_LE):
        return Encoding.UTF_16_LE
    if begins.startswith(codecs.BOM_UTF16_BE):
        return Encoding.UTF_16_BE
    if begins.startswith(BOM):
        return Encoding.UTF_8
    return _unmarked_utf_16(begins) or _of_bytes(begins)


def _unmarked_utf_16(begins: bytes) -> Encoding | None:
    even, odd = begins[::2].count(0), begins[1::2].count(0)
    if (even + odd) * SHARE_OF_ZEROS < len(begins) or not begins:
        return None
    return Encoding.UTF_16_LE if odd > even else Encoding.UTF_16_BE


def _of_bytes(begins: bytes) -> Encoding:
    lines = begins.splitlines()[:-1] if len(begins) == SAMPLE else begins.splitlines()
    utf_8, gb = (sum(not _is(line, one) for line in lines) for one in (Encoding.UTF_8, Encoding.GB18030))
    return Encoding.GB18030 if gb < utf_8 else Encoding.UTF_8


def _is(line: bytes, encoding: Encoding) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _ends_lines_with_cr(begins: bytes) -> bool:
    """As the first line ends, outside of quotation marks: a cell may hold line ends of another kind."""
    found = re.match(rb'(?:[^"\r\n]|"[^"]*")*(\r\n|\r|\n)', begins)
    return found is not None and found[1] == b"\r"


def _as_utf_8(encoding: Encoding) -> Callable[[bytes, bool], bytes]:
    """What is no text comes out as bytes that are none in UTF-8 either, so that its row is refused and no other."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")

    def change(chunk: bytes, last: bool) -> bytes:
        try:
            return decoder.decode(chunk, last).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:  # half a character at the end
            return b"\xff"

    return change


class _Changed(io.RawIOBase):
    def __init__(self, file: BinaryIO, change: Callable[[bytes, bool], bytes]) -> None:
        self._file, self._change, self._ready, self._over = file, change, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._ready and not self._over:
            chunk = self._file.read(CHUNK)
            self._over = not chunk
            self._ready = self._change(chunk, self._over)
        taken, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _changed(file: BinaryIO, change: Callable[[bytes, bool], bytes]) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Changed(file, change)))


def whole_lines(file: BinaryIO) -> Iterator[tuple[bytes | None, int]]:
    """Each line, and how many bytes were read with it; None in place of one that is too long."""
    first, ends_at = True, 0
    while line := file.readline(LONGEST + 1):
        ends_at += len(line)
        fits = line.endswith(b"\n") or len(line) <= LONGEST
        while not line.endswith(b"\n") and (rest := file.readline(LONGEST)):
            line, ends_at = rest, ends_at + len(rest)
        yield (line.removeprefix(BOM) if first else line) if fits else None, ends_at
        first = False
