"""What the command line says where it refuses: in the language of the installation."""

from __future__ import annotations

from api.labels import labels
from api.settings import Settings


def refusal(kind: str, **told: object) -> str:
    return str(labels(Settings().language)["command_line"][kind].format(**told))
