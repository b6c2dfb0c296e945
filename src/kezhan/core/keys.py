"""The key file: encryption keys by id and a separate index key, made at first run beside the database, never inside it."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """`active` encrypts; every key of `encrypt` can still read; `index` and `audit` never encrypt anything."""

    active: str
    encrypt: dict[str, bytes]
    index: bytes
    audit: bytes


def make_key_file(path: Path) -> None:
    """Write a new key file, readable by its owner alone. Refuses to touch an existing one: lost keys are lost data."""
    body = {
        "format": 1,
        "active": "k1",
        "encrypt": {"k1": _encode(secrets.token_bytes(KEY_BYTES))},
        "index": _encode(secrets.token_bytes(KEY_BYTES)),
        "audit": _encode(secrets.token_bytes(KEY_BYTES)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(body, out, indent=1)


def read_key_file(path: Path) -> Keyring:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        ring = Keyring(
            active=body["active"],
            encrypt={key_id: _decode(text) for key_id, text in body["encrypt"].items()},
            index=_decode(body["index"]),
            audit=_decode(body["audit"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"key file cannot be read: {path}") from error
    if ring.active not in ring.encrypt:
        raise ImproperlyConfigured("key file names an active key that it does not hold")
    return ring


@cache
def keyring() -> Keyring:
    return read_key_file(Path(settings.KEZHAN_KEYS_FILE))


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return raw
