"""What channels ask of us: availability, and a booking. The addresses and their keys are fixed; money is text."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from kezhan.core.schemas import Amount, Code, Day, Filter, In, Out, answer, text, whole
from kezhan.outbox.api import idempotent
from kezhan.people.rest import require_scope

from . import api as reservations

router = Router(tags=["reservations"])


class AvailabilityQuery(Filter):
    """Nights [arrival, departure); `adults` are shared out over `rooms`."""

    arrival: Day
    departure: Day
    rooms: whole(1, 99) = 1  # type: ignore[valid-type]
    adults: whole(1, 999) = 1  # type: ignore[valid-type]


class NightOut(Out):
    date: Day
    price: Amount


class PlanOut(Out):
    """`nightly` is the price of one room, `total` that of all rooms asked for. Prices include tax."""

    code: str
    nightly: list[NightOut]
    total: Amount
    currency: str


class TypeOut(Out):
    """`available` is the number of rooms left on the tightest night, never below zero."""

    code: str
    name: str
    available: int
    rate_plans: list[PlanOut]


class AvailabilityOut(Out):
    room_types: list[TypeOut]


class RoomIn(In):
    """One room. The server prices it; a price sent along is an unknown field and refused."""

    room_type: Code
    rate_plan: Code
    adults: whole(1, 99) = 1  # type: ignore[valid-type]
    children: whole(0, 99) = 0  # type: ignore[valid-type]


class GuestIn(In):
    name: text(80, 1)  # type: ignore[valid-type]
    phone: Annotated[str, Field(min_length=5, max_length=30, pattern=r"^[0-9 +()-]+$")]


class BookingIn(In):
    arrival: Day
    departure: Day
    rooms: Annotated[list[RoomIn], Field(min_length=1, max_length=99)]
    guest: GuestIn
    market: Code
    source: Code
    channel: Code


class BookingOut(Out):
    """`voucher_url` opens the guest's voucher page; it is told once, only its digest is kept."""

    number: str
    status: str
    total: Amount
    currency: str
    voucher_url: str


@router.get(
    "/availability",
    response=AvailabilityOut,
    operation_id="get_availability",
    summary=cast(str, _("可订房型与价格")),
    description=cast(str, _("每晚有房、每晚有价的房型和公开价格。`available` 是最紧那一晚剩下的间数。")),
)
def get_availability(request: HttpRequest, code: Path[Code], query: Query[AvailabilityQuery]) -> HttpResponse:
    place = require_scope(request, "reservations.read", code)
    offers = reservations.availability(
        place, query.arrival, query.departure, rooms=query.rooms, adults=query.adults
    )
    # Plain dicts: the answer holds hundreds of nights, and validating our own rows costs more than finding them.
    body = json.dumps({"room_types": [_type(offer) for offer in offers]}, ensure_ascii=False)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _type(offer: reservations.TypeOffer) -> dict[str, Any]:
    return {
        "code": offer.code,
        "name": offer.name,
        "available": offer.available,
        "rate_plans": [
            {
                "code": plan.code,
                "nightly": [{"date": day.isoformat(), "price": str(price)} for day, price in plan.nightly],
                "total": str(plan.total),
                "currency": plan.currency,
            }
            for plan in offer.plans
        ],
    }


@router.post(
    "/bookings",
    response={201: BookingOut},
    operation_id="create_booking",
    summary=cast(str, _("预订")),
    description=cast(
        str,
        _(
            "按房价日历计价，当场占房并确认，返回客人凭证的链接。"
            "没有房：409 `reservations.sold_out`，并说明哪晚满、还剩什么。"
        ),
    ),
)
@idempotent
def create_booking(request: HttpRequest, code: Path[Code], body: Body[BookingIn]) -> HttpResponse:
    place = require_scope(request, "reservations.book", code)
    booked = reservations.book(
        place=place,
        request=_request(body),
        actor=request.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
        public_only=True,
    )
    link = reverse("voucher:page", args=[booked.voucher_token])
    booking = booked.booking
    return answer(
        BookingOut(
            number=booking.number,
            status=booking.status,
            total=booking.total,
            currency=booking.currency,
            voucher_url=request.build_absolute_uri(link),
        ),
        status=201,
    )


def _request(body: BookingIn) -> reservations.BookingRequest:
    rooms = tuple(reservations.RoomRequest(**room.model_dump()) for room in body.rooms)
    return reservations.BookingRequest(
        arrival=body.arrival,
        departure=body.departure,
        rooms=rooms,
        market=body.market,
        source=body.source,
        channel=body.channel,
        guest_name=body.guest.name,
        guest_phone=body.guest.phone,
    )
