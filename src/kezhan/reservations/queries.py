"""Reads: what can be sold at which price, which rooms are free, and whether the counters say what the bookings say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from kezhan.core.dates import ONE_DAY
from kezhan.core.errors import NotFound
from kezhan.core.money import ZERO
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from . import rules
from .choices import ClosureKind, RoomStatus
from .models import (
    Booking,
    BookingNight,
    BookingRoom,
    Closure,
    NightPrice,
    RoomNight,
    RoomTypeNight,
)
from .values import CancelTerms, Difference

FREE = F("capacity") - F("out_of_order") - F("blocked") + F("overbook_allowance") - F("sold")


def free_by_type(property_id: int, first: date, end: date) -> dict[int, int]:
    """Rooms left on the tightest of the nights, by type; a type not open on all of them is left out."""
    rows = (
        RoomTypeNight.objects.filter(property_id=property_id, date__gte=first, date__lt=end)
        .values_list("room_type_id")
        .annotate(left=Min(FREE), open=Count("id"))
        .filter(open=(end - first).days)
    )
    return {type_id: left for type_id, left, _open in rows}


def free_rooms(place: Any, room_type_id: int, arrival: date, departure: date) -> QuerySet[hotel.Room]:
    """Rooms of a type in use and without any use on the nights [arrival, departure), by number. For day use (no night)
    a room is free when nothing holds it on that date. A dirty room is no hindrance for a night to come.
    """
    last = max(departure, arrival + ONE_DAY)
    used = RoomNight.objects.of(place).filter(date__gte=arrival, date__lt=last).values("room_id")
    return (
        hotel.rooms_of(place)
        .filter(room_type_id=room_type_id, opened_date__lte=arrival)
        .filter(Q(retired_date__isnull=True) | Q(retired_date__gte=last))
        .exclude(pk__in=used)
        .order_by("number")
    )


def booking_by_number(place: Any, number: str) -> Booking:
    """Raises NotFound."""
    found = (
        Booking.objects.of(place)
        .filter(number=number)
        .select_related("guest", "market", "source", "channel", "property")
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def rooms_of_booking(booking: Booking) -> QuerySet[BookingRoom]:
    return booking.rooms.select_related("room_type", "inventory_type", "rate_plan").prefetch_related(
        "nights", "room_nights__room"
    )


def users_of_room(room_id: int, days: Iterable[date]) -> list[tuple[date, str]]:
    """(night, number of the booking or the closure's kind) for each night on which the room has a use."""
    rows = (
        RoomNight.objects.filter(room_id=room_id, date__in=list(days))
        .order_by("date")
        .values_list("date", "booking_room__booking__number", "closure__kind")
    )
    return [(day, number or str(ClosureKind(kind).value)) for day, number, kind in rows]


def bookings_on(property_id: int, room_type_id: int, days: Iterable[date]) -> list[str]:
    """Numbers of the bookings that take inventory of the type on any of the nights, by arrival."""
    rows = (
        BookingNight.objects.filter(
            property_id=property_id, inventory_type_id=room_type_id, date__in=list(days)
        )
        .order_by("booking_room__booking__arrival_date", "booking_room__booking__number")
        .values_list("booking_room__booking__number", flat=True)
    )
    return list(dict.fromkeys(rows))


def inventory_differences(place: Any, first: date, end: date) -> list[Difference]:
    """Nights of [first, end) whose counters do not say what bookings, closures and rooms say. Reports; repairs nothing."""
    stored = {
        (type_id, day): (capacity, out, sold)
        for type_id, day, capacity, out, sold in RoomTypeNight.objects.of(place)
        .filter(date__gte=first, date__lt=end)
        .values_list("room_type_id", "date", "capacity", "out_of_order", "sold")
    }
    sold, closed = _sold_nights(place, first, end), _closed_nights(place, first, end)
    codes = dict(hotel.room_types_of(place).values_list("pk", "code"))
    rooms = rooms_in_use(place)
    found = []
    for key in sorted(stored.keys() | sold.keys() | closed.keys(), key=lambda key: (codes[key[0]], key[1])):
        type_id, day = key
        in_use = count_in_use(rooms, type_id, day)
        has = stored.get(key)
        told = zip(
            ("capacity", "out_of_order", "sold"),
            has or (0, 0, 0),
            (in_use if has else 0, closed.get(key, 0) if has else 0, sold.get(key, 0)),
            strict=True,
        )
        found += [
            Difference(codes[type_id], day, name, is_, ought) for name, is_, ought in told if is_ != ought
        ]
    return found


def _sold_nights(place: Any, first: date, end: date) -> dict[tuple[int, date], int]:
    rows = (
        BookingNight.objects.of(place)
        .filter(inventory_type__isnull=False, date__gte=first, date__lt=end)
        .filter(
            booking_room__property_id=place.pk,
            booking_room__status__in=[RoomStatus.HELD, RoomStatus.IN_HOUSE, RoomStatus.DEPARTED],
            booking_room__departure_date__gt=first,
        )
        .values_list("inventory_type_id", "date")
        .annotate(nights=Count("id"))
    )
    return {(type_id, day): count for type_id, day, count in rows}


def _closed_nights(place: Any, first: date, end: date) -> dict[tuple[int, date], int]:
    rows = (
        RoomNight.objects.of(place)
        .filter(date__gte=first, date__lt=end, closure__kind=ClosureKind.OOO)
        .values_list("room__room_type_id", "date")
        .annotate(nights=Count("id"))
    )
    return {(type_id, day): count for type_id, day, count in rows}


def rooms_in_use(place: Any) -> list[tuple[int, date, date | None]]:
    """(type, first day, first day no longer) of every room."""
    return list(hotel.Room.objects.of(place).values_list("room_type_id", "opened_date", "retired_date"))


def count_in_use(rooms: Iterable[tuple[int, date, date | None]], type_id: int, day: date) -> int:
    return sum(
        1
        for kind, opened, retired in rooms
        if kind == type_id and opened <= day and (retired is None or day < retired)
    )


def open_closures(place: Any, on: date) -> QuerySet[Closure]:
    """Closures not released that reach beyond `on`, the nearest first."""
    return (
        Closure.objects.of(place)
        .filter(released_at__isnull=True, ends_date__gt=on)
        .select_related("room", "room__room_type")
        .order_by("starts_date", "room__number")
    )


def grid(place: Any, first: date, end: date) -> dict[tuple[int, date], tuple[int, int, int, int]]:
    """(left, sold, capacity, out of order) by type and night, for the availability page."""
    rows = (
        RoomTypeNight.objects.of(place)
        .filter(date__gte=first, date__lt=end)
        .values_list("room_type_id", "date", FREE, "overbook_allowance", "sold", "capacity", "out_of_order")
    )
    # On the property's own page the allowance is not hidden in the number: an oversold night shows below zero.
    return {
        (type_id, day): (left - allowance, sold, capacity, out)
        for type_id, day, left, allowance, sold, capacity, out in rows
    }


def price_grid(place: Any, rate_plan_id: int, first: date, end: date) -> dict[tuple[int, date], Decimal]:
    rows = NightPrice.objects.of(place).filter(rate_plan_id=rate_plan_id, date__gte=first, date__lt=end)
    return {
        (type_id, day): price for type_id, day, price in rows.values_list("room_type_id", "date", "price")
    }


def terms_of(
    place: Any, arrival: date, arrival_time: time | None, *, on: date, confirmed_at: datetime
) -> CancelTerms:
    """The cancellation terms as the parameters of the business date `on` give them."""
    return rules.cancel_terms(
        arrival=arrival,
        arrival_time=arrival_time,
        held_until=policy.value("hold_until_time", property=place, on=on),
        zone=place.timezone,
        grace=policy.duration("cancel_grace_hours", property=place, on=on),
        percent=policy.value("refund_after_grace_percent", property=place, on=on),
        confirmed_at=confirmed_at,
    )


def first_nights(booking: Booking) -> Decimal:
    """The price of the first night of all rooms that are still expected, day use included."""
    rooms = booking.rooms.exclude(status__in=[RoomStatus.CANCELLED, RoomStatus.NO_SHOW])
    first = BookingNight.objects.filter(booking_room__in=rooms, date=F("booking_room__arrival_date"))
    night = first.aggregate(sum=Sum("price"))["sum"] or ZERO
    return night + (rooms.filter(day_use=True).aggregate(sum=Sum("day_use_price"))["sum"] or ZERO)
