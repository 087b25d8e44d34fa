"""Photos and scans of a case: brought before the entry that files them, and read by whoever reads that entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
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
from domain.shared.calendar import local_day
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

    @property
    def day(self) -> date:
        return local_day(self.at)


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
        return self._first(id, viewer, now, lambda one: one.sha256 == sha256)

    def of_entry(self, id: CaseId, version: int, viewer: Viewer, now: datetime) -> FileOfCase:
        """The one that the entry filed. Raises NoSuchFile, PersonIsWithheld."""
        return self._first(id, viewer, now, lambda one: one.version == version)

    def thumbnail(self, id: CaseId, version: int, viewer: Viewer, now: datetime) -> bytes:
        """A JPEG of ours. Raises NoSuchFile, PersonIsWithheld, NoPicture."""
        return self._pictures.thumbnail(self.of_entry(id, version, viewer, now).content)

    def _first(self, id: CaseId, viewer: Viewer, now: datetime, is_asked: Callable[[FiledFile], bool]) -> FileOfCase:
        read = page(self._cases.history(id, viewer, now))
        found = (one for one in filed_in(read) if is_asked(one) and is_shown_to(viewer, one))
        if (filed := next(found, None)) is None:
            raise NoSuchFile
        refuse_withheld(read)
        content = self._files.get(id, filed.sha256)
        return FileOfCase(content, kind_of_kept(content), filed)

    def kept(self, read: CasePage, viewer: Viewer) -> list[FiledFile]:
        """The files of a page that its reader can open."""
        if read.state.withheld:
            return []
        shown = (one for one in filed_in(read) if is_shown_to(viewer, one))
        return [one for one in shown if self._files.has(CaseId(read.id), one.sha256)]


def kind_of_kept(content: bytes) -> FileKind:
    """A bound file may be larger than what is taken from somebody."""
    return FileKind.PDF if content.startswith(b"%PDF-") else kind_of(content)


def papers_with(read: CasePage, sha256: str) -> tuple[Paper, ...]:
    return tuple(dict.fromkeys(one.paper for one in filed_in(read) if one.sha256 == sha256 and one.paper))


def refuse_withheld(read: CasePage) -> None:
    """A picture cannot be read without one of those whom it shows. Raises PersonIsWithheld."""
    if held := read.state.withheld:
        raise PersonIsWithheld(person=sorted(held)[0])
