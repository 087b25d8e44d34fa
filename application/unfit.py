"""What keeps the service from starting: a database, or keys, on which something would be lost or mixed up."""

from __future__ import annotations

from domain.shared.errors import Unavailable


class UnsafeLedger(Unavailable):
    """The database would let the ledger lose or mix up something; `reason` says what, for who runs the database."""


class NoProgramsOfPostgres(Unavailable):
    """Neither a database is named, nor are the programs there of which an embedded one is made."""


class DatabaseTooOld(Unavailable):
    """PostgreSQL 15 or newer is needed."""


class NotUnicode(Unavailable):
    """The database holds another encoding than UTF8: names would be recorded that no list could show."""


class PooledByTransaction(Unavailable):
    """A pooler lends another session for each transaction (PgBouncer, pool_mode = transaction): what is set for a
    session, its role and its locks would reach others."""


class PoolTooSmall(Unavailable):
    """A pooler lends fewer sessions than one process of ours needs, and keeps whoever asks for more waiting."""


class AnotherStarts(Unavailable):
    """Another process prepares the tables and does not come to an end."""


class NoTablesMayBeMade(Unavailable):
    """Whom the URL names may not make tables in the schema `public`."""


class TooFewConnections(Unavailable):
    """The server lends fewer connections than one process of ours needs."""


class MadeByANewerProgram(Unavailable):
    """The tables are of a later form than this program knows."""


class NoLedgerHere(Unavailable):
    """There is no ledger in this state folder, or in this database, and who only looks makes none."""


class KeysAbsent(Unavailable):
    """The ledger holds records, and keys that belong to it are not there: what was recorded with others in their place
    could never be read again. `absent` names them."""


class KeysDamaged(Unavailable):
    """A file of keys is there and is none, or half of one. `damaged` names it."""


class VaultBesideTheLedger(Unavailable):
    """The vault stands in the cluster of the ledger: one backup would hold what is encrypted, and its keys."""


class VaultHoldsKeys(Unavailable):
    """The vault that is to be moved into holds the keys of another ledger."""


class OtherKeys(Unavailable):
    """The keys that are there belong to another ledger. `other` names them."""
