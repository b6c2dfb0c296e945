"""Dull guests for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from kezhan.core.actor import system
from kezhan.guests import api as guests
from kezhan.people.tests.factories import NOON

CLERK = system("test", "JOB")
_numbers = count(1)


def make_guest(group: Any, name: str = "王小明", phone: str | None = None, **given: Any) -> guests.Guest:
    """A temporary profile with a telephone of its own."""
    phone = f"138{next(_numbers):08}" if phone is None else phone
    given.setdefault("actor", CLERK)
    given.setdefault("now", NOON)
    return guests.make_profile(group=group, name=name, phone=phone, **given)


def identity_number(serial: int = 1, born: str = "19900307", region: str = "330106") -> str:
    """A well-formed identity number of nobody; odd serials are men, even ones women."""
    body = f"{region}{born}{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]
