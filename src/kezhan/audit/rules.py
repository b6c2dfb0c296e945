"""Pure functions of the trail: which facts may be stored, how values are digested, how a seal is computed."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

ALGORITHM = "sha256/1"
GENESIS = "0" * 64
FACT_CHARS = 64
FACT_ITEMS = 200
REASON_CHARS = 500

# A code, a number, a date, a room "8801", a plan "BAR-2": nothing a name, an address or a sentence is made of.
_CODE = re.compile(r"[A-Za-z0-9_.:+\-/#%*,=<> ()\[\]]*\Z")
_MOBILE_OR_DOCUMENT = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx])(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


class FactNotAllowed(ValueError):
    """A mistake of ours, raised in development and tests: the trail must not hold text that may name a person."""


def clean_facts(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Facts as JSON. Takes booleans, integers, Decimal, dates, times and short codes, and lists or maps of these."""
    return {} if not facts else {str(name): _clean(value, str(name), 0) for name, value in facts.items()}


def _clean(value: Any, name: str, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        return _clean_scalar(value, name)
    if isinstance(value, Decimal | date | time | uuid.UUID):
        return plain(value)
    if isinstance(value, Mapping) and depth < 2 and len(value) <= FACT_ITEMS:
        return {str(key): _clean(item, f"{name}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth < 2 and len(value) <= FACT_ITEMS:
        ordered = sorted(value) if isinstance(value, set | frozenset) else value
        return [_clean(item, name, depth + 1) for item in ordered]
    raise FactNotAllowed(f"fact {name!r} holds a {type(value).__name__}")


def _clean_scalar(value: str | int, name: str) -> str | int:
    text = str(value)
    if len(text) > FACT_CHARS or not _CODE.match(text):
        raise FactNotAllowed(f"fact {name!r} is not a code, a number or a date")
    if _MOBILE_OR_DOCUMENT.fullmatch(text):
        raise FactNotAllowed(f"fact {name!r} looks like a telephone or document number")
    return text if isinstance(value, str) else int(value)


def clean_reason(reason: str) -> str:
    """A person's own words, shortened; what looks like a telephone, document number or e-mail is blotted out."""
    return _EMAIL.sub("***", _MOBILE_OR_DOCUMENT.sub("***", str(reason)))[:REASON_CHARS]


def plain(value: Any) -> Any:
    """JSON's `default`: exact and the same on every database. Floats never reach it, bytes appear as hex."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def canonical(value: Any) -> bytes:
    return json.dumps(
        value, default=plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def seal_hash(chain: int, seq: int, prev_hash: str, content: Sequence[Any]) -> str:
    """The seal over one event. Every part is written with its length, so that no two readings give the same bytes."""
    digest = hashlib.sha256(_framed(ALGORITHM) + _framed(chain) + _framed(seq) + _framed(prev_hash))
    for part in content:
        digest.update(_framed(part))
    return digest.hexdigest()


def _framed(value: Any) -> bytes:
    """Four bytes of length and the bytes. Nothing at all has a length that no text has."""
    if value is None:
        return b"\xff\xff\xff\xff"
    if isinstance(value, str):
        raw = value.encode()
    elif isinstance(value, dict):
        raw = canonical(value)
    else:
        raw = str(plain(value) if not isinstance(value, int) else value).encode()
    return len(raw).to_bytes(4, "big") + raw
