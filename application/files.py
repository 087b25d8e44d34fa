"""Photos and scans: what is taken, where it is kept, and who looks into it first."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID, uuid5

from domain.shared.decider import History
from domain.shared.errors import Conflict, Missing, Refused, Unavailable
from domain.shared.values import CaseId, Sha256

LARGEST_FILE = 8_000_000
"""The most bytes of a photo of the evidence or a scan of a paper."""


class FileKind(StrEnum):
    """By its first bytes, whatever it is called and whatever the browser says."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"

    @property
    def ending(self) -> str:
        return {FileKind.JPEG: "jpg", FileKind.PNG: "png", FileKind.PDF: "pdf"}[self]


BEGINNINGS = {b"\xff\xd8\xff": FileKind.JPEG, b"\x89PNG\r\n\x1a\n": FileKind.PNG, b"%PDF-": FileKind.PDF}


class FileOfNoKind(Refused):
    """Photos are JPEG or PNG, scans may be PDF: it is none of these."""


class FileTooLarge(Refused):
    """It is larger than any photo or scan has to be."""


class FileInfected(Refused):
    """The scanner found something harmful in it: nothing was kept."""


class ScannerAway(Unavailable):
    """Files are looked into before they are kept, and whoever does it cannot be reached."""


class FilesAway(Unavailable):
    """The place where files are kept cannot be reached, or has no room."""


class FileErased(Conflict):
    """It was erased with a person of the case: the same file is not kept again."""


class NoSuchFile(Missing):
    """The case has no such file, or it is not kept here."""


class NoPicture(Refused):
    """It cannot be shown as a picture."""


def kind_of(content: bytes) -> FileKind:
    """Raises FileOfNoKind, FileTooLarge."""
    if len(content) > LARGEST_FILE:
        raise FileTooLarge(largest=LARGEST_FILE)
    found = next((kind for begin, kind in BEGINNINGS.items() if content.startswith(begin)), None)
    if found is None:
        raise FileOfNoKind(kinds=sorted(FileKind))
    return found


def file_id(case: UUID, sha256: str) -> UUID:
    """By which it is kept, and to which its key belongs: the same bytes in another case are another file."""
    return uuid5(case, f"file/{sha256}")


class Files(Protocol):
    """Keeps files of cases, each under a key of its own."""

    def put(self, case: CaseId, content: bytes) -> Sha256:
        """Once it answers, they are durable. Raises FilesAway, FileErased."""
        ...

    def get(self, case: CaseId, sha256: str) -> bytes:
        """Raises NoSuchFile, FilesAway."""
        ...

    def has(self, case: CaseId, sha256: str) -> bool:
        """Raises FilesAway."""
        ...


class Scanner(Protocol):
    def look(self, content: bytes) -> None:
        """Raises FileInfected, ScannerAway."""
        ...


class Binder(Protocol):
    def bind(self, history: History[Any]) -> Sha256:
        """Binds the file of the case, keeps it durably, and tells its hash. Raises NotSet, FilesAway, FileErased."""
        ...


class Pictures(Protocol):
    """Freshly made JPEGs of what somebody brought: nothing of theirs but the picture is in them."""

    def thumbnail(self, content: bytes) -> bytes:
        """Raises NoPicture."""
        ...

    def pages(self, content: bytes) -> list[bytes]:
        """Of a scan as it is bound into the file, each page a picture. Raises NoPicture."""
        ...
