"""What was handed out: a line for each export, ids and counts only."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path


@dataclass(frozen=True)
class Trail:
    file: Path

    def note(self, what: str, events: int) -> None:
        """Durably, before the export is there to be taken away."""
        by = str(os.getuid())
        with suppress(OSError, KeyError):  # a user without a name
            by = getuser()
        line = json.dumps({"at": datetime.now(UTC).isoformat(), "by": by, "what": what, "events": events})
        with os.fdopen(os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as out:
            out.write(f"{line}\n")
            out.flush()
            os.fsync(out.fileno())
