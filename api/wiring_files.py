"""Where photos and scans are kept, and who looks into them: put together beside the rest of the wiring."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from api.labels import word
from api.settings import Settings
from application.case.files import CaseFiles
from application.case.service import Cases
from application.papers.binding import CaseBinder
from application.papers.service import Papers
from infrastructure.concurrency.turns import aside
from infrastructure.files.clamd import Clamd, NoScanner
from infrastructure.files.copies import FILES
from infrastructure.files.disk import Disk
from infrastructure.files.pictures import DrawnAnew
from infrastructure.files.sealed import FilePlace, SealedFiles
from infrastructure.files.sweeping import Sweeping
from infrastructure.papers.press import TypstPress
from infrastructure.postgres.pool import Readers
from infrastructure.privacy.vault import Vault
from infrastructure.projection.projector import Projector
from infrastructure.read_models.naming import Names


def case_files(settings: Settings, cases: Cases, vault: Vault) -> CaseFiles:
    scanner = Clamd(settings.clamd) if settings.clamd else NoScanner()
    return CaseFiles(cases, SealedFiles(place_of(settings), vault), scanner, DrawnAnew())


def binder(settings: Settings, vault: Vault, made: Papers) -> CaseBinder:
    files = SealedFiles(place_of(settings), vault)
    return CaseBinder(made, TypstPress(), files, DrawnAnew(), in_chinese, aside)


def papers(settings: Settings, pool: Readers) -> Papers:
    return Papers(Names(pool), in_chinese, TypstPress(), settings.origin + settings.root_path)


def in_chinese(code: Enum) -> str:
    """Official forms are in Chinese, whatever their reader reads."""
    return word("zh", re.sub(r"(?<!^)(?=[A-Z])", "_", type(code).__name__).lower(), code.value)


def sweeping(settings: Settings, pool: Readers, projector: Projector, head: Callable[[], int]) -> Sweeping:
    def caught_up() -> bool:
        wanted = head()
        projector.check_whole()
        return projector.catch_up() >= wanted

    return Sweeping(place_of(settings), pool, caught_up)


def place_of(settings: Settings) -> FilePlace:
    if settings.files_url is None:
        return Disk(settings.state / FILES)
    from infrastructure.files.bucket import Bucket  # needs what is installed for it

    return Bucket(settings.files_url.get_secret_value())
