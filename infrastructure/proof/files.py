"""What signs, and what was signed: in the state folder, outside of the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import LogKey
from infrastructure.proof.trail import Trail


@dataclass(frozen=True)
class LogFiles:
    key: LogKey
    kept: KeptCheckpoints
    trail: Trail

    @classmethod
    def of(cls, state: Path) -> LogFiles:
        return cls(
            LogKey.of(state / "log.key"), KeptCheckpoints(state / "checkpoints.db"), Trail(state / "exports.jsonl")
        )
