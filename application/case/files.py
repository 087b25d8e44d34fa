"""Photos and scans of a case: brought before the entry that files them, and read by whoever reads that entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_args

from application.case.page import CasePage, TimelineEntry, page
from application.case.service import Cases
from application.files import FileKind, Files, NoSuchFile, Pictures, Scanner, kind_of
from application.rights import ACTS_FOR_A_BODY, Viewer, check_role
from domain.case.commands import PersonIsWithheld
from domain.case.ending.closing import CaseArchived
from domain.case.ending.performance import ObligationPerformed
from domain.case.kinds import Paper
from domain.case.opening.parties import PartyRepresented
from domain.case.record.papers import EvidenceFiled, FileEvidence, PaperFiled
from domain.shared.shapes import hints
from domain.shared.values import CaseId, Sha256, Value

SHOW_NUMBERS = frozenset({Paper.APPLICATION, Paper.IDENTITY, Paper.AUTHORISATION})
"""Papers that are all numbers and addresses: whoever only looks does not see them, as masks hide these on the page."""
AS_PAPER: dict[type[Any], Paper] = {
    EvidenceFiled: Paper.EVIDENCE,
    PartyRepresented: Paper.AUTHORISATION,
    ObligationPerformed: Paper.PERFORMANCE_PROOF,
}
"""What a file is that was filed with something else."""
_MARK = get_args(Sha256)[1]


@dataclass(frozen=True)
class FiledFile:
    """A file as an entry of the case has it, as its reader reads it."""

    sha256: str
    version: int
    at: datetime
    paper: Paper | None
    mediation: int | None
    is_whole: bool = False
    """The bound file of the case, with everything in it."""


def filed_in(read: CasePage) -> list[FiledFile]:
    """Of the entries as they read now, in their order."""
    return [one for line in read.timeline if not (line.struck or line.corrected_by) for one in _filed(line)]


def _filed(line: TimelineEntry) -> Iterator[FiledFile]:
    event = line.event
    kind: type[Value] = type(event)
    paper = event.paper if isinstance(event, PaperFiled) else AS_PAPER.get(kind)
    for name in hash_fields(kind):
        if sha256 := getattr(event, name):
            about = getattr(event, "mediation", None)
            is_whole = isinstance(event, CaseArchived)
            yield FiledFile(sha256, line.version, line.happened_at, paper, about, is_whole)


@cache
def hash_fields(event: type[Value]) -> tuple[str, ...]:
    """The fields that hold the hash of a file."""
    return tuple(name for name, hint in hints(event).items() if _is_hash(hint))


def _is_hash(hint: Any) -> bool:
    marks = getattr(hint, "__metadata__", ())
    return _MARK in marks or any(_is_hash(one) for one in get_args(hint) if one is not type(None))


def is_shown_to(viewer: Viewer, one: FiledFile) -> bool:
    return viewer.role in ACTS_FOR_A_BODY or not (one.paper in SHOW_NUMBERS or one.is_whole)


@dataclass(frozen=True)
class Brought:
    """What was kept, and as which papers the case has it already."""

    sha256: Sha256
    kind: FileKind
    already: tuple[Paper, ...]


@dataclass(frozen=True)
class FileOfCase:
    content: bytes
    kind: FileKind
    filed: FiledFile


class CaseFiles:
    def __init__(self, cases: Cases, files: Files, scanner: Scanner, pictures: Pictures) -> None:
        self._cases, self._files, self._scanner, self._pictures = cases, files, scanner, pictures

    def bring(self, id: CaseId, content: bytes, viewer: Viewer, now: datetime) -> Brought:
        """Durably, before anything is recorded of it. Raises NotYourRight, FileOfNoKind, FileTooLarge, FileInfected,
        ScannerAway, FilesAway, FileErased; UnknownStream where they may not know of the case."""
        check_role(viewer, FileEvidence)
        read = page(self._cases.history(id, viewer, now))
        kind = kind_of(content)
        self._scanner.look(content)
        sha256 = self._files.put(id, content)
        return Brought(sha256, kind, papers_with(read, sha256))

    def read(self, id: CaseId, sha256: str, viewer: Viewer, now: datetime) -> FileOfCase:
        """As it was brought. Raises NoSuchFile, PersonIsWithheld."""
        read = page(self._cases.history(id, viewer, now))
        filed = next((one for one in filed_in(read) if one.sha256 == sha256 and is_shown_to(viewer, one)), None)
        if filed is None:
            raise NoSuchFile
        refuse_withheld(read)
        content = self._files.get(id, sha256)
        return FileOfCase(content, kind_of_kept(content), filed)

    def thumbnail(self, id: CaseId, sha256: str, viewer: Viewer, now: datetime) -> bytes:
        """A JPEG of ours. Raises NoSuchFile, PersonIsWithheld, NoPicture."""
        return self._pictures.thumbnail(self.read(id, sha256, viewer, now).content)

    def kept(self, read: CasePage, viewer: Viewer) -> list[FiledFile]:
        """The files of a page that its reader can open."""
        if read.state.withheld:
            return []
        shown = (one for one in filed_in(read) if is_shown_to(viewer, one))
        return [one for one in shown if self._files.has(CaseId(read.id), one.sha256)]

    def pages(self, id: CaseId, sha256: str) -> Sequence[bytes]:
        """For the bound file of the case. Raises NoSuchFile, NoPicture."""
        return self._pictures.pages(self._files.get(id, sha256))

    def keep(self, id: CaseId, content: bytes) -> Sha256:
        """What the system made itself."""
        return self._files.put(id, content)


def kind_of_kept(content: bytes) -> FileKind:
    """A bound file may be larger than what is taken from somebody."""
    return FileKind.PDF if content.startswith(b"%PDF-") else kind_of(content)


def papers_with(read: CasePage, sha256: str) -> tuple[Paper, ...]:
    return tuple(dict.fromkeys(one.paper for one in filed_in(read) if one.sha256 == sha256 and one.paper))


def refuse_withheld(read: CasePage) -> None:
    """A picture cannot be read without one of those whom it shows. Raises PersonIsWithheld."""
    if held := read.state.withheld:
        raise PersonIsWithheld(person=sorted(held)[0])
