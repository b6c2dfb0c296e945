"""Taking back a mistake of the desk, on the same business date, until night audit."""

from __future__ import annotations

from datetime import date, datetime

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.actor import Actor
from kezhan.core.money import ZERO
from kezhan.core.operation import operation
from kezhan.core.prepared import update
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from .. import refusals
from ..choices import StayStatus
from ..models import Stay
from ..queries import held_deposits, open_charges
from .check_out import free_room
from .desk import lock_in_house, lock_stay, required


@operation
def undo_check_in(
    *, stay_id: int, reason: str, actor: Actor, now: datetime, room_entered: bool = True
) -> Stay:
    """As if the guest had not come yet: deposit returned in full, the day-use charge reversed, the booking expected again.

    A room somebody entered is dirty and gets cleaned. Raises StayNotInHouse, TooLateToUndo, MoneyPosted, ReasonMissing.
    """
    reason = required(reason)
    stay, day = lock_in_house(stay_id)
    _guard_day(stay, stay.checked_in_business_date, day)
    _take_money_back(stay, reason, actor, now)
    stay.status = StayStatus.UNDONE
    update(stay, "status")
    stay.guests.filter(departed_at__isnull=True).update(departed_at=now)
    reservations.undo_arrival(booking_room_id=stay.booking_room_id, reason=reason, actor=actor, now=now)
    billing.close_folio(folio_id=stay.folio_id, actor=actor, now=now)
    if room_entered:
        free_room(stay, day, actor, now)
    else:
        room = hotel.lock_room(stay.room_id, stay.property_id)
        hotel.set_room_status(room=room, occupancy=hotel.Occupancy.VACANT, actor=actor, now=now)
    audit.record("frontdesk.check_in_undone", actor=actor, subject=stay, at=now, reason=reason)
    return stay


def _guard_day(stay: Stay, acted: date | None, day: date) -> None:
    if acted != day:
        raise refusals.TooLateToUndo(stay=stay.number, day=acted)


def _take_money_back(stay: Stay, reason: str, actor: Actor, now: datetime) -> None:
    for deposit in held_deposits(stay.folio_id):
        billing.settle_deposit(deposit_id=deposit.pk, tender=deposit.tender, actor=actor, now=now)
    for posting in open_charges(stay.folio_id, f"day_use:{stay.number}"):
        billing.reverse_posting(posting_id=posting.pk, reason=reason, actor=actor, now=now)
    left = billing.balance(stay.folio_id).guest
    if left != ZERO:
        raise refusals.MoneyPosted(folio=stay.folio.number, balance=left)


@operation
def undo_check_out(*, stay_id: int, reason: str, actor: Actor, now: datetime) -> Stay:
    """The guest is back in the same room on the same business date: nights taken again, folio reopened, cleaning withdrawn.

    Deposits returned at the check-out are held again; payments stay. Raises StayNotDeparted, TooLateToUndo, RoomGivenAway,
    ReasonMissing, and reservations' refusals when the nights are sold.
    """
    reason = required(reason)
    stay, day = lock_stay(stay_id)
    if stay.status != StayStatus.DEPARTED:
        raise refusals.StayNotDeparted(stay=stay.number, status=stay.get_status_display())
    _guard_day(stay, stay.checked_out_business_date, day)
    door = None if stay.booking_room.day_use else stay.room_id
    reservations.undo_departure(
        booking_room_id=stay.booking_room_id, room_id=door, reason=reason, actor=actor, now=now
    )
    room = hotel.lock_room(stay.room_id, stay.property_id)
    if room.occupancy == hotel.Occupancy.OCCUPIED:
        raise refusals.RoomGivenAway(room=room.number)
    billing.reopen_folio(folio_id=stay.folio_id, reason=reason, actor=actor, now=now)
    for deposit in billing.Deposit.objects.filter(folio_id=stay.folio_id, settled_at=stay.checked_out_at):
        billing.undo_deposit_settlement(deposit_id=deposit.pk, reason=reason, actor=actor, now=now)
    stay.guests.filter(departed_at=stay.checked_out_at).update(departed_at=None)
    stay.status, stay.checked_out_at, stay.checked_out_business_date = StayStatus.IN_HOUSE, None, None
    update(stay, "status", "checked_out_at", "checked_out_business_date")
    hotel.set_room_status(room=room, occupancy=hotel.Occupancy.OCCUPIED, actor=actor, now=now)
    housekeeping.withdraw_cleaning(
        room_id=room.pk, property_id=stay.property_id, reason=reason, actor=actor, now=now
    )
    audit.record("frontdesk.check_out_undone", actor=actor, subject=stay, at=now, reason=reason)
    return stay
