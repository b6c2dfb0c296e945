"""What the outside sees: numbers and tokens, never a key of a table."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from django.db import models

# No 0/O, 1/I/L and U: a number is read aloud over the telephone and typed from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def number(prefix: str, day: date, length: int = 6) -> str:
    """A number such as B261122-7KQ4TM. Random, so that it needs no counter row that every booking would queue for."""
    tail = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{prefix}{day:%y%m%d}-{tail}"


def free_number(rows: models.QuerySet, prefix: str, day: date, field: str = "number") -> str:
    """A number not used in `rows` yet. The unique constraint behind it decides the one in a billion race."""
    while True:
        candidate = number(prefix, day)
        if not rows.filter(**{field: candidate}).exists():
            return candidate


def new_token() -> str:
    """A random token of 256 bits for a link or an API client; only its digest is stored."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """SHA-256 in hex. The token has full entropy, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
