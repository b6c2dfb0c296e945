"""A dull hotel for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kezhan.core.actor import Actor
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON, make_house

BUSINESS_DATE = date(2026, 11, 22)


@dataclass
class Hotel:
    """A property with its group, a person holding a post there, types by code and rooms by number."""

    group: Any
    property: Any
    user: Any
    business_date: date
    types: dict[str, hotel.RoomType] = field(default_factory=dict)
    rooms: dict[str, hotel.Room] = field(default_factory=dict)

    @property
    def place(self) -> Any:
        return self.property

    @property
    def actor(self) -> Actor:
        return self.user.actor()


def make_hotel(
    rights: Iterable[str] = (),
    *,
    business_date: date = BUSINESS_DATE,
    types: Iterable[str] = ("STD", "KING"),
    rooms_each: int = 2,
    now: datetime = NOON,
    **house: Any,
) -> Hotel:
    """Rooms are 101, 102 … for the first type, 201, 202 … for the second; all vacant and inspected (VI)."""
    home = make_house(rights, **house)
    hotel.open_business_day(place=home.property, business_date=business_date, actor=home.actor, now=now)
    made = Hotel(home.group, home.property, home.user, business_date)
    for floor, code in enumerate(types, start=1):
        room_type = hotel.add_room_type(
            place=home.property, code=code, name=f"房型{code}", position=floor, actor=home.actor, now=now
        )
        made.types[code] = room_type
        for n in range(1, rooms_each + 1):
            make_room(made, f"{floor}{n:02}", code, floor=str(floor), now=now)
    return made


def make_room(
    made: Hotel, number: str, type_code: str, *, floor: str = "1", now: datetime = NOON
) -> hotel.Room:
    room = hotel.add_room(
        place=made.property,
        number=number,
        room_type=made.types[type_code],
        floor=floor,
        opened_date=date(2020, 1, 1),
        actor=made.actor,
        now=now,
    )
    made.rooms[number] = room
    return room
