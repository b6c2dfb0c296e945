"""Check-in and walk-in: refused whole, or done whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.actor import Actor
from kezhan.core.errors import NotFound
from kezhan.core.ids import number
from kezhan.core.operation import operation
from kezhan.core.prepared import insert
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from .. import refusals
from ..models import Stay, StayGuest
from ..values import DepositAtDesk, GuestAtDesk
from .desk import lock_in_house, open_desk
from .register import check_document, check_party, profile, register

# Eight signs, as of a booking: no need to ask the table first.
NUMBER_LENGTH = 8
CONFIRMED = ("CONFIRMED", "GUEST_CONFIRMED", "IN_HOUSE")


@operation
def check_in(
    *,
    booking_room_id: int,
    room_id: int,
    guests: Sequence[GuestAtDesk],
    actor: Actor,
    now: datetime,
    deposit: DepositAtDesk | None = None,
    deposit_waiver_reason: str = "",
) -> Stay:
    """Turn a confirmed booked room into a stay: people registered, room given, deposit taken or waived, folio opened.

    Raises NotConfirmed, NotArrivingYet, BookingIsOver, WrongRoomType, RoomNotReady, RoomOccupied, NobodyRegistered,
    DocumentMissing, GuardianMissing, DepositMissing, AuditRunning, and reservations' RoomTaken.
    """
    property_id = _property_of(booking_room_id)
    day = open_desk(property_id)
    booked = reservations.lock_booking_room(booking_room_id, property_id)
    _guard_booking(booked, day)
    room = hotel.lock_room(room_id, property_id)
    guard_room(room, booked, day)
    check_party(guests)
    if deposit is None and not deposit_waiver_reason.strip():
        raise refusals.DepositMissing()

    stay = _write_stay(booked, room, guests, deposit_waiver_reason, day, actor, now)
    reservations.mark_arrived(booking_room_id=booked.pk, actor=actor, now=now)
    hotel.set_room_status(room=room, occupancy=hotel.Occupancy.OCCUPIED, actor=actor, now=now)
    _take_money(stay, booked, deposit, actor, now)
    audit.record(
        "frontdesk.checked_in", actor=actor, subject=stay, at=now, reason=stay.deposit_waiver_reason,
        facts={"booking": booked.booking.number, "room": room.number, "guests": len(guests), "business_date": day},
    )  # fmt: skip
    return stay


def _property_of(booking_room_id: int) -> int:
    found = (
        reservations.BookingRoom.objects.filter(pk=booking_room_id)
        .values_list("property_id", flat=True)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def _guard_booking(booked: Any, day: date) -> None:
    booking = booked.booking
    if booked.status != "HELD" or booking.status not in CONFIRMED:
        status = booking.get_status_display() if booked.status == "HELD" else booked.get_status_display()
        raise refusals.NotConfirmed(booking=booking.number, status=status)
    if booked.arrival_date > day:
        raise refusals.NotArrivingYet(arrival=booked.arrival_date, business_date=day)
    if booked.departure_date < day or (booked.departure_date == day and not booked.day_use):
        raise refusals.BookingIsOver(departure=booked.departure_date, business_date=day)


def guard_room(room: hotel.Room, booked: Any, day: date) -> None:
    room.property = booked.property
    if room.room_type_id != booked.inventory_type_id:
        raise refusals.WrongRoomType(
            room=room.number, room_type=room.room_type.name, booked_type=booked.inventory_type.name
        )
    if room.occupancy == hotel.Occupancy.OCCUPIED:
        raise refusals.RoomOccupied(room=room.number)
    if not housekeeping.room_is_ready(room, day):
        code = hotel.status_code(room.occupancy, room.cleanliness)
        raise refusals.RoomNotReady(room=room.number, status=code, word=hotel.STATUS_WORDS[code])


def _write_stay(
    booked: Any,
    room: hotel.Room,
    people: Sequence[GuestAtDesk],
    waiver: str,
    day: date,
    actor: Actor,
    now: datetime,
) -> Stay:
    """The room's nights, the folio, the stay and its people."""
    place = booked.property
    if not booked.day_use:
        reservations.assign_room(
            booking_room_id=booked.pk, room_id=room.pk, use=reservations.NightUse.STAY, actor=actor, now=now
        )
    profiles = [profile(person, place, actor=actor, now=now) for person in people]
    main = next(guest for guest, person in zip(profiles, people, strict=True) if person.is_main)
    folio = billing.open_folio(place=place, guest=main, label=room.number, actor=actor, now=now)
    stay = Stay(
        property=place, number=number("S", day, NUMBER_LENGTH), booking_room=booked, room=room,
        folio=folio, arrival_date=booked.arrival_date, departure_date=booked.departure_date, checked_in_at=now,
        checked_in_business_date=day, deposit_waiver_reason=waiver.strip()[:200],
    )  # fmt: skip
    try:
        with transaction.atomic():
            insert(stay)
    except IntegrityError as error:
        if Stay.objects.filter(room=room, status="IN_HOUSE").exists():
            raise refusals.RoomOccupied(room=room.number) from error
        raise
    for index, (guest, person) in enumerate(zip(profiles, people, strict=True)):
        if guest in profiles[:index]:
            raise refusals.RegisteredTwice(guest=guest.name)
        register(stay, guest, person, day=day, actor=actor, now=now)
    return stay


def _take_money(stay: Stay, booked: Any, deposit: DepositAtDesk | None, actor: Actor, now: datetime) -> None:
    if deposit is not None:
        billing.take_deposit(
            folio_id=stay.folio_id, amount=deposit.amount, tender=deposit.tender, actor=actor, now=now
        )
    if booked.day_use and booked.day_use_price:
        billing.post_charge(
            folio_id=stay.folio_id, code="DAY_USE", amount=booked.day_use_price, service_date=booked.arrival_date,
            source_key=f"day_use:{stay.number}", actor=actor, now=now,
        )  # fmt: skip


@operation
def register_guest(*, stay_id: int, person: GuestAtDesk, actor: Actor, now: datetime) -> StayGuest:
    """One more person joins a stay in the house. Raises StayNotInHouse, DocumentMissing, RegisteredTwice, GuardianMissing."""
    stay, day = lock_in_house(stay_id)
    check_document(person)
    guest = profile(person, stay.property, actor=actor, now=now)
    if StayGuest.objects.filter(stay=stay, guest=guest).exists():
        raise refusals.RegisteredTwice(guest=guest.name)
    row = register(stay, guest, person, day=day, actor=actor, now=now)
    audit.record(
        "frontdesk.guest_registered", actor=actor, subject=stay, at=now, facts={"guest": guest.number}
    )
    return row


@operation
def walk_in(
    *,
    place: Any,
    request: reservations.BookingRequest,
    room_id: int,
    guests: Sequence[GuestAtDesk],
    actor: Actor,
    now: datetime,
    deposit: DepositAtDesk | None = None,
    deposit_waiver_reason: str = "",
    price_override: bool = False,
) -> Stay:
    """Somebody without a booking: one room booked by the ordinary path and checked into at once, or neither."""
    booked = reservations.book(
        place=place, request=request, actor=actor, now=now, price_override=price_override
    )
    return check_in(
        booking_room_id=booked.booking.rooms.get().pk, room_id=room_id, guests=guests, deposit=deposit,
        deposit_waiver_reason=deposit_waiver_reason, actor=actor, now=now,
    )  # fmt: skip
