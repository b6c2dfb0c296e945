"""A dull inn with rooms on sale, and dull bookings in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from kezhan.core.actor import system
from kezhan.hotel.tests.factories import BUSINESS_DATE, Hotel, make_hotel, make_room
from kezhan.people.tests.factories import NOON
from kezhan.reservations import api as reservations

PRICES = {"STD": Decimal("300.00"), "KING": Decimal("400.00")}
_phones = count(13800000001)


@dataclass
class Inn(Hotel):
    """A hotel whose nights are open and priced: plan BAR for everybody, MEM for members (members_only), and one code a
    field: market FIT, source PHONE, channel DESK."""

    plans: dict[str, Any] = field(default_factory=dict)

    def day(self, n: int) -> date:
        """The date n days after the business date."""
        return self.business_date + timedelta(days=n)


def make_inn(
    rights: Iterable[str] = (),
    *,
    nights: int = 30,
    business_date: date = BUSINESS_DATE,
    now: datetime = NOON,
    rooms_each: int = 2,
    types: Iterable[str] = ("STD", "KING"),
    **house: Any,
) -> Inn:
    """300 a night in STD, 400 in KING, 500 in any other type, 50 more on Friday and Saturday nights; members pay 20 less.
    `nights` nights are open from the business date on."""
    made = make_hotel(
        rights, business_date=business_date, types=types, rooms_each=rooms_each, now=now, **house
    )
    inn = Inn(made.group, made.property, made.user, made.business_date, made.types, made.rooms)
    who: dict[str, Any] = {"actor": system("test"), "now": now}
    for code, kind, only, position in (("BAR", "RACK", False, 1), ("MEM", "MEMBER", True, 2)):
        inn.plans[code] = reservations.add_rate_plan(
            place=inn.place,
            code=code,
            name=f"价格{code}",
            kind=kind,
            members_only=only,
            position=position,
            **who,
        )
        for type_code, room_type in inn.types.items():
            price = PRICES.get(type_code, Decimal("500.00")) - (20 if only else 0)
            reservations.set_base_price(
                rate_plan=inn.plans[code], room_type=room_type, price=price, weekend_price=price + 50, **who
            )
    for axis, code in (("MARKET", "FIT"), ("SOURCE", "PHONE"), ("CHANNEL", "DESK")):
        reservations.add_booking_code(place=inn.place, axis=axis, code=code, name=f"代码{code}", **who)
    open_more(inn, 0, nights, now=now)
    return inn


def open_more(inn: Inn, first: int, end: int, *, now: datetime = NOON) -> int:
    return reservations.open_nights(
        place=inn.place, first=inn.day(first), end=inn.day(end), actor=system("test"), now=now
    )


def make_request(
    inn: Inn,
    first: int = 1,
    nights: int = 2,
    *,
    types: Iterable[str] = ("STD",),
    plan: str = "BAR",
    adults: int = 1,
    **fields: Any,
) -> reservations.BookingRequest:
    """`nights` nights from `first` days after the business date, one room for each of `types`."""
    rooms = tuple(reservations.RoomRequest(room_type=code, rate_plan=plan, adults=adults) for code in types)
    fields.setdefault("guest_name", "王小明")
    fields.setdefault("guest_phone", str(next(_phones)))
    return reservations.BookingRequest(
        arrival=inn.day(first),
        departure=inn.day(first + nights),
        rooms=fields.pop("rooms", rooms),
        market=fields.pop("market", "FIT"),
        source=fields.pop("source", "PHONE"),
        channel=fields.pop("channel", "DESK"),
        **fields,
    )


def make_booking(
    inn: Inn, first: int = 1, nights: int = 2, *, now: datetime = NOON, **fields: Any
) -> reservations.Booking:
    """A confirmed booking, made by `book` as the desk would."""
    request = make_request(inn, first, nights, **fields)
    return reservations.book(place=inn.place, request=request, actor=inn.actor, now=now).booking


def sold(inn: Inn, type_code: str, *days: int) -> list[int]:
    """The counters of a type on the given days after the business date."""
    rows = reservations.RoomTypeNight.objects.of(inn.place).filter(room_type=inn.types[type_code])
    counts = dict(rows.values_list("date", "sold"))
    return [counts[inn.day(n)] for n in days]


__all__ = [
    "BUSINESS_DATE",
    "NOON",
    "Inn",
    "make_booking",
    "make_inn",
    "make_request",
    "make_room",
    "open_more",
    "sold",
]
