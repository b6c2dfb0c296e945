"""Made-up hotels of the sizes that the targets name: small, large, large with a long past, and a group."""

from __future__ import annotations

import itertools
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction

from kezhan.billing import api as billing
from kezhan.core.actor import Actor, system
from kezhan.core.dates import nights
from kezhan.guests import api as guests
from kezhan.hotel import api as hotel
from kezhan.properties import api as properties
from kezhan.reservations import api as reservations

from .rows import insert_rows, next_key

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 4, tzinfo=UTC)
CLERK: Actor = system("bench", origin="COMMAND")
AHEAD_DAYS = 170
PRICE = Decimal(388)


@dataclass(frozen=True)
class Size:
    """`bookings` lie in the coming months, `past` ended before today."""

    name: str
    houses: int
    rooms: int
    types: int
    plans: int
    bookings: int
    past: int = 0


class Draw(NamedTuple):
    """A stay of one room of a type; `state` is what the booking and its room have come to."""

    kind: int
    arrival: date
    departure: date
    state: str = "CONFIRMED"

    @property
    def total(self) -> Decimal:
        return PRICE * (self.departure - self.arrival).days


SIZES = {
    "small": Size("small", houses=1, rooms=100, types=5, plans=5, bookings=2_000),
    "large": Size("large", houses=1, rooms=500, types=10, plans=5, bookings=20_000),
    "long": Size("long", houses=1, rooms=500, types=10, plans=5, bookings=20_000, past=180_000),
    "group": Size("group", houses=100, rooms=150, types=6, plans=5, bookings=6_000, past=4_000),
}


def build(size: Size, seed: int = 1) -> list[properties.Property]:
    """Open the houses of `size` and fill them with bookings that fit into their rooms."""
    group = properties.open_group(code="bench", name="Bench", actor=CLERK, now=NOW)
    places = []
    for position in range(1, size.houses + 1):
        place = open_house(group, f"b{position}", size.rooms, size.types, size.plans)
        fill(place, size, random.Random(seed + position))  # noqa: S311
        places.append(place)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return places


