"""How many rooms of each type a hotel needs so that nothing in the file is refused.

Lives the file through on counters alone, in the same order within a day as the real run: bookings later cancelled take
their nights, a change of type on arrival moves them, day guests need a door for some hours beside those who stay.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from kezhan.core.dates import ONE_DAY, each_day, nights

from .plan import Plan
from .source import SourceRow


class Counters:
    """Nights sold by (type, date), guests in the house by type, and the most there ever was of either."""

    def __init__(self) -> None:
        self.sold: Counter[tuple[str, date]] = Counter()
        self.in_house: Counter[str] = Counter()
        self.peak: Counter[str] = Counter()

    def sell(self, room_type: str, first: date, end: date) -> None:
        for night in nights(first, end):
            self.sold[room_type, night] += 1
            self.peak[room_type] = max(self.peak[room_type], self.sold[room_type, night])

    def give_back(self, room_type: str, first: date, end: date) -> None:
        for night in nights(first, end):
            self.sold[room_type, night] -= 1

    def enter(self, room_type: str) -> None:
        self.in_house[room_type] += 1
        self.peak[room_type] = max(self.peak[room_type], self.in_house[room_type])

    def leave(self, row: SourceRow) -> None:
        self.in_house[row.assigned_type] -= 1
        self.give_back(row.assigned_type, row.ends, row.departure)


def needed(plan: Plan, hotel: str) -> dict[str, int]:
    """Smallest number of rooms by type with which nothing is refused."""
    counters = Counters()
    first, last = plan.span(hotel)
    for day in each_day(first, last + ONE_DAY):
        _live_day(counters, plan, hotel, day)
    return {room_type: counters.peak[room_type] for room_type in plan.room_types(hotel)}


def _live_day(counters: Counters, plan: Plan, hotel: str, day: date) -> None:
    for row in plan.cancelled_on(hotel, day):
        counters.give_back(row.reserved_type, row.arrival, row.departure)
    for row in plan.leaving_on(hotel, day):
        counters.leave(row)
    for row in plan.booked_on(hotel, day):
        counters.sell(row.reserved_type, row.arrival, row.departure)
    for row in plan.arriving_on(hotel, day):
        if row.assigned_type != row.reserved_type:
            counters.give_back(row.reserved_type, row.arrival, row.departure)
            counters.sell(row.assigned_type, row.arrival, row.departure)
        counters.enter(row.assigned_type)
    for row in plan.leaving_at_once(hotel, day):
        counters.leave(row)
    for row in plan.cancelled_at_once(hotel, day):
        counters.give_back(row.reserved_type, row.arrival, row.departure)
    for row in plan.missing_on(hotel, day):
        counters.give_back(row.reserved_type, row.arrival, row.departure)


def scaled(rooms: dict[str, int], factor: Decimal) -> dict[str, int]:
    """The room counts times `factor`, rounded down."""
    return {code: int((count * factor).to_integral_value(ROUND_FLOOR)) for code, count in rooms.items()}
