"""Reads of the desk: who is expected, in the house, leaving; the doors to a stay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from kezhan.billing import api as billing
from kezhan.core.dates import ONE_DAY
from kezhan.core.errors import NotFound
from kezhan.core.money import ZERO
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from . import rules
from .choices import StayStatus
from .models import Stay

CONFIRMED = ("CONFIRMED", "GUEST_CONFIRMED", "IN_HOUSE")


def stay_of(place: Any, number: str) -> Stay:
    """The stay of that number at this house. Raises NotFound."""
    rows = Stay.objects.of(place).filter(number=number)
    found = rows.select_related(
        "property", "room__room_type", "folio", "booking_room__booking__guest"
    ).first()
    if found is None:
        raise NotFound()
    return found


def booked_room_of(place: Any, number: str, position: int) -> reservations.BookingRoom:
    """A booked room by the number of its booking and its position in it. Raises NotFound."""
    rows = reservations.BookingRoom.objects.of(place).filter(booking__number=number, position=position)
    found = rows.select_related("booking__guest", "room_type", "inventory_type", "rate_plan").first()
    if found is None:
        raise NotFound()
    return found


# ---------------------------------------------------------------- the lanes of the day


def arrivals(place: Any, day: date) -> QuerySet[reservations.BookingRoom]:
    """Confirmed rooms expected by `day` and not here yet; those overdue from earlier days first."""
    return (
        reservations.BookingRoom.objects.of(place)
        .filter(status="HELD", arrival_date__lte=day, booking__status__in=CONFIRMED)
        .select_related("booking__guest", "inventory_type", "rate_plan")
        .order_by("arrival_date", F("booking__arrival_time").asc(nulls_last=True), "booking_id", "position")
    )


def in_house(place: Any) -> QuerySet[Stay]:
    return (
        Stay.objects.of(place)
        .filter(status=StayStatus.IN_HOUSE)
        .select_related("room", "booking_room__booking__guest", "folio")
        .order_by("room__number")
    )


def departures(place: Any, day: date) -> QuerySet[Stay]:
    """Due out by `day` and still here."""
    return in_house(place).filter(departure_date__lte=day).order_by("departure_date", "room__number")


def departed_today(place: Any, day: date) -> QuerySet[Stay]:
    rows = Stay.objects.of(place).filter(checked_out_business_date=day, status=StayStatus.DEPARTED)
    return rows.select_related("room", "booking_room__booking__guest").order_by("-checked_out_at")


def unconfirmed_arrivals(place: Any, day: date) -> QuerySet[reservations.Booking]:
    """Bookings expected by `day` that nobody confirmed or declined."""
    return (
        reservations.Booking.objects.of(place)
        .filter(status__in=["ENQUIRY", "ELIGIBLE", "UNDER_REVIEW", "ALLOTTED"], arrival_date__lte=day)
        .select_related("guest")
        .order_by("arrival_date", "id")
    )


# ---------------------------------------------------------------- money of a stay


def held_deposits(folio_id: int) -> list[billing.Deposit]:
    """Deposits not settled yet, the oldest first."""
    return list(billing.Deposit.objects.filter(folio_id=folio_id, status="HELD").order_by("pk"))


def open_charges(folio_id: int, source_key: str) -> list[billing.Posting]:
    """Charges a machine posted under that key and nobody reversed."""
    rows = billing.Posting.objects.filter(folio_id=folio_id, source_key=source_key, reverses__isnull=True)
    return list(rows.filter(reversed_by__isnull=True))


def proposed_deposit(booked: reservations.BookingRoom, day: date) -> Decimal:
    """What the desk asks for by the house's rule (S-3.1(4))."""
    first = booked.nights.order_by("date").values_list("price", flat=True).first()
    price = first if first is not None else booked.day_use_price or ZERO
    return billing.proposed_deposit(booked.property, price, on=day)


# ---------------------------------------------------------------- rooms to offer


def rooms_to_offer(booked: reservations.BookingRoom, day: date) -> list[hotel.Room]:
    """Ready rooms of the type, free for all nights still to come, the best for the guest's wishes first (S-3.1(3))."""
    place = booked.property
    free = reservations.free_rooms(
        place, booked.inventory_type_id, max(booked.arrival_date, day), booked.departure_date
    )
    own = own_room(booked)
    rooms = {room.pk: room for room in free}
    if own is not None and own.room_type_id == booked.inventory_type_id:
        rooms[own.pk] = own
    ready = housekeeping.ready_codes(place, day)
    offered = [
        room for room in rooms.values() if hotel.status_code(room.occupancy, room.cleanliness) in ready
    ]
    wishes = booked.booking.wishes
    return sorted(
        offered, key=lambda room: (own is None or room.pk != own.pk, *rules.wish_rank(room, wishes))
    )


