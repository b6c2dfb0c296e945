"""Guests behind doors: a house lived in, for the benches of the room rack, the tape chart and the night audit."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from kezhan.billing import api as billing
from kezhan.core.dates import nights
from kezhan.frontdesk import api as frontdesk
from kezhan.hotel import api as hotel
from kezhan.properties import api as properties
from kezhan.reservations import api as reservations

from .houses import NOW, TODAY, Draw, count_sold, write
from .rows import insert_rows, next_key

WINDOW = 34
LOOSE_EVERY = 10


@transaction.atomic
def fill_chart(place: properties.Property, seed: int = 1) -> list[str]:
    """Stay after stay in every room for the coming weeks. Every tenth room has one guest and nobody after him, so that his
    departure can move; the numbers of those rooms are returned."""
    dice = random.Random(seed)  # noqa: S311
    rooms = list(hotel.Room.objects.of(place).order_by("pk"))
    drawn: list[tuple[hotel.Room, Draw]] = []
    for position, room in enumerate(rooms):
        loose = position % LOOSE_EVERY == 0
        drawn += [(room, draw) for draw in _stays_of(room, loose, dice)]
    _move_in(place, drawn, dice)
    return [room.number for room in rooms[::LOOSE_EVERY]]


@transaction.atomic
def occupy(place: properties.Property, count: int, seed: int = 1) -> None:
    """Guests in the first `count` rooms who stay for two nights more."""
    rooms = hotel.Room.objects.of(place).order_by("pk")[:count]
    arrival, departure = TODAY - timedelta(days=1), TODAY + timedelta(days=2)
    drawn = [(room, Draw(room.room_type_id, arrival, departure, "IN_HOUSE")) for room in rooms]
    _move_in(place, drawn, random.Random(seed))  # noqa: S311


def _stays_of(room: hotel.Room, loose: bool, dice: random.Random) -> list[Draw]:
    found: list[Draw] = []
    arrival = TODAY - timedelta(days=dice.choice([1, 2, 3] if loose else [0, 1, 2, 3]))
    while arrival < TODAY + timedelta(days=WINDOW):
        departure = TODAY + timedelta(days=3) if loose else _leaving(arrival, dice)
        state = "IN_HOUSE" if arrival < TODAY else "CONFIRMED"
        found.append(Draw(room.room_type_id, arrival, departure, state))
        if loose:
            break
        arrival = departure + timedelta(days=dice.choice([0, 0, 0, 1, 2]))
    return found


def _leaving(arrival: date, dice: random.Random) -> date:
    return max(arrival + timedelta(days=dice.choices([1, 2, 3, 4], [4, 3, 2, 1])[0]), TODAY)


def _move_in(
    place: properties.Property, drawn: Sequence[tuple[hotel.Room, Draw]], dice: random.Random
) -> None:
    """Bookings, doors, folios and stays; the rooms of those in the house are occupied."""
    first_guest, first_room = write(place, [draw for _room, draw in drawn], dice)
    _write_doors(place, drawn, first_room)
    here = [n for n, (_room, draw) in enumerate(drawn) if draw.state == "IN_HOUSE"]
    folio, stay = next_key(billing.Folio), next_key(frontdesk.Stay)
    insert_rows(billing.Folio, (_folio(place, folio + k, first_guest + n) for k, n in enumerate(here)))
    windows = (
        billing.FolioWindow(pk=folio + k, property_id=place.pk, folio_id=folio + k) for k in range(len(here))
    )
    insert_rows(billing.FolioWindow, windows)
    stays = (_stay(place, stay + k, folio + k, first_room + n, *drawn[n]) for k, n in enumerate(here))
    insert_rows(frontdesk.Stay, stays)
    insert_rows(
        frontdesk.StayGuest,
        (_guest(place, stay + k, first_guest + n, drawn[n][1]) for k, n in enumerate(here)),
    )
    hotel.Room.objects.filter(pk__in=[drawn[n][0].pk for n in here]).update(occupancy="OCCUPIED")
    count_sold(place)


def _write_doors(
    place: properties.Property, drawn: Sequence[tuple[hotel.Room, Draw]], first_room: int
) -> None:
    key = itertools.count(next_key(reservations.RoomNight))
    insert_rows(
        reservations.RoomNight,
        (
            reservations.RoomNight(
                pk=next(key), property_id=place.pk, room_id=room.pk, date=night, booking_room_id=first_room + n,
                use="STAY" if draw.state == "IN_HOUSE" else "ALLOTMENT",
            )
            for n, (room, draw) in enumerate(drawn)
            for night in nights(draw.arrival, draw.departure)
        ),
    )  # fmt: skip


def _folio(place: properties.Property, key: int, guest: int) -> billing.Folio:
    return billing.Folio(
        pk=key, property_id=place.pk, number=f"F{key:09d}", guest_id=guest, opened_at=NOW, opened_business_date=TODAY
    )  # fmt: skip


def _stay(
    place: properties.Property, key: int, folio: int, booked: int, room: hotel.Room, draw: Draw
) -> frontdesk.Stay:
    return frontdesk.Stay(
        pk=key, property_id=place.pk, number=f"S{key:09d}", booking_room_id=booked, room_id=room.pk, folio_id=folio,
        arrival_date=draw.arrival, departure_date=draw.departure, checked_in_at=NOW,
        checked_in_business_date=draw.arrival, deposit_waiver_reason="bench",
    )  # fmt: skip


def _guest(place: properties.Property, key: int, guest: int, draw: Draw) -> frontdesk.StayGuest:
    return frontdesk.StayGuest(
        pk=key, property_id=place.pk, stay_id=key, guest_id=guest, is_main=True, document_check="IMPORTED",
        checked_by="bench", arrived_at=NOW, seal_id=uuid.UUID(int=key),
    )  # fmt: skip
