"""The tables of whoever comes in: sessions, passwords, how often a wrong one was tried, and what they are typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg_pool import ConnectionPool

from api.settings import Settings
from application.office import SetPasswords
from application.office_tokens import IssuedTokens
from application.ports import Ledger
from infrastructure.concurrency.places import Places
from infrastructure.drafts import DraftTable
from infrastructure.ledger.schema import in_turn
from infrastructure.look_log import LookTable
from infrastructure.passwords import PasswordTable
from infrastructure.postgres.connecting import connect
from infrastructure.privacy.master import derived
from infrastructure.privacy.table_keys import TableKeys
from infrastructure.privacy.vault import Vault
from infrastructure.sessions import SessionTable
from infrastructure.sign_on.county import AT_ONCE, CountySignOn
from infrastructure.sign_on.provider import Client, Provider
from infrastructure.tokens import TokenTable
from infrastructure.uploads import UploadTable
from infrastructure.wrong_passwords import WrongPasswords

PASSWORDS = "passwords"
"""What a vault notes once the passwords of before are taken over: again after a restore, whose copy may be older."""


def _epoch(pool: ConnectionPool[Any]) -> int:
    with pool.connection() as connection:
        ((epoch,),) = connection.execute("SELECT epoch FROM ledger").fetchall()
    return int(epoch)


@dataclass(frozen=True)
class Logins:
    sessions: SessionTable
    passwords: PasswordTable
    tokens: TokenTable
    sign_on: CountySignOn | None
    drafts: DraftTable
    uploads: UploadTable
    looks: LookTable
    tidying: Sequence[Callable[[], None]]
    """What throws away what is of no more use: sessions that ended long ago, wrong passwords of yesterday."""


@contextmanager
def logins(
    settings: Settings,
    url: str,
    pool: ConnectionPool[Any],
    vault: Vault,
    master: bytes,
    ledger: Ledger,
    tables: TableKeys,
) -> Iterator[Logins]:
    """Their tables are made where they are missing."""
    sessions = SessionTable(pool, derived(master, "session"), settings.session_hours)
    wrong = WrongPasswords(pool, derived(master, "wrong-password"))
    passwords = PasswordTable(pool, wrong, SetPasswords(ledger), derived(master, "password"))
    tokens = TokenTable(pool, IssuedTokens(ledger), derived(master, "service-token"))
    drafts, uploads = DraftTable(pool, tables), UploadTable(pool, tables)
    looks = LookTable(pool, derived(master, "looks"), settings.looks_kept_days)
    with connect(url, autocommit=True) as owner:
        for table in (passwords, sessions, wrong, tokens, drafts, uploads, looks):
            with owner.transaction():
                in_turn(owner)
                table.prepare(owner)
    taken_over = f"{PASSWORDS}/{_epoch(pool)}"
    if not vault.store.noted(taken_over):
        passwords.take_over_those_of_before()
        vault.store.note(taken_over)
    try:
        sign_on = _sign_on(settings, derived(master, "sign-on"))
        tidying = (sessions.forget, wrong.forget, drafts.forget, uploads.forget, looks.forget)
        yield Logins(sessions, passwords, tokens, sign_on, drafts, uploads, looks, tidying)
    finally:
        passwords.close()


def _sign_on(settings: Settings, key: bytes) -> CountySignOn | None:
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_secret.get_secret_value() if settings.oidc_secret else ""
    client = Client(settings.oidc_client, secret)
    provider = Provider(settings.oidc_issuer)
    return CountySignOn(provider, client, settings.oidc_claim, settings.oidc_button, key, Places(AT_ONCE))
