"""Where photos and scans are kept, and who looks into them: put together beside the rest of the wiring."""

from __future__ import annotations

from api.settings import Settings
from application.case.files import CaseFiles
from application.case.service import Cases
from infrastructure.files.clamd import Clamd, NoScanner
from infrastructure.files.disk import Disk
from infrastructure.files.pictures import DrawnAnew
from infrastructure.files.sealed import Place, SealedFiles
from infrastructure.privacy.vault import Vault

FOLDER = "files"


def case_files(settings: Settings, cases: Cases, vault: Vault) -> CaseFiles:
    scanner = Clamd(settings.clamd) if settings.clamd else NoScanner()
    return CaseFiles(cases, SealedFiles(place_of(settings), vault), scanner, DrawnAnew())


def place_of(settings: Settings) -> Place:
    if settings.files_url is None:
        return Disk(settings.state / FOLDER)
    from infrastructure.files.bucket import Bucket  # needs what is installed for it

    return Bucket(settings.files_url.get_secret_value())
