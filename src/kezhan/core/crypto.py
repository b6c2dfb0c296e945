"""Encryption of single fields and the blind index that finds them.

AES-256-GCM with a random nonce. The associated data is "table.column:record", so a ciphertext moved to another row or
column no longer opens. A failed opening raises; ciphertext is never handed on as if it were the value.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .keys import keyring

NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """Wrong key, swapped row or damaged bytes: a fault to be raised, never a refusal to be shown."""


def encrypt(text: str, *, bound_to: str) -> bytes:
    """Seal `text`; `bound_to` names the table, column and record it belongs to. Layout: id length, id, nonce, sealed."""
    ring = keyring()
    key_id = ring.active.encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(ring.encrypt[ring.active]).encrypt(nonce, text.encode(), bound_to.encode())
    return bytes([len(key_id)]) + key_id + nonce + sealed


def decrypt(blob: bytes, *, bound_to: str) -> str:
    """Open what `encrypt` sealed for the same place. Raises CannotDecrypt."""
    blob = bytes(blob)
    length = blob[0] if blob else 0
    key_id = blob[1 : 1 + length].decode(errors="replace")
    nonce = blob[1 + length : 1 + length + NONCE_BYTES]
    key = keyring().encrypt.get(key_id)
    if key is None:
        raise CannotDecrypt(f"no key {key_id!r}")
    try:
        return AESGCM(key).decrypt(nonce, blob[1 + length + NONCE_BYTES :], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt(bound_to) from error


def blind_index(kind: str, value: str) -> str:
    """A keyed digest to look a sealed value up by. `kind` keeps equal values of different fields apart."""
    key = hmac.digest(keyring().index, kind.encode(), hashlib.sha256)
    return hmac.digest(key, value.encode(), hashlib.sha256)[:20].hex()


def audit_digest(canonical: bytes) -> str:
    """A keyed digest for the trail: shows that something changed without letting anyone guess the value."""
    return hmac.digest(keyring().audit, canonical, hashlib.sha256).hex()
