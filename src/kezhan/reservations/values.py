"""What goes into a booking and what comes back: plain values, so that a page, REST, an import and a walk-in ask alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .models import Booking, BookingRoom


@dataclass(frozen=True, kw_only=True)
class RoomRequest:
    """One room asked for. The server prices it; `nightly_prices` (one a night) and `day_use_price` are an override, which
    needs the caller's leave and a `price_reason`.
    """

    room_type: str
    rate_plan: str
    adults: int = 1
    children: int = 0
    infants: int = 0
    nightly_prices: tuple[Decimal, ...] | None = None
    day_use: bool = False
    day_use_price: Decimal | None = None
    price_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """What somebody asks to book, in codes. `guest` is a known profile; otherwise name and phone find or make one.

    `contact_waiver` says why a profile without any contact is taken all the same; only history brought in by the product
    itself may give one.
    """

    arrival: date
    departure: date
    rooms: tuple[RoomRequest, ...]
    market: str
    source: str
    channel: str
    guest: Any = None
    guest_name: str = ""
    guest_phone: str = ""
    arrival_time: time | None = None
    wishes: str = ""
    external_reference: str = ""
    contact_waiver: str = ""


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """`total` is for all rooms asked for; `nightly` is the price of one room."""

    code: str
    name: str
    nightly: list[tuple[date, Decimal]]
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class TypeOffer:
    """`available` is the smallest number of rooms left on any of the nights, never below zero."""

    code: str
    name: str
    available: int
    plans: list[PlanOffer]


@dataclass(frozen=True, slots=True)
class Booked:
    """`voucher_token` opens the guest's voucher page. It is told once: only its digest is stored."""

    booking: Booking
    voucher_token: str


@dataclass(frozen=True, slots=True)
class Changed:
    """`difference` is the new price less the old one; `voucher_token` is empty when no new voucher was due."""

    booking_room: BookingRoom
    difference: Decimal
    voucher_token: str = ""


class TypeFacts(NamedTuple):
    id: int
    code: str
    name: str
    name_en: str
    max_adults: int
    max_guests: int
    retired_date: date | None


class PlanFacts(NamedTuple):
    id: int
    code: str
    name: str
    name_en: str
    kind: str
    currency: str
    members_only: bool
    public: bool
    breakfasts: int
    retired_date: date | None


@dataclass(frozen=True, slots=True)
class PricedRoom:
    """A room request after the server has looked up, checked and priced it."""

    asked: RoomRequest
    room_type: TypeFacts
    rate_plan: PlanFacts
    nights: list[tuple[date, Decimal]]
    total: Decimal
    overridden: bool


class Span(NamedTuple):
    """Nights [first, end) of a type, for so many rooms."""

    room_type_id: int
    first: date
    end: date
    rooms: int = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that does not say what the bookings say."""

    room_type: str
    date: date
    counter: str
    stored: int
    counted: int


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """Free until `free_until`; from then until `held_until` the guest gets `percent` of the first night back, later none.
    Later nights are always paid back in full. `has_grace` is false for a booking made too late to have any.
    """

    free_until: datetime
    held_until: datetime
    percent: Decimal
    has_grace: bool
