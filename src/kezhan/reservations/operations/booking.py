"""The way of a booking: enquiry → eligible → review → allotted → confirmed → confirmed by the guest. `book` walks it whole
in one transaction, the other functions walk it step by step; both pass the same table, guards and inventory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.core.ids import number
from kezhan.core.money import ZERO
from kezhan.core.operation import operation
from kezhan.core.prepared import insert, update
from kezhan.guests import api as guests
from kezhan.hotel import api as hotel
from kezhan.reservations.choices import AUTOMATIC, BookingStatus, Eligibility, RoomStatus
from kezhan.reservations.models import Booking, BookingNight, BookingRoom
from kezhan.reservations.refusals import MembersOnly, NeedsContact, NotEligible, SoldOut
from kezhan.reservations.values import Booked, BookingRequest, PricedRoom, Span

from .locks import enter_booking, step
from .nights import move_nights
from .pricing import codes_of, price_rooms
from .vouchers import line_of_priced, reissue, write_voucher

# 30^8 a day: two bookings of one house and day never meet, and the unique constraint would refuse them.
NUMBER_LENGTH = 8


@operation
def book(
    *,
    place: Any,
    request: BookingRequest,
    actor: Actor,
    now: datetime,
    allow_past: bool = False,
    price_override: bool = False,
    public_only: bool = False,
) -> Booked:
    """Enquiry to confirmed voucher at once, or nothing. The review inside availability is the rule's own, and recorded so;
    an agreed price makes it that person's.

    `allow_past` takes history as it happened; `price_override` is the caller's word that the actor may set prices;
    `public_only` knows only public plans. Raises InvalidInput, SoldOut, NeedsContact, MembersOnly, PriceNotAllowed.
    """
    today = hotel.hold_business_date(place.pk)
    priced = price_rooms(
        place=place, request=request, today=today, history=allow_past, override=price_override, public_only=public_only
    )  # fmt: skip
    booking = _draft(place, request, priced, codes_of(place, request, today), today, now)
    guest, known = _guest(place, request, actor, now)
    booking.guest = guest
    _make_eligible(booking, known, request.contact_waiver, priced, actor, now)
    _approve_by_rule(booking, priced, actor, now)
    move_nights(place.pk, take=[_span(booking, room.room_type.id) for room in priced])
    step(booking, BookingStatus.ALLOTTED)
    booking.allotted_at = now
    step(booking, BookingStatus.CONFIRMED)
    booking.confirmed_at = now
    _insert(booking, priced, RoomStatus.HELD)
    token = write_voucher(
        booking,
        [line_of_priced(room) for room in priced],
        place=place,
        guest_name=guest.name,
        version=1,
        now=now,
    )
    audit.record(
        "reservations.booked", actor=actor, subject=booking, at=now, facts=_facts(booking, priced),
        reason=request.contact_waiver or _reasons(priced),
    )  # fmt: skip
    return Booked(booking, token)


@operation
def open_enquiry(
    *,
    place: Any,
    request: BookingRequest,
    actor: Actor,
    now: datetime,
    price_override: bool = False,
) -> Booking:
    """Keep what somebody asks for, numbered and priced; it takes no inventory. A guest known only by name gets a temporary
    profile; its contact may follow until the check of eligibility. Raises InvalidInput, PriceNotAllowed.
    """
    today = hotel.hold_business_date(place.pk)
    priced = price_rooms(
        place=place, request=request, today=today, history=False, override=price_override, public_only=False
    )  # fmt: skip
    booking = _draft(place, request, priced, codes_of(place, request, today), today, now)
    booking.guest, _known = _guest(place, request, actor, now)
    _insert(booking, priced, RoomStatus.ASKED)
    audit.record(
        "reservations.enquired", actor=actor, subject=booking, at=now, facts=_facts(booking, priced),
        reason=_reasons(priced),
    )  # fmt: skip
    return booking


@operation
def check_eligibility(
    *, booking_id: int, actor: Actor, now: datetime, property_id: int | None = None, points_asked: int = 0
) -> Booking:
    """Points of a member, a known profile, or a temporary one with name and contact. `points_asked` is what the member
    wants to pay with. Raises NeedsContact, MembersOnly, NotEligible, StepNotAllowed.
    """
    booking, _today = enter_booking(booking_id, property_id)
    plans = list(booking.rooms.values_list("rate_plan__code", "rate_plan__members_only"))
    _check_guest(booking, False, "", actor, now, points_asked)
    for code, members_only in plans:
        if members_only and booking.eligibility != Eligibility.MEMBER:
            raise MembersOnly(rate_plan=code)
    update(booking, "status", "eligibility", "eligible_at")
    audit.record(
        "reservations.eligibility_checked", actor=actor, subject=booking, at=now,
        facts={"eligibility": booking.eligibility, "points_asked": points_asked},
    )  # fmt: skip
    return booking


@operation
def submit(*, booking_id: int, actor: Actor, now: datetime, property_id: int | None = None) -> Booking:
    """Send an eligible booking to review. Inside availability and at listed prices the rule approves at once and allots;
    anything else waits for a person (S-2.1(4)).
    """
    booking, _today = enter_booking(booking_id, property_id)
    ordinary = not booking.rooms.exclude(price_reason="").exists()
    try:
        if ordinary:
            with transaction.atomic():
                return _allot(booking, AUTOMATIC, "", actor, now)
    except SoldOut:
        booking.refresh_from_db()
    step(booking, BookingStatus.UNDER_REVIEW)
    update(booking, "status")
    audit.record(
        "reservations.sent_to_review", actor=actor, subject=booking, at=now, facts={"listed": ordinary}
    )
    return booking


@operation
def review(
    *,
    booking_id: int,
    approved: bool,
    reason: str,
    actor: Actor,
    now: datetime,
    property_id: int | None = None,
) -> Booking:
    """A person's decision on a booking under review. Approval allots it, still inside the limit of inventory.
    Raises InvalidInput without a reason, SoldOut, StepNotAllowed.
    """
    booking, _today = enter_booking(booking_id, property_id)
    _require_reason(reason)
    if not approved:
        return _decline(booking, reason, actor, now)
    return _allot(booking, actor.name, reason.strip(), actor, now)


@operation
def allot(*, booking_id: int, actor: Actor, now: datetime, property_id: int | None = None) -> Booking:
    """Take the nights of an eligible booking out of inventory, once in its life. Raises SoldOut, StepNotAllowed."""
    booking, _today = enter_booking(booking_id, property_id)
    return _allot(booking, booking.reviewed_by or AUTOMATIC, booking.review_reason, actor, now)


@operation
def confirm(*, booking_id: int, actor: Actor, now: datetime, property_id: int | None = None) -> Booked:
    """Make an allotted booking firm and give its voucher; inventory has fallen already. Raises StepNotAllowed."""
    booking, _today = enter_booking(booking_id, property_id)
    step(booking, BookingStatus.CONFIRMED)
    booking.confirmed_at = now
    booking.version += 1
    update(booking, "status", "confirmed_at", "version")
    token = reissue(booking, place=booking.property, now=now)
    audit.record("reservations.confirmed", actor=actor, subject=booking, at=now)
    return Booked(booking, token)


@operation
def guest_confirms(
    *, booking_id: int, actor: Actor, now: datetime, property_id: int | None = None
) -> Booking:
    """The details were checked with the guest (S-2.2(1)). Raises StepNotAllowed."""
    booking, _today = enter_booking(booking_id, property_id)
    step(booking, BookingStatus.GUEST_CONFIRMED)
    booking.guest_confirmed_at = now
    update(booking, "status", "guest_confirmed_at")
    audit.record("reservations.guest_confirmed", actor=actor, subject=booking, at=now)
    return booking


@operation
def decline(
    *, booking_id: int, reason: str, actor: Actor, now: datetime, property_id: int | None = None
) -> Booking:
    """Turn down what was asked, before anything was allotted. Raises InvalidInput, StepNotAllowed."""
    booking, _today = enter_booking(booking_id, property_id)
    _require_reason(reason)
    return _decline(booking, reason, actor, now)


def _decline(booking: Booking, reason: str, actor: Actor, now: datetime) -> Booking:
    step(booking, BookingStatus.DECLINED)
    booking.reviewed_at, booking.reviewed_by, booking.review_reason = (
        now,
        actor.name[:80],
        reason.strip()[:200],
    )
    booking.ended_at = now
    update(booking, "status", "reviewed_at", "reviewed_by", "review_reason", "ended_at")
    booking.rooms.update(status=RoomStatus.CANCELLED)
    audit.record("reservations.declined", actor=actor, subject=booking, at=now, reason=reason.strip())
    return booking


def _allot(booking: Booking, reviewer: str, reason: str, actor: Actor, now: datetime) -> Booking:
    step(booking, BookingStatus.ALLOTTED)
    rooms = list(booking.rooms.all())
    move_nights(
        booking.property_id,
        take=[Span(room.inventory_type_id, room.arrival_date, room.departure_date) for room in rooms],
    )
    for room in rooms:
        room.nights.update(inventory_type=room.inventory_type_id)
    booking.rooms.update(status=RoomStatus.HELD)
    booking.allotted_at = booking.reviewed_at = now
    booking.reviewed_by, booking.review_reason = reviewer[:80], reason[:200]
    update(booking, "status", "allotted_at", "reviewed_at", "reviewed_by", "review_reason")
    audit.record(
        "reservations.allotted", actor=actor, subject=booking, at=now, reason=reason,
        facts={"automatic": reviewer == AUTOMATIC, "rooms": len(rooms)},
    )  # fmt: skip
    return booking


def _draft(
    place: Any,
    request: BookingRequest,
    priced: Sequence[PricedRoom],
    codes: dict[str, int],
    today: date,
    now: datetime,
) -> Booking:
    currencies = {room.rate_plan.currency for room in priced}
    if len(currencies) > 1:
        raise InvalidInput(fields={"rooms": _("一个预订只能用一种币种的价格。")})
    return Booking(
        property=place,
        number=number("B", today, NUMBER_LENGTH),
        arrival_date=request.arrival,
        departure_date=request.departure,
        arrival_time=request.arrival_time,
        market_id=codes["market"],
        source_id=codes["source"],
        channel_id=codes["channel"],
        currency=currencies.pop(),
        total=sum((room.total for room in priced), ZERO),
        wishes=request.wishes.strip()[:300],
        external_reference=request.external_reference.strip()[:60],
        asked_at=now,
        booked_business_date=today,
    )


def _guest(place: Any, request: BookingRequest, actor: Actor, now: datetime) -> tuple[Any, bool]:
    """The profile asked for, found by name and phone, or made. Raises InvalidInput without a name."""
    if request.guest is not None:
        return request.guest, False
    if not request.guest_name.strip():
        raise InvalidInput(fields={"guest.name": _("请填写客人姓名。")})
    return guests.find_or_make(
        group=place.group, name=request.guest_name, phone=request.guest_phone, actor=actor, now=now
    )


def _make_eligible(
    booking: Booking, known: bool, waiver: str, priced: Sequence[PricedRoom], actor: Actor, now: datetime
) -> None:
    _check_guest(booking, known, waiver, actor, now, 0)
    for room in priced:
        if room.rate_plan.members_only and booking.eligibility != Eligibility.MEMBER:
            raise MembersOnly(rate_plan=room.rate_plan.code)


def _check_guest(
    booking: Booking, known: bool, waiver: str, actor: Actor, now: datetime, points_asked: int
) -> None:
    guest = booking.guest
    member = guests.membership(guest, booking.booked_business_date)
    if points_asked > (member.points if member is not None else 0):
        raise NotEligible(balance=member.points if member is not None else 0, asked=points_asked)
    if member is not None:
        eligibility = Eligibility.MEMBER
    elif known or guest.kind == guests.GuestKind.REGULAR:
        eligibility = Eligibility.KNOWN_GUEST
    else:
        eligibility = Eligibility.TEMPORARY_PROFILE
        contact = guest.phone is not None or guest.email is not None
        waived = bool(waiver.strip()) and actor.kind == "SYSTEM"
        if not guest.name.strip() or not (contact or waived):
            raise NeedsContact(fields={"guest.phone": _("请填写联系电话。")})
    step(booking, BookingStatus.ELIGIBLE)
    booking.eligibility = eligibility
    booking.eligible_at = now


def _approve_by_rule(booking: Booking, priced: Sequence[PricedRoom], actor: Actor, now: datetime) -> None:
    reasons = _reasons(priced)
    booking.reviewed_at = now
    booking.reviewed_by = actor.name[:80] if reasons else AUTOMATIC
    booking.review_reason = reasons[:200]


def _reasons(priced: Sequence[PricedRoom]) -> str:
    return "；".join(
        dict.fromkeys(room.asked.price_reason.strip() for room in priced if room.asked.price_reason.strip())
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明原因。")})


def _span(booking: Booking, room_type_id: int) -> Span:
    return Span(room_type_id, booking.arrival_date, booking.departure_date)


def _insert(booking: Booking, priced: Sequence[PricedRoom], status: RoomStatus) -> None:
    """Three inserts, however many rooms and nights."""
    insert(booking)
    rooms = [_room(booking, index, room, status) for index, room in enumerate(priced, start=1)]
    BookingRoom.objects.bulk_create(rooms)
    held = status == RoomStatus.HELD
    BookingNight.objects.bulk_create(
        BookingNight(
            property_id=booking.property_id,
            booking_room_id=row.pk,
            date=day,
            price=price,
            rate_plan_id=room.rate_plan.id,
            inventory_type_id=room.room_type.id if held else None,
        )
        for row, room in zip(rooms, priced, strict=True)
        for day, price in room.nights
    )


def _room(booking: Booking, position: int, room: PricedRoom, status: RoomStatus) -> BookingRoom:
    asked = room.asked
    return BookingRoom(
        property_id=booking.property_id,
        booking=booking,
        position=position,
        room_type_id=room.room_type.id,
        inventory_type_id=room.room_type.id,
        rate_plan_id=room.rate_plan.id,
        status=status,
        arrival_date=booking.arrival_date,
        departure_date=booking.departure_date,
        day_use=asked.day_use,
        day_use_price=room.total if asked.day_use else None,
        adults=asked.adults,
        children=asked.children,
        infants=asked.infants,
        total=room.total,
        price_reason=asked.price_reason.strip()[:200],
    )


def _facts(booking: Booking, priced: Sequence[PricedRoom]) -> dict[str, Any]:
    return {
        "status": booking.status,
        "arrival": booking.arrival_date,
        "departure": booking.departure_date,
        "rooms": [[room.room_type.code, room.rate_plan.code, room.total] for room in priced],
        "total": booking.total,
        "currency": booking.currency,
        "automatic": booking.reviewed_by == AUTOMATIC,
        "price_overridden": any(room.overridden for room in priced),
    }
