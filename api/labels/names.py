"""Names in paths: AcceptCase -> accept-case."""

from __future__ import annotations

import re


def kebab(thing: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", thing.__name__).lower()
