"""What signs, and what was signed: in the state folder, outside of the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infrastructure.proof.kept import Checkpoints, KeptCheckpoints
from infrastructure.proof.keys import FILE, LogKey
from infrastructure.proof.trail import Trail


@dataclass(frozen=True)
class LogFiles:
    key: LogKey
    kept: Checkpoints
    trail: Trail

    @classmethod
    def of(cls, state: Path, key: LogKey | None = None, kept: Checkpoints | None = None) -> LogFiles:
        """`key` and `kept`: what is not in the folder. Raises KeysAbsent."""
        trail = Trail(state / "exports.jsonl")
        return cls(key or LogKey.of(state / FILE), kept or KeptCheckpoints(state / "checkpoints.db"), trail)
