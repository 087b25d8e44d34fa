"""Every composite, in the order of a case."""

from __future__ import annotations

from domain.case.composite.closing_record import RecordClosing
from domain.case.composite.composite import Composite
from domain.case.composite.meeting_record import RecordMeeting
from domain.case.composite.signing_record import RecordSigning

COMPOSITES: tuple[type[Composite], ...] = (RecordMeeting, RecordSigning, RecordClosing)
