"""Pure functions: zones, codes, and the date on the wall of a house."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@lru_cache(maxsize=128)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_is_known(name: str) -> bool:
    return name in available_timezones()


def code_is_fine(code: str) -> bool:
    """Small letters, digits and single hyphens: it stands in every address and is read aloud."""
    return len(code) <= 32 and bool(_CODE.match(code))


def currency_is_fine(code: str) -> bool:
    return bool(_CURRENCY.match(code))


def date_in_zone(at: datetime, name: str) -> date:
    return at.astimezone(zone(name)).date()