def own_room(booked: reservations.BookingRoom) -> hotel.Room | None:
    """The room already assigned to a booked room, if any."""
    return (
        hotel.Room.objects.filter(nights__booking_room=booked)
        .select_related("room_type")
        .order_by("pk")
        .first()
    )


def find(place: Any, text: str, limit: int = 50) -> tuple[list[reservations.BookingRoom], list[Stay]]:
    """Arrivals and stays by room number, booking or stay number, or the guest's name."""
    text = text.strip()
    if not text:
        return [], []
    who = Q(booking__number__iexact=text) | Q(booking__guest__name__icontains=text)
    rows = reservations.BookingRoom.objects.of(place).filter(who, status="HELD")
    expected = rows.select_related("booking__guest", "inventory_type").order_by("arrival_date")[:limit]
    whose = (
        Q(number__iexact=text)
        | Q(room__number__iexact=text)
        | Q(booking_room__booking__number__iexact=text)
        | Q(guests__guest__name__icontains=text)
    )
    here = in_house(place).filter(whose).distinct()
    return list(expected), list(here[:limit])


def counts(place: Any, day: date) -> dict[str, int]:
    """The figures of the lanes, one COUNT each."""
    return {
        "arrivals": arrivals(place, day).count(),
        "in_house": in_house(place).count(),
        "departures": departures(place, day).count(),
    }


# ---------------------------------------------------------------- walk-in


def ready_rooms(place: Any, day: date) -> list[hotel.Room]:
    """Rooms of every type a guest can be shown into tonight."""
    ready = housekeeping.ready_codes(place, day)
    used = reservations.RoomNight.objects.of(place).filter(date=day).values("room_id")
    rooms = hotel.rooms_of(place, day).filter(occupancy=hotel.Occupancy.VACANT).exclude(pk__in=used)
    found = [room for room in rooms if hotel.status_code(room.occupancy, room.cleanliness) in ready]
    return sorted(found, key=lambda room: (room.room_type.position, room.room_type.code, room.number))


def plans_for_desk(place: Any, day: date) -> Any:
    rows = reservations.RatePlan.objects.of(place).filter(
        Q(retired_date__isnull=True) | Q(retired_date__gt=day)
    )
    return rows.exclude(kind="HOURLY").order_by("position", "code")


def codes_for_desk(place: Any, day: date) -> dict[str, list[Any]]:
    """Markets, sources and channels in use, by axis."""
    rows = reservations.BookingCode.objects.of(place).filter(
        Q(retired_date__isnull=True) | Q(retired_date__gt=day)
    )
    found: dict[str, list[Any]] = {"MARKET": [], "SOURCE": [], "CHANNEL": []}
    for row in rows.order_by("axis", "position", "code"):
        found[row.axis].append(row)
    return found


def usual_deposit(place: Any, day: date) -> Decimal:
    """The proposal for somebody whose price is not known yet: the cheapest offer of tonight."""
    offers = reservations.availability(place, day, day + ONE_DAY)
    prices = [plan.nightly[0][1] for offer in offers for plan in offer.plans]
    return billing.proposed_deposit(place, min(prices, default=ZERO), on=day)


def rooms_to_move_to(stay: Stay, day: date) -> list[hotel.Room]:
    """Ready rooms of the same type, free for the nights the stay has left."""
    booked = stay.booking_room
    rooms = reservations.free_rooms(stay.property, booked.inventory_type_id, day, stay.departure_date)
    ready = housekeeping.ready_codes(stay.property, day)
    return [room for room in rooms if hotel.status_code(room.occupancy, room.cleanliness) in ready]


def without_room(place: Any, room_type_id: int, night: date) -> list[reservations.BookingRoom]:
    """Booked rooms whose night is counted as sold in that type and who have no door for it."""
    doors = reservations.RoomNight.objects.filter(booking_room=OuterRef("pk"), date=night)
    rows = reservations.BookingRoom.objects.of(place).filter(
        status__in=["HELD", "IN_HOUSE"], arrival_date__lte=night, departure_date__gt=night,
        inventory_type_id=room_type_id,
    )  # fmt: skip
    return list(rows.filter(~Exists(doors)).select_related("booking__guest").order_by("arrival_date", "pk"))
