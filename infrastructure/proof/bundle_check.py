"""Verifies what was handed out: a bundle, or a receipt. docs/verify.py does the same without us."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile, is_zipfile

from domain.proof import contents
from domain.proof.audit import Audit, Claims, Report
from domain.proof.checkpoint import Checkpoint
from domain.proof.epochs import Epochs
from domain.proof.leaf import Recorded
from domain.proof.notes import parted
from domain.proof.receipt import ProofReceipt
from domain.proof.signed_note import Verifier
from domain.proof.tree import NotProven
from infrastructure.proof.bundle import ABOUT, CHECKPOINTS, CONTENTS, ENTRIES, FORM, LENGTH, receipt_name

OTHERWISE_MADE = (ValueError, LookupError, TypeError, AttributeError)
UNREADABLE = (*OTHERWISE_MADE, EOFError, RuntimeError, BadZipFile, zlib.error)
"""What a file that somebody made on purpose may lead to."""


def verify_file(file: Path, verifier: Verifier, kept: Sequence[str], ledger: UUID | None) -> Report:
    """`kept`: checkpoints that whoever verifies has from elsewhere; `ledger`: that of which it should be.

    What cannot be read is a fault like any other."""
    report = Report()
    try:
        if not is_zipfile(file):
            _of(_checked(file.read_bytes().decode(), verifier, kept).ledger, ledger)
            report.events = 1
            return report
        with ZipFile(file) as bundle:
            about = json.loads(bundle.read(ABOUT))
            if about["form"] != FORM:
                raise NotProven("the bundle has another form")
            _of(UUID(about["ledger"]), ledger)
            known = [*kept, *parted(bundle.read(CHECKPOINTS).decode())]
            if about["holds"] == "ledger":
                return _ledger(bundle, about, verifier, known)
            if about["holds"] == "matter":
                return _matter(bundle, about, verifier, kept, report)
            return _case(bundle, about, verifier, kept, report)
    except UNREADABLE as fault:
        report.add("unreadable", 0, f"{type(fault).__name__}: {fault}")
    return report


def _ledger(bundle: ZipFile, about: dict[str, Any], verifier: Verifier, known: list[str]) -> Report:
    epochs = Epochs({int(number): int(after) for number, after in about["epochs"]})
    audit = Audit(Claims(UUID(about["ledger"]), epochs, known), verifier)
    try:
        for raw in _entries(bundle):
            if not audit.add(Recorded.read(raw)):
                break
    except UNREADABLE as fault:
        audit.report.add("unreadable", 0, f"{type(fault).__name__}: {fault}")
    report = audit.end()
    if report.events and report.unsealed == report.events:
        report.add("unsigned", report.events, "nothing here is signed")
    return report


def _entries(bundle: ZipFile) -> Iterator[bytes]:
    with bundle.open(ENTRIES) as content:
        while told := content.read(LENGTH):
            leaf = content.read(int.from_bytes(told))
            if len(told) < LENGTH or len(leaf) < int.from_bytes(told):
                raise NotProven("the last entry is cut off")
            yield leaf


def _case(bundle: ZipFile, about: dict[str, Any], verifier: Verifier, kept: Sequence[str], report: Report) -> Report:
    stream = UUID(about["stream"])
    for version in range(1, int(about["count"]) + 1):
        told = _checked(bundle.read(receipt_name(version)).decode(), verifier, kept)
        if (told.stream, told.version) != (stream, version):
            raise NotProven(f"receipt {version} is not that of entry {version} of the case")
        report.events = version
    return report


def _matter(bundle: ZipFile, about: dict[str, Any], verifier: Verifier, kept: Sequence[str], report: Report) -> Report:
    for held in about["streams"]:
        for version in held["versions"]:
            text = bundle.read(f"receipts/{held['stream']}/{version:06}.tlog-proof").decode()
            told = _checked(text, verifier, kept)
            if (told.stream, told.version) != (UUID(held["stream"]), version):
                raise NotProven(f"a receipt is not that of entry {version} of {held['stream']}")
            report.events += 1
    if len(set(bundle.namelist())) < len(bundle.namelist()):
        raise NotProven("a file stands in the bundle twice")
    held = {name: bundle.read(name) for name in bundle.namelist() if name != CONTENTS}
    contents.check(bundle.read(CONTENTS).decode(), held, f"tiaojie/{about['ledger']}", verifier)
    return report


def _of(found: UUID, wanted: UUID | None) -> None:
    if wanted not in (None, found):
        raise NotProven("it is of another ledger than the key")


def _checked(text: str, verifier: Verifier, kept: Sequence[str]) -> Recorded:
    told, checkpoint = ProofReceipt.read(text).check(verifier)
    for note in kept:
        known = Checkpoint.opened(note, verifier)
        if (known.epoch, known.size) == (checkpoint.epoch, checkpoint.size) and known != checkpoint:
            raise NotProven("two checkpoints of one size contradict each other")
    return told
