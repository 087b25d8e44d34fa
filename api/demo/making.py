"""Makes the demo county in an empty ledger, for `tiaojie demo` and `tiaojie run`; tells its logins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from api.demo import LOGINS, PASSWORD, Clock, Demo
from api.settings import Settings
from api.wiring import wired
from domain.shared.calendar import local_day

Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
"""Shows how far something is: what it is called; then how much is done, of how much."""


class LedgerNotEmpty(Exception):
    """The demo county is made in an empty ledger only."""


def load_demo(settings: Settings, url: str, bar: Bar) -> None:
    """Raises LedgerNotEmpty."""
    clock = Clock(datetime.now(UTC))
    with wired(settings, url, clock) as parts:
        if parts.ledger.head():
            raise LedgerNotEmpty
        with bar("demo county") as tell:
            Demo(parts, clock, local_day(clock.moment), lambda _, done, of: tell(done, of)).make()
        with bar("board") as tell:
            parts.projector.catch_up(lambda _, done, of: tell(done, of))


def print_logins(out: Console) -> None:
    table = Table("login", "role", "password", title="demo logins")
    for login, role in LOGINS.items():
        table.add_row(login, role, PASSWORD)
    out.print(table)
