"""Pure functions: no database, no clock."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """What a hotel wrote, in the reader's language; its Chinese words when it wrote no English."""
    return english if english and (get_language() or "").startswith("en") else chinese


def is_current(starts: date, ends: date | None, day: date) -> bool:
    """Whether `day` lies in [starts, ends); an open end lasts."""
    return starts <= day and (ends is None or day < ends)


def date_in_zone(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def digits_of(phone: str) -> str:
    """A telephone number as the blind index sees it: digits, and the plus of a foreign one."""
    plus = "+" if phone.strip().startswith("+") else ""
    digits = "".join(character for character in phone if character.isdigit())
    return digits.removeprefix("86") if plus and digits.startswith("86") else plus + digits


def clean_username(text: str) -> str:
    """One spelling per person: compatibility forms folded, lower case, no blanks around: lock-out counts by it."""
    return unicodedata.normalize("NFKC", text).strip().lower()
