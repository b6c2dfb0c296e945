"""What changes while a guest stays: the day of leaving, the room."""

from __future__ import annotations

from datetime import date, datetime

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.operation import operation
from kezhan.core.prepared import update
from kezhan.hotel import api as hotel
from kezhan.reservations import api as reservations

from ..models import Stay
from .check_in import guard_room
from .check_out import free_room
from .desk import lock_in_house, required


@operation
def change_departure(*, stay_id: int, departure: date, reason: str, actor: Actor, now: datetime) -> Stay:
    """Stay longer or leave earlier: nights and prices by the rules of reservations. Raises StayNotInHouse, SoldOut,
    RoomTaken when the room is promised to somebody else, ReasonMissing."""
    reason = required(reason)
    stay, _day = lock_in_house(stay_id)
    before = stay.departure_date
    reservations.change_dates(
        booking_room_id=stay.booking_room_id, arrival=stay.arrival_date, departure=departure, reason=reason,
        actor=actor, now=now,
    )  # fmt: skip
    stay.departure_date = departure
    update(stay, "departure_date")
    audit.record(
        "frontdesk.departure_changed", actor=actor, subject=stay, at=now, reason=reason,
        facts={"from": before, "to": departure},
    )  # fmt: skip
    return stay


@operation
def move_room(*, stay_id: int, room_id: int, reason: str, actor: Actor, now: datetime) -> Stay:
    """Another room of the type whose nights the stay takes, from tonight on; nights already spent stay with the old room.

    Raises StayNotInHouse, WrongRoomType, RoomNotReady, RoomOccupied, RoomTaken, ReasonMissing.
    """
    reason = required(reason)
    stay, day = lock_in_house(stay_id)
    booked = reservations.lock_booking_room(stay.booking_room_id, stay.property_id)
    room = hotel.lock_room(room_id, stay.property_id)
    guard_room(room, booked, day)
    if not booked.day_use:
        reservations.assign_room(
            booking_room_id=booked.pk, room_id=room.pk, use=reservations.NightUse.STAY, actor=actor, now=now
        )
    free_room(stay, day, actor, now)
    before, stay.room = stay.room.number, room
    update(stay, "room")
    hotel.set_room_status(room=room, occupancy=hotel.Occupancy.OCCUPIED, actor=actor, now=now)
    audit.record(
        "frontdesk.room_moved", actor=actor, subject=stay, at=now, reason=reason,
        facts={"from": before, "to": room.number, "business_date": day},
    )  # fmt: skip
    return stay
