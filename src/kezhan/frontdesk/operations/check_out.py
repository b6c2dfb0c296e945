"""Check-out: bill paid, deposit returned, room given back, cleaning planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.actor import Actor
from kezhan.core.money import ZERO
from kezhan.core.operation import operation
from kezhan.core.prepared import update
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from .. import refusals, rules
from ..choices import StayStatus
from ..models import Stay
from ..queries import held_deposits
from ..values import PaymentAtDesk
from .desk import lock_in_house, required


@operation
def check_out(
    *,
    stay_id: int,
    actor: Actor,
    now: datetime,
    deposit_tender: str | None = None,
    deduct: Decimal = ZERO,
    deduct_reason: str = "",
    payments: Sequence[PaymentAtDesk] = (),
) -> Stay:
    """The guest leaves: `payments` are taken, the deposit is returned in full unless `deduct` of it goes to the bill (with
    a reason), nights not used are given back, the folio is closed, the room is dirty and its cleaning planned.

    Raises StayNotInHouse, BalanceDue, DeductionTooHigh, ReasonMissing, AuditRunning. Nothing is posted twice: a second
    call finds the stay departed.
    """
    stay, day = lock_in_house(stay_id)
    for payment in payments:
        _pay(stay, payment, actor, now)
    returned = _settle_deposits(stay, deposit_tender, deduct, deduct_reason, actor, now)
    _close_folio(stay, actor, now)
    reservations.mark_departed(booking_room_id=stay.booking_room_id, business_date=day, actor=actor, now=now)

    stay.status, stay.checked_out_at, stay.checked_out_business_date = StayStatus.DEPARTED, now, day
    update(stay, "status", "checked_out_at", "checked_out_business_date")
    stay.guests.filter(departed_at__isnull=True).update(departed_at=now)
    free_room(stay, day, actor, now)
    audit.record(
        "frontdesk.checked_out", actor=actor, subject=stay, at=now, reason=deduct_reason,
        facts={"business_date": day, "returned": returned, "deducted": deduct, "early": day < stay.departure_date},
    )  # fmt: skip
    return stay


def _close_folio(stay: Stay, actor: Actor, now: datetime) -> None:
    try:
        billing.close_folio(folio_id=stay.folio_id, actor=actor, now=now)
    except billing.FolioNotSettled as error:
        raise refusals.BalanceDue(balance=error.params["balance"]) from error


def _pay(stay: Stay, payment: PaymentAtDesk, actor: Actor, now: datetime) -> None:
    given: dict[str, Any] = {"folio_id": stay.folio_id, "tender": payment.tender, "actor": actor, "now": now}
    if payment.amount < ZERO:
        billing.pay_back(amount=-payment.amount, reason=payment.reason, **given)
    else:
        billing.take_payment(amount=payment.amount, **given)


def _settle_deposits(
    stay: Stay, tender: str | None, deduct: Decimal, reason: str, actor: Actor, now: datetime
) -> Decimal:
    """Return what is held, less `deduct`. Returns the sum given back."""
    held = held_deposits(stay.folio_id)
    total = sum((deposit.amount for deposit in held), ZERO)
    if deduct < ZERO or deduct > total:
        raise refusals.DeductionTooHigh(deduct=deduct, held=total)
    if deduct:
        reason = required(reason)
    shares = rules.share_deduction([deposit.amount for deposit in held], deduct)
    for deposit, share in zip(held, shares, strict=True):
        billing.settle_deposit(
            deposit_id=deposit.pk, tender=tender or deposit.tender, deduct=share, reason=reason if share else "",
            actor=actor, now=now,
        )  # fmt: skip
    return total - deduct


def free_room(stay: Stay, day: date, actor: Actor, now: datetime) -> None:
    """OC/OD → VD, and somebody cleans it."""
    room = hotel.lock_room(stay.room_id, stay.property_id)
    hotel.set_room_status(
        room=room, occupancy=hotel.Occupancy.VACANT, cleanliness=hotel.Cleanliness.DIRTY, actor=actor, now=now
    )
    housekeeping.plan_cleaning(
        room_id=room.pk, property_id=stay.property_id, kind=housekeeping.CleaningKind.DEPARTURE, business_date=day,
        actor=actor, now=now,
    )  # fmt: skip