@transaction.atomic
def open_house(group: properties.Group, code: str, rooms: int, types: int, plans: int) -> properties.Property:
    place = properties.open_property(
        group=group,
        code=code,
        name=f"Bench {code}",
        opened_date=TODAY - timedelta(days=2000),
        actor=CLERK,
        now=NOW,
    )
    hotel.open_business_day(place=place, business_date=TODAY, actor=CLERK, now=NOW)
    billing.set_up_charge_codes(place=place, actor=CLERK, now=NOW)
    kinds = [
        hotel.add_room_type(
            place=place, code=f"T{n}", name=f"房型{n}", max_adults=3, max_guests=4, actor=CLERK, now=NOW
        )
        for n in range(types)
    ]
    for n in range(rooms):
        hotel.add_room(
            place=place,
            number=f"{n // 25 + 1}{n % 25 + 1:02d}",
            room_type=kinds[n * types // rooms],
            floor=str(n // 25 + 1),
            opened_date=TODAY - timedelta(days=2000),
            actor=CLERK,
            now=NOW,
        )
    for n in range(plans):
        plan = reservations.add_rate_plan(place=place, code=f"P{n}", name=f"价格{n}", actor=CLERK, now=NOW)
        for kind in kinds:
            reservations.set_base_price(
                rate_plan=plan, room_type=kind, price=Decimal(388 + 10 * n), weekend_price=Decimal(428),
                actor=CLERK, now=NOW,
            )  # fmt: skip
    for axis, word in (("MARKET", "FIT"), ("SOURCE", "DESK"), ("CHANNEL", "DIRECT")):
        reservations.add_booking_code(place=place, axis=axis, code=word, name=word, actor=CLERK, now=NOW)
    reservations.open_nights(place=place, first=TODAY, end=TODAY + timedelta(days=400), actor=CLERK, now=NOW)
    return place


def fill(place: properties.Property, size: Size, dice: random.Random) -> None:
    """Confirmed bookings of 1-4 nights, never more than the rooms; then as many departed ones before today."""
    kinds = list(hotel.RoomType.objects.of(place).order_by("code"))
    rooms = Counter(hotel.Room.objects.of(place).values_list("room_type_id", flat=True))
    drawn = _draw(size, kinds, rooms, dice)
    with transaction.atomic():
        write(place, drawn, dice)
        count_sold(place)


def _draw(size: Size, kinds: list[hotel.RoomType], rooms: Counter, dice: random.Random) -> list[Draw]:
    """Stays to come, spread so that about two thirds of the rooms are taken, and as many past ones as the size asks."""
    taken: Counter = Counter()
    drawn: list[Draw] = []
    while len(drawn) < size.bookings:
        kind = dice.choice(kinds).pk
        arrival = TODAY + timedelta(days=dice.randrange(AHEAD_DAYS))
        departure = arrival + timedelta(days=dice.choices([1, 2, 3, 4], [4, 3, 2, 1])[0])
        stay = nights(arrival, departure)
        if all(taken[kind, night] < rooms[kind] - 1 for night in stay):
            taken.update((kind, night) for night in stay)
            drawn.append(Draw(kind, arrival, departure))
    for number in range(size.past):
        departure = TODAY - timedelta(days=2 + number % 1500)
        drawn.append(
            Draw(dice.choice(kinds).pk, departure - timedelta(days=1 + number % 3), departure, "DEPARTED")
        )
    return drawn


def write(place: properties.Property, drawn: Sequence[Draw], dice: random.Random) -> tuple[int, int]:
    """The rows of the drawn bookings, one booked room each, with keys counted on from what is there: those of the first
    guest and the first booked room are returned."""
    plan = reservations.RatePlan.objects.of(place).earliest("code")
    codes = {row.axis: row.pk for row in reservations.BookingCode.objects.of(place)}
    guest_key, booking_key = next_key(guests.Guest), next_key(reservations.Booking)
    room_key, night_key = (
        next_key(reservations.BookingRoom),
        itertools.count(next_key(reservations.BookingNight)),
    )
    insert_rows(guests.Guest, (_guest(place, guest_key + n, dice) for n in range(len(drawn))))
    insert_rows(
        reservations.Booking,
        (_booking(place, booking_key + n, guest_key + n, codes, draw) for n, draw in enumerate(drawn)),
    )
    insert_rows(
        reservations.BookingRoom,
        (_room(place, room_key + n, booking_key + n, plan.pk, draw) for n, draw in enumerate(drawn)),
    )
    insert_rows(
        reservations.BookingNight,
        (
            reservations.BookingNight(
                pk=next(night_key), property_id=place.pk, booking_room_id=room_key + n, date=night, price=PRICE,
                rate_plan_id=plan.pk, inventory_type_id=draw.kind,
            )
            for n, draw in enumerate(drawn)
            for night in nights(draw.arrival, draw.departure)
        ),
    )  # fmt: skip
    return guest_key, room_key


def _guest(place: properties.Property, key: int, dice: random.Random) -> guests.Guest:
    return guests.Guest(
        pk=key, group_id=place.group_id, number=f"G{key:09d}", name=f"客人{key}", created_at=NOW,
        seal_id=uuid.UUID(int=dice.getrandbits(128)),
    )  # fmt: skip


def _booking(
    place: properties.Property, key: int, guest_key: int, codes: dict[str, int], draw: Draw
) -> reservations.Booking:
    return reservations.Booking(
        pk=key, property_id=place.pk, number=f"B{key:010d}", guest_id=guest_key,
        status=draw.state, arrival_date=draw.arrival, departure_date=draw.departure,
        market_id=codes["MARKET"], source_id=codes["SOURCE"], channel_id=codes["CHANNEL"], total=draw.total,
        eligibility="TEMPORARY_PROFILE", asked_at=NOW, booked_business_date=TODAY, eligible_at=NOW, allotted_at=NOW,
        confirmed_at=NOW,
    )  # fmt: skip


def _room(
    place: properties.Property, key: int, booking_key: int, plan_key: int, draw: Draw
) -> reservations.BookingRoom:
    return reservations.BookingRoom(
        pk=key, property_id=place.pk, booking_id=booking_key, room_type_id=draw.kind, inventory_type_id=draw.kind,
        rate_plan_id=plan_key, status="HELD" if draw.state == "CONFIRMED" else draw.state, arrival_date=draw.arrival,
        departure_date=draw.departure, adults=2, total=draw.total,
    )  # fmt: skip


def count_sold(place: properties.Property) -> None:
    """Set the counters of the coming nights to what the bookings hold."""
    sql = """UPDATE reservations_roomtypenight SET sold = held.rooms
        FROM (SELECT inventory_type_id, date, count(*) AS rooms FROM reservations_bookingnight
              WHERE property_id = %s GROUP BY inventory_type_id, date) AS held
        WHERE property_id = %s AND reservations_roomtypenight.date = held.date
          AND room_type_id = held.inventory_type_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [place.pk, place.pk])
