"""The key that signs checkpoints: Ed25519, in a file outside of the database."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from application.logs import get_logger
from application.unfit import KeysAbsent
from infrastructure.privacy.master import undamaged, write_private

log = get_logger("tiaojie.proof")

FILE = "log.key"


class LogKey:
    """Signs, and verifies what was signed."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    @classmethod
    def of(cls, file: Path) -> LogKey:
        """As it is. Whoever verifies needs its public half from elsewhere than from us. Raises KeysAbsent,
        KeysDamaged."""
        if not file.exists():
            raise KeysAbsent(absent=[file.name])
        with undamaged(file.name):
            return cls.read(file.read_text())

    @classmethod
    def read(cls, told: str) -> LogKey:
        """From base64 of 32 bytes."""
        return cls(b64decode(told))

    @classmethod
    def make(cls, file: Path) -> LogKey:
        """The one that is there, or a new one."""
        if not file.exists():
            write_private(file, b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
            log.warning("a key that signs checkpoints was made: back it up", file=file.name)
        return cls.of(file)

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)

    def valid(self, signature: bytes, text: bytes) -> bool:
        return PublicKey(self.public).valid(signature, text)


class PublicKey:
    def __init__(self, public: bytes) -> None:
        self.public = public

    def valid(self, signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True
