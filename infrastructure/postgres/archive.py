"""The log of the embedded PostgreSQL outside of its folder: every change, so that any moment can be restored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote

AT_LEAST_EVERY = "60s"
"""A segment is put away after so long, full or not, if anything was recorded: that much is lost with the machine."""
BACKUP = "backup"
_LSN = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")


def archiving(folder: Path) -> dict[str, str]:
    """Settings. A segment is there as a whole or not at all, and never written over."""
    made, draft = _in_shell(folder, "%f.gz"), _in_shell(folder, "%f.part")
    command = f"test ! -e {made} && gzip -c %p > {draft} && sync {draft} && mv {draft} {made}"
    return {"archive_mode": "on", "archive_command": command, "archive_timeout": AT_LEAST_EVERY}


def _in_shell(folder: Path, name: str) -> str:
    return f"{quote(str(folder).replace('%', '%%'))}/{name}"


class NoSuchMoment(ValueError):
    """Neither a place in the log, nor a time with its offset, nor `backup`."""


@dataclass(frozen=True)
class Recovery:
    """Up to where, and from where the log is read: the archive, then what an earlier cluster had not put away yet."""

    to: str | None
    archive: Path | None
    earlier: Path | None

    def settings(self) -> dict[str, str]:
        """Raises NoSuchMoment."""
        ways = [f"gzip -dc {_in_shell(self.archive, '%f.gz')} > %p 2>/dev/null"] if self.archive else []
        ways += [f"cp {_in_shell(self.earlier / 'pg_wal', '%f')} %p 2>/dev/null"] if self.earlier else []
        command = " || ".join(ways) if ways else "false"
        return {"restore_command": command, "recovery_target_action": "promote", **self._target()}

    def _target(self) -> dict[str, str]:
        if self.to is None:
            return {}
        if self.to == BACKUP:
            return {"recovery_target": "immediate"}
        if _LSN.fullmatch(self.to):
            return {"recovery_target_lsn": self.to}
        try:
            moment = datetime.fromisoformat(self.to)
        except ValueError:
            raise NoSuchMoment(self.to) from None
        if moment.tzinfo is None:
            raise NoSuchMoment(f"{self.to} has no offset, such as +08:00")
        return {"recovery_target_time": moment.isoformat(sep=" ")}
