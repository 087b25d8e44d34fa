"""Where photos and scans are kept, and who looks into them: put together beside the rest of the wiring."""

from __future__ import annotations

from collections.abc import Callable

from api.settings import Settings
from application.case.files import CaseFiles
from application.case.service import Cases
from infrastructure.files.clamd import Clamd, NoScanner
from infrastructure.files.disk import Disk
from infrastructure.files.pictures import DrawnAnew
from infrastructure.files.sealed import FilePlace, SealedFiles
from infrastructure.files.sweeping import Sweeping
from infrastructure.postgres.pool import Readers
from infrastructure.privacy.vault import Vault
from infrastructure.projection.projector import Projector

FOLDER = "files"


def case_files(settings: Settings, cases: Cases, vault: Vault) -> CaseFiles:
    scanner = Clamd(settings.clamd) if settings.clamd else NoScanner()
    return CaseFiles(cases, SealedFiles(place_of(settings), vault), scanner, DrawnAnew())


def sweeping(settings: Settings, pool: Readers, projector: Projector, head: Callable[[], int]) -> Sweeping:
    def caught_up() -> bool:
        wanted = head()
        projector.check_whole()
        return projector.catch_up() >= wanted

    return Sweeping(place_of(settings), pool, caught_up)


def place_of(settings: Settings) -> FilePlace:
    if settings.files_url is None:
        return Disk(settings.state / FOLDER)
    from infrastructure.files.bucket import Bucket  # needs what is installed for it

    return Bucket(settings.files_url.get_secret_value())
