"""A house at work, for tests: an inn with charge codes, bookings that arrive today, guests at the desk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kezhan.billing import api as billing
from kezhan.frontdesk import api as frontdesk
from kezhan.people.tests.factories import NOON
from kezhan.reservations import api as reservations
from kezhan.reservations.tests.factories import Inn, make_booking, make_inn


def check_digit(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first17, weights, strict=True))
    return first17 + "10X98765432"[total % 11]


def card(n: int, born: date = date(1990, 1, 1)) -> str:
    """The identity number of an invented person."""
    return check_digit(f"110105{born:%Y%m%d}{n:03}")


def make_house(rights: Any = (), **given: Any) -> Inn:
    inn = make_inn(rights, **given)
    billing.set_up_charge_codes(place=inn.place, actor=inn.actor, now=NOON)
    return inn


def person(n: int = 1, **given: Any) -> frontdesk.GuestAtDesk:
    """A main guest with a matched identity card."""
    fields: dict[str, Any] = {
        "name": "王小明", "phone": f"1390000{n:04}", "document_kind": "IDENTITY_CARD", "document_number": card(n),
        "is_main": True,
    }  # fmt: skip
    return frontdesk.GuestAtDesk(**{**fields, **given})


def expect(inn: Inn, nights: int = 1, **given: Any) -> reservations.BookingRoom:
    """A confirmed booked room arriving today."""
    return make_booking(inn, given.pop("first", 0), nights, **given).rooms.get()


def arrive(inn: Inn, number: str = "101", nights: int = 1, **given: Any) -> frontdesk.Stay:
    """A guest books and is checked into a room today, deposit 300 in cash."""
    booked = given.pop("booked", None) or expect(inn, nights, **given.pop("booking", {}))
    given.setdefault("guests", [person(inn.rooms[number].pk % 1000)])
    given.setdefault("deposit", frontdesk.DepositAtDesk(amount=Decimal("300.00"), tender="CASH"))
    return frontdesk.check_in(
        booking_room_id=booked.pk, room_id=inn.rooms[number].pk, actor=inn.actor, now=NOON, **given
    )


def close_day(inn: Inn, day: date | None = None, now: Any = NOON) -> frontdesk.NightAudit:
    return frontdesk.night_audit.run(
        place=inn.place, business_date=day or inn.business_date, actor=inn.actor, now=now
    )
