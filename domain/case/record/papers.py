"""证据、卷宗材料与记事 Papers: evidence and papers are filed by kind and hash; notes are written."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.kinds import EvidenceKind, Paper
from domain.case.laws import RECORDS
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import MediationNumber, PartyRef
from domain.shared.values import Narrative, Sha256, Text, Told


class FileEvidence(CaseCommand):
    """提交证据"""

    allowed_in = WHILE_KEPT
    party: PartyRef | None = None
    """Who brought it; None: the mediator found it."""
    kind: EvidenceKind
    description: Text = ""
    sha256: Sha256

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        evidence = EvidenceFiled(
            party=self.party,
            kind=self.kind,
            description=on.narrative(self.description),
            sha256=self.sha256,
        )
        return (evidence,)


class EvidenceFiled(CaseEvent):
    name: ClassVar = "case.evidence_filed"
    of = (FileEvidence,)
    party: PartyRef | None
    kind: Correctable[EvidenceKind]
    description: Correctable[Narrative]
    sha256: Correctable[Sha256]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class FilePaper(CaseCommand):
    """材料入卷"""

    allowed_in = WHILE_KEPT
    rule = RECORDS
    paper: Paper
    mediation: MediationNumber | None = None
    sha256: Sha256

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (PaperFiled(paper=self.paper, mediation=self.mediation, sha256=self.sha256),)


class PaperFiled(CaseEvent):
    name: ClassVar = "case.paper_filed"
    of = (FilePaper,)
    paper: Correctable[Paper]
    mediation: MediationNumber | None
    sha256: Correctable[Sha256]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(papers=case.papers | {self.paper})


class WriteNote(CaseCommand):
    """记事"""

    allowed_in = WHILE_KEPT
    note: Told

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (NoteWritten(note=on.narrative(self.note)),)


class NoteWritten(CaseEvent):
    """Moves nothing: no clock, no stage."""

    name: ClassVar = "case.note_written"
    of = (WriteNote,)
    note: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case
