"""Half-open periods of dates: a stay of [arrival, departure) has departure - arrival nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
FIRST_DATE = date(2000, 1, 1)
LAST_DATE = date(2199, 12, 31)


def nights(arrival: date, departure: date) -> list[date]:
    """The business nights of [arrival, departure); empty for day use."""
    return [arrival + timedelta(days=n) for n in range((departure - arrival).days)]


def each_day(first: date, end: date) -> Iterator[date]:
    """Days of [first, end)."""
    day = first
    while day < end:
        yield day
        day += ONE_DAY


def overlap(a_start: date, a_end: date, b_start: date, b_end: date) -> bool:
    return a_start < b_end and b_start < a_end
