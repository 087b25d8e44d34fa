"""What signs, and what was signed: in the state folder, outside of the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import FILE, LogKey
from infrastructure.proof.trail import Trail


@dataclass(frozen=True)
class LogFiles:
    key: LogKey
    kept: KeptCheckpoints
    trail: Trail

    @classmethod
    def of(cls, state: Path, key: LogKey | None = None) -> LogFiles:
        """`key`: one that is not in the folder. Raises KeysAbsent."""
        kept, trail = KeptCheckpoints(state / "checkpoints.db"), Trail(state / "exports.jsonl")
        return cls(key or LogKey.of(state / FILE), kept, trail)
