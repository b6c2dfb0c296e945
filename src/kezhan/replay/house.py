"""Building the houses that the file tells of: one property a hotel, with just the rooms it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from kezhan.billing import api as billing
from kezhan.core.actor import Actor, system
from kezhan.core.dates import ONE_DAY
from kezhan.hotel import api as hotel
from kezhan.properties import api as properties
from kezhan.reservations import api as reservations

from .plan import Plan

ZONE = "Europe/Lisbon"
CURRENCY = "EUR"
PLAN_CODE = "AS-BOOKED"
SOURCE_CODE = "FILE"
# The desk of the replay: everything happens at an hour of its day, in the order of a hotel's day.
CLERK = system("replay", origin="IMPORT")


@dataclass
class House:
    """A property being replayed: types and codes by the file's words, and the doors ready for somebody, by type."""

    name: str
    place: properties.Property
    types: dict[str, hotel.RoomType]
    markets: dict[str, str]
    channels: dict[str, str]
    free: dict[str, list[int]] = field(default_factory=dict)
    clerk: Actor = CLERK

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That hour of the property's own clock, aware."""
        return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(ZONE))


def open_group() -> properties.Group:
    now = datetime.now(UTC)
    return properties.open_group(code="replay", name="Replay", actor=CLERK, now=now)


@transaction.atomic
def build(plan: Plan, name: str, position: int, rooms: dict[str, int], group: properties.Group) -> House:
    """Open the property on the day of its first booking, with its rooms, codes, and nights for sale."""
    first, last = plan.span(name)
    now = datetime.combine(first - ONE_DAY, time(12), tzinfo=ZoneInfo(ZONE))
    place = properties.open_property(
        group=group,
        code=f"h{position}",
        name=name,
        timezone=ZONE,
        currency=CURRENCY,
        opened_date=first,
        actor=CLERK,
        now=now,
    )
    hotel.open_business_day(place=place, business_date=first, actor=CLERK, now=now)
    billing.set_up_charge_codes(place=place, actor=CLERK, now=now)
    house = House(
        name=name,
        place=place,
        types=_room_types(plan, place, name, now),
        markets=codes(plan.words("market"), 24),
        channels=codes(plan.words("channel"), 24),
    )
    for code, count in rooms.items():
        house.free[code] = _rooms(house, code, count, first, now)
    _open_codes(house, now)
    reservations.open_nights(place=place, first=first, end=last + timedelta(days=2), actor=CLERK, now=now)
    return house


def codes(words: Iterable[str], longest: int) -> dict[str, str]:
    """A code for each word of the file: letters, digits and hyphens, never the same twice."""
    given: dict[str, str] = {}
    for word in words:
        code = re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-")[: longest - 4] or "X"
        if code in given.values():
            code = f"{code}-{len(given)}"
        given[word] = code
    return given


def _room_types(
    plan: Plan, place: properties.Property, name: str, now: datetime
) -> dict[str, hotel.RoomType]:
    """Types take as many people as a line may name: what was booked once is lived, not judged."""
    return {
        word: hotel.add_room_type(
            place=place, code=code, name=word, max_adults=30_000, max_guests=32_000, actor=CLERK, now=now
        )
        for word, code in codes(plan.room_types(name), 16).items()
    }


def _rooms(house: House, word: str, count: int, opened: date, now: datetime) -> list[int]:
    floor = list(house.types).index(word) + 1
    return [
        hotel.add_room(
            place=house.place,
            number=f"{floor}{number:04d}",
            room_type=house.types[word],
            floor=str(floor),
            opened_date=opened,
            actor=CLERK,
            now=now,
        ).pk
        for number in range(count, 0, -1)
    ]


def _open_codes(house: House, now: datetime) -> None:
    place = house.place
    reservations.add_rate_plan(
        place=place, code=PLAN_CODE, name="As booked", public=False, actor=CLERK, now=now
    )
    for axis, words in (
        (reservations.CodeAxis.MARKET, house.markets),
        (reservations.CodeAxis.SOURCE, {SOURCE_CODE: SOURCE_CODE}),
        (reservations.CodeAxis.CHANNEL, house.channels),
    ):
        for word, code in words.items():
            reservations.add_booking_code(place=place, axis=axis, code=code, name=word, actor=CLERK, now=now)
