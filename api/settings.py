"""Everything that differs between machines, and nothing else."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import psycopg
from platformdirs import user_data_path
from psycopg.conninfo import conninfo_to_dict
from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
"""Segments that need no quotation, and none that leads up."""
KEY = 32
"""Bytes of a key that is given."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
USUAL_PORTS = {"http": 80, "https": 443}
CHECKOUT = Path(__file__).resolve().parents[1]


def usual_state() -> Path:
    """A checkout's is in it, whatever folder one stands in; an installed program's where its user keeps data."""
    return CHECKOUT / ".run" if (CHECKOUT / "pyproject.toml").exists() else user_data_path("tiaojie")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TIAOJIE_", frozen=True, extra="ignore", populate_by_name=True)

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "TIAOJIE_DATABASE_URL"),
        description="PostgreSQL ≥ 15 for the ledger; left out: the embedded one is started.",
    )
    read_url: SecretStr | None = Field(
        None,
        description="A standby of it, from which lists and figures are read where it has come far enough; left out: all"
        " is read from DATABASE_URL.",
    )
    state: Path = Field(
        default_factory=usual_state, description="Where the embedded server, the keys and the logs live."
    )
    wal_archive: Path | None = Field(
        None, description="Where the embedded server keeps its log, for a restore to any moment; left out: nowhere."
    )
    master_key: SecretStr | None = Field(
        None, description="Wraps the keys of persons (base64 of 32 bytes); left out: a file in the state folder."
    )
    log_key: SecretStr | None = Field(
        None, description="Signs what was recorded (base64 of 32 bytes); left out: a file in the state folder."
    )
    vault_url: SecretStr | None = Field(
        None,
        description="PostgreSQL for the keys of persons, in another cluster than the ledger's, so that several hosts"
        " serve one ledger; left out: files of the state folder.",
    )
    files_url: SecretStr | None = Field(
        None,
        description="A bucket for photos and scans, `s3+https://key:secret@host/bucket/prefix`; left out: the folder"
        " `files` of the state folder.",
    )
    clamd: str = Field(
        "",
        description="clamd, `host:port` or the path of its socket, which looks into each file first; left out: none.",
    )
    host: str = Field(
        "127.0.0.1", description="The address that the server listens on; `::`: everywhere, by both families."
    )
    port: int = Field(8000, description="The port that the server listens on.")
    processes: int = Field(
        1,
        ge=1,
        le=64,
        description="Processes of the server: each decides on a core of its own, all listen on the port.",
    )
    language: Literal["zh", "en"] = Field("zh", description="The language of pages and problems by default.")
    looks_kept_days: int = Field(
        1_095, ge=180, description="How many days it is kept who looked at which case; six months at least."
    )
    session_hours: int = Field(12, description="How long a login lasts.")
    secure_cookies: bool = Field(
        False, description="Cookies over HTTPS only: set it behind TLS, where the proxy does not say so."
    )
    root_path: str = Field(
        "", description="The prefix of all addresses, like `/tiaojie`, where a proxy serves other programs beside it."
    )
    origin: str = Field(
        "", description="The address that browsers see, like https://tiaojie.example; left out: what they ask for."
    )
    oidc_issuer: str = Field(
        "", description="The county's single sign-on (OpenID Connect): its issuer, as it tells it; left out: none."
    )
    oidc_client: str = Field("", description="The client id that we have there.")
    oidc_secret: SecretStr | None = Field(None, description="Its secret; left out: PKCE alone proves who we are.")
    oidc_claim: str = Field("preferred_username", description="The claim of the ID token that has our login name.")
    oidc_button: str = Field("", max_length=40, description="The text on its button; left out: our own words.")

    @field_validator("database_url", "read_url", "vault_url")
    @classmethod
    def _names_a_database(cls, told: SecretStr | None) -> SecretStr | None:
        """What PostgreSQL's own words repeat of it may be a password."""
        try:
            conninfo_to_dict(told.get_secret_value() if told else "")
        except psycopg.ProgrammingError:
            raise ValueError("a database is named like postgresql://user@host/name") from None
        return told

    @field_validator("master_key", "log_key")
    @classmethod
    def _is_a_key(cls, told: SecretStr | None) -> SecretStr | None:
        try:
            fits = not told or not told.get_secret_value() or len(b64decode(told.get_secret_value())) == KEY
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("a key is 32 bytes in base64")
        return told

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, told: str) -> str:
        """Its addresses and keys come from there, so over TLS; without, from this machine alone."""
        asked = urlsplit(told)
        near = asked.scheme == "http" and asked.hostname in LOOPBACK
        if told and (not asked.hostname or asked.query or asked.fragment or not (asked.scheme == "https" or near)):
            raise ValueError("an issuer is like https://login.county.example/realms/county")
        return told

    @model_validator(mode="after")
    def _is_known_there(self) -> Settings:
        if self.oidc_issuer and not (self.oidc_client and self.oidc_claim):
            raise ValueError("TIAOJIE_OIDC_ISSUER needs TIAOJIE_OIDC_CLIENT, and a claim")
        return self

    @field_validator("root_path")
    @classmethod
    def _is_a_prefix(cls, told: str) -> str:
        path = told.rstrip("/")
        if not PREFIX.fullmatch(path):
            raise ValueError("a prefix is like /tiaojie")
        return path

    @field_validator("origin")
    @classmethod
    def _is_an_origin(cls, told: str) -> str:
        """As browsers write it: small letters, no port where it is the usual one, and nothing after it."""
        if not told:
            return told
        asked = urlsplit(told)
        if asked.scheme not in USUAL_PORTS or not asked.hostname or asked.path.strip("/") or asked.query:
            raise ValueError("an origin is like https://tiaojie.example, without a path")
        host = f"[{asked.hostname}]" if ":" in asked.hostname else asked.hostname
        port = "" if asked.port in (None, USUAL_PORTS[asked.scheme]) else f":{asked.port}"
        return f"{asked.scheme}://{host}{port}"
