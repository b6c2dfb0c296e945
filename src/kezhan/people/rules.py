"""Pure functions: no database, no clock."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """What a hotel wrote, in the reader's language; its Chinese words when it wrote no English."""
    return english if english and (get_language() or "").startswith("en") else chinese


def is_current(starts: date, ends: date | None, day: date) -> bool:
    """Whether `day` lies in [starts, ends); an open end lasts."""
    return starts <= day and (ends is None or day < ends)
