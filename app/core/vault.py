"""The vault: what is too sensitive to lie readable in a table or a store is sealed here, and opened here.

Sealing is AES-256-GCM. Each sealed value names its key, so that keys can be changed: the first of
`settings.encryption_keys` seals, every one of them opens. A value is bound to its place (`about`): moved to another
record it does not open. A sealed number is found again by its fingerprint, which says nothing without the key.
"""

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.config import get_settings

_FORMAT = b"\x01"
_NAME_LENGTH = 4
_NONCE_LENGTH = 12
_HEAD = len(_FORMAT) + _NAME_LENGTH + _NONCE_LENGTH


class CannotOpen(Exception):
    """A sealed value that none of the keys opens, or that was changed or moved."""


class _Key:
    def __init__(self, text: str) -> None:
        self.name = sha256(b"tubarerere key name:" + text.encode()).digest()[:_NAME_LENGTH]
        self.cipher = AESGCM(_derived(text, b"tubarerere vault 1"))
        self.index = _derived(text, b"tubarerere fingerprints 1")


def _derived(text: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(text.encode())


class Vault:
    """Seals with the first of its keys and opens with each of them."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = [_Key(key) for key in keys]

    def seal(self, content: bytes, *, about: str) -> bytes:
        """The content, unreadable; `about` names the record that it belongs to and must be said again to open it."""
        key, nonce = self._keys[0], secrets.token_bytes(_NONCE_LENGTH)
        return _FORMAT + key.name + nonce + key.cipher.encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """The content again. Raises `CannotOpen` for a key that is not among the settings, and for what was changed."""
        name, nonce = sealed[1 : 1 + _NAME_LENGTH], sealed[1 + _NAME_LENGTH : _HEAD]
        for key in self._keys:
            if sealed[:1] == _FORMAT and key.name == name and len(nonce) == _NONCE_LENGTH:
                try:
                    return key.cipher.decrypt(nonce, sealed[_HEAD:], about.encode())
                except InvalidTag as error:
                    raise CannotOpen from error
        raise CannotOpen

    def seal_text(self, text: str, *, about: str) -> bytes:
        """`seal` for text."""
        return self.seal(text.encode(), about=about)

    def open_text(self, sealed: bytes, *, about: str) -> str:
        """`open` for text."""
        return self.open(sealed, about=about).decode()

    def fingerprint(self, value: str) -> bytes:
        """By which an exact value is found again; the caller has brought it into one way of writing."""
        return _fingerprint(self._keys[0], value)

    def fingerprints(self, value: str) -> list[bytes]:
        """The fingerprints under all keys, for finding what was written before a key was changed."""
        return [_fingerprint(key, value) for key in self._keys]


def _fingerprint(key: _Key, value: str) -> bytes:
    return hmac.digest(key.index, value.encode(), "sha256")


@lru_cache
def _vault_of(keys: tuple[str, ...]) -> Vault:
    return Vault(list(keys))


def vault() -> Vault:
    """The vault of this process."""
    return _vault_of(tuple(key.get_secret_value() for key in get_settings().encryption_keys))
