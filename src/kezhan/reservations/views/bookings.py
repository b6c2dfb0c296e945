"""The list of bookings, and one booking with its nodes, rooms, vouchers and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import htmx
from kezhan.core.door import requires
from kezhan.core.errors import NotFound
from kezhan.core.money import ZERO
from kezhan.core.tables import Column, Listing
from kezhan.core.templatetags.kezhan import status_chip
from kezhan.guests import api as guests
from kezhan.reservations import documents, queries, rules
from kezhan.reservations.choices import AUTOMATIC, BookingStatus
from kezhan.reservations.forms import FilterForm
from kezhan.reservations.models import Booking

from .shared import may, tabs, today_of


@requires("reservations.read")
def bookings(request: HttpRequest) -> HttpResponseBase:
    today = today_of(request)
    form = FilterForm(request.GET or None, today=today)
    everything = Booking.objects.of(request.property)  # type: ignore[attr-defined]
    rows: QuerySet[Booking] = everything.select_related("guest", "source")
    if form.is_bound and form.is_valid():
        rows = _filtered(rows, form.cleaned_data)
    listing = Listing(request, rows, _columns(request), sort="-asked", name=_("预订"))
    if listing.wants_export:
        return listing.export()
    context = {
        "listing": listing,
        "form": form,
        "tabs": tabs(request, "bookings"),
        "may_book": may(request, "reservations.book"),
        "waiting": everything.filter(status=BookingStatus.UNDER_REVIEW).count(),
        "unconfirmed": everything.filter(status=BookingStatus.CONFIRMED, arrival_date__gte=today).count(),
    }
    return render(request, "reservations/bookings.html", context)


def _filtered(rows: QuerySet[Booking], given: dict[str, Any]) -> QuerySet[Booking]:
    if given["status"]:
        rows = rows.filter(status=given["status"])
    if given["first"]:
        rows = rows.filter(arrival_date__gte=given["first"])
    if given["last"]:
        rows = rows.filter(arrival_date__lte=given["last"])
    if text := given["q"].strip():
        rows = rows.filter(
            Q(number__iexact=text)
            | Q(external_reference=text)
            | Q(guest__name__startswith=text)
            | Q(guest__name_initials__startswith=text.lower())
        )
    return rows


def _columns(request: HttpRequest) -> list[Column]:
    def link(booking: Booking) -> Any:
        url = htmx.address(request, "reservations:booking", number=booking.number)
        return format_html('<a href="{}">{}</a>', url, booking.number)

    return [
        Column("number", _("预订号"), cell=link, sort=("number",)),
        Column("guest", _("客人"), lambda row: str(row.guest)),
        Column("status", _("状态"), lambda row: row.get_status_display(), cell=lambda row: status_chip(row.status, "reservations.booking")),
        Column("arrival", _("到店"), "arrival_date", sort=("arrival_date", "number"), kind="date"),
        Column("departure", _("离店"), "departure_date", kind="date"),
        Column("total", _("总价"), "total", kind="money"),
        Column("source", _("预订来源"), lambda row: str(row.source)),
        Column("asked", _("提出"), "asked_at", sort=("asked_at", "number"), kind="moment"),
    ]  # fmt: skip


@requires("reservations.read")
def booking(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "reservations/booking.html", page_context(request, number))


def page_context(request: HttpRequest, number: str) -> dict[str, Any]:
    row = queries.booking_by_number(request.property, number)  # type: ignore[attr-defined]
    now, today = timezone.now(), today_of(request)
    member = guests.membership(row.guest, today)
    return {
        "booking": row,
        "nodes": nodes(row),
        "rooms": [_room(room) for room in queries.rooms_of_booking(row)],
        "member": member,
        "phone": guests.masked_phone(row.guest),
        "vouchers": row.vouchers.order_by("-version"),
        "history": [{"event": event, "words": audit.words_of(event.verb)} for event in audit.events_of(row)],
        "grace": _grace(row, now),
        "steps": allowed_steps(request, row),
        "may_book": may(request, "reservations.book"),
        "today": today,
        "automatic": row.reviewed_by == AUTOMATIC,
        "tabs": tabs(request, "bookings"),
    }


def nodes(row: Booking) -> list[dict[str, Any]]:
    """The standard nodes with the time each was reached; a branch (cancelled, declined, not shown) ends the line."""
    line: list[tuple[Any, datetime | None]] = [
        (_("咨询"), row.asked_at),
        (_("资格核验"), row.eligible_at),
        (_("审核"), row.reviewed_at),
        (_("留房"), row.allotted_at),
        (_("确认"), row.confirmed_at),
        (_("客人核对"), row.guest_confirmed_at),
    ]
    if row.ended_at is not None:
        line.append((row.get_status_display(), row.ended_at))
    elif row.status == BookingStatus.IN_HOUSE:
        line.append((_("在住"), None))
    reached = [at is not None for _label, at in line]
    last = max((index for index, is_reached in enumerate(reached) if is_reached), default=0)
    return [
        {"label": label, "at": at, "reached": at is not None, "current": index == last}
        for index, (label, at) in enumerate(line)
    ]


def _room(room: Any) -> dict[str, Any]:
    doors = list(dict.fromkeys(night.room.number for night in room.room_nights.all()))
    return {"room": room, "doors": doors, "upgraded": room.room_type_id != room.inventory_type_id}


def _grace(row: Booking, now: datetime) -> dict[str, Any] | None:
    """What cancelling would cost now, and how long it stays free."""
    if row.confirmed_at is None or row.status not in rules.CONFIRMED:
        return None
    place = row.property
    terms = queries.terms_of(
        place, row.arrival_date, row.arrival_time, on=row.booked_business_date, confirmed_at=row.confirmed_at
    )
    left = terms.free_until - now
    return {
        "terms": terms,
        "free": terms.has_grace and now <= terms.free_until,
        "hours": max(int(left.total_seconds() // 3600), 0),
        "minutes": max(int(left.total_seconds() % 3600 // 60), 0),
        "fee": rules.cancellation_fee(queries.first_nights(row), terms, now) or ZERO,
    }


def allowed_steps(request: HttpRequest, row: Booking) -> set[str]:
    """Names of the actions that the state allows and this person may do."""
    by_state = {
        "eligibility": (BookingStatus.ELIGIBLE, "reservations.book"),
        "submit": (BookingStatus.ALLOTTED, "reservations.book"),
        "review": (BookingStatus.ALLOTTED, "reservations.review"),
        "confirm": (BookingStatus.CONFIRMED, "reservations.book"),
        "guest_confirmed": (BookingStatus.GUEST_CONFIRMED, "reservations.book"),
        "decline": (BookingStatus.DECLINED, "reservations.book"),
        "cancel": (BookingStatus.CANCELLED, "reservations.cancel"),
    }
    steps = {
        name
        for name, (to, right) in by_state.items()
        if rules.may_step(row.status, to) and may(request, right)
    }
    under_review = row.status == BookingStatus.UNDER_REVIEW
    steps -= {"submit"} if under_review else {"review"}
    if row.status in (BookingStatus.IN_HOUSE, BookingStatus.DEPARTED):
        steps -= {"confirm", "guest_confirmed"}
    if row.status in rules.CONFIRMED and may(request, "reservations.book"):
        steps.add("voucher")
    return steps


@requires("reservations.read")
def voucher(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """An earlier voucher as the guest was told it; without the link, which only the guest has."""
    row = queries.booking_by_number(request.property, number)  # type: ignore[attr-defined]
    found = row.vouchers.filter(version=version).select_related("property").first()
    if found is None:
        raise NotFound()
    content = found.content
    context = {
        "booking": row,
        "voucher": found,
        "content": content,
        "rooms": documents.voucher_lines(found),
        "terms": documents.terms_words(content["terms"], found.property),
        "arrival": datetime.fromisoformat(content["arrival"]).date(),
        "departure": datetime.fromisoformat(content["departure"]).date(),
    }
    return render(request, "reservations/voucher_version.html", context)
